// A lesson before an audience: which screen is shown when its beats change.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createContext } from "./lesson-context.js";
import { createPresenting } from "./presenting.js";
import { createStore } from "../store.js";

/** A presentation of beats, each of one paragraph. @param {boolean[]} stars */
async function presented(...stars) {
  const text = { type: "text", nodes: [{ type: "paragraph", children: [{ type: "text", text: "Words." }] }] };
  const outline = { id: "x", kind: "lesson", beats: stars.map((lecture) => ({ lecture })) };
  /** @type {any} */
  const store = createStore({ lesson: { outline, phase: "asking", beat: 0, variant: 0, show: null, steps: [] } });
  /** @type {any} */
  const controller = { store, runAll: async () => {}, seek: () => {} };
  /** @type {any} */
  const player = { pause: () => {} };
  const context = createContext(controller, player, { keep: () => {}, tell: () => {}, now: () => 0 });
  context.take(/** @type {any} */ ({ present: async () => ({ opening: {}, items: [text] }), free: () => {} }));
  const way = { fresh: async () => true, playing: { playFrom: () => {} }, learn: async () => {}, addressed: () => {} };
  const presenting = createPresenting(context, /** @type {any} */ (way));
  await presenting.begin();
  const screen = () => {
    const { screens, at } = /** @type {import("./lesson-state.js").Show} */ (context.state().show);
    return screens[at]?.kind;
  };
  return { presenting, screen, context };
}

test("what was left is begun again where it was, until the learner has gone on or it has come to its end", async () => {
  const { presenting, screen, context } = await presented(true, true, true);
  const beat = () => context.state().beat;
  const learner = (/** @type {number} */ at) => context.set({ beat: at });
  await presenting.next();
  assert.equal(beat(), 1);
  await presenting.leave();
  learner(1);
  await presenting.begin();
  assert.equal(beat(), 1);
  await presenting.leave();
  learner(2);
  await presenting.begin();
  assert.equal(beat(), 2, "a learner who has gone on begins at their own beat");
  await presenting.next();
  assert.equal(screen(), "end");
  await presenting.leave();
  await presenting.begin();
  assert.equal(screen(), "tell", "the end is no place to begin");
});

test("when another beat becomes the last one, the end gives way to the screen before it", async () => {
  const { presenting, screen } = await presented(true, false);
  assert.equal(screen(), "tell");
  await presenting.next();
  assert.equal(screen(), "end");
  await presenting.toggleAll();
  assert.equal(screen(), "tell");
  await presenting.toggleAll();
  assert.equal(screen(), "tell");
  await presenting.next();
  assert.equal(screen(), "end");
});
