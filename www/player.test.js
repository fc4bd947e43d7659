import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { createPlayer } from "./player.js";
import { createStore } from "./store.js";

/** @type {((now: number) => unknown)[]} */
let frames = [];
let now = 0;

beforeEach(() => {
  frames = [];
  now = 0;
  Object.assign(globalThis, {
    requestAnimationFrame: (/** @type {(now: number) => unknown} */ frame) => frames.push(frame),
  });
  performance.now = () => now;
});

/**
 * Lets time pass, frame by frame.
 * @param {number} seconds
 */
async function pass(seconds) {
  for (const end = now + seconds * 1000; now < end;) {
    now += 20;
    const due = frames;
    frames = [];
    for (const frame of due) await frame(now);
  }
}

/**
 * A player over events of these kinds, each of which takes a second beside the figure.
 * @param {string[]} kinds
 * @param {object} [patch]
 */
function playing(kinds, patch = {}) {
  const at = (/** @type {number} */ position) => ({
    view: { now: { type: kinds[position - 1] } },
    length: kinds.length,
  });
  const store = createStore(
    /** @type {any} */ ({
      stage: { position: 0, queue: [], following: true },
      shown: at(0),
      layout: "figure",
      speed: 1,
      pauseAt: "",
      playing: false,
      playsTo: null,
      ...patch,
    }),
  );
  const seek = (/** @type {number} */ position) => {
    store.setIn("stage", { position });
    store.setIn("shown", at(position));
  };
  const run = async () => (seek(1), true);
  const controller = /** @type {any} */ ({ store, seek, run, seconds: () => 1, forward: async () => {} });
  const position = () => store.get().stage.position;
  return { player: createPlayer(controller, () => 0), store, position };
}

test("each event is shown for its time, and playing ends behind the last", async () => {
  const { player, store, position } = playing(["a", "b", "c"]);
  player.play();
  await pass(0.1);
  assert.equal(position(), 1, "the first step is due at once");
  await pass(1);
  assert.equal(position(), 2);
  await pass(3);
  assert.deepEqual([position(), store.get().playing], [3, false]);
});

test("pressing play again and again plays no faster", async () => {
  const { player, position } = playing(Array(9).fill("a"));
  for (let i = 0; i < 4; i += 1) player.play();
  await pass(2.1);
  assert.equal(position(), 3);
});

test("it pauses after each operation, or at each decision, if that is chosen", async () => {
  const kinds = ["op_began", "compaction_picked", "merge_kept", "op_ended", "op_began"];
  for (const [pauseAt, expected] of [
    ["operation", 4],
    ["decision", 2],
  ]) {
    for (const layout of ["figure", "panels"]) {
      const { player, store, position } = playing(kinds, { pauseAt, layout });
      player.play();
      await pass(9);
      assert.deepEqual([position(), store.get().playing], [expected, false], `${pauseAt}, ${layout}`);
    }
  }
});

test("what a command did is played fast, and a press skips to its end", async () => {
  const { player, store, position } = playing(Array(20).fill("a"), { pauseAt: "operation" });
  await player.show("put a 1");
  await pass(1);
  assert.ok(position() > 4 && position() < 9, `five times as fast: ${position()}`);
  player.toggle();
  assert.deepEqual([position(), store.get().playing], [20, false]);
});
