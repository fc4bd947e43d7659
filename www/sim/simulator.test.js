// The simulator on a fake simulation, clock and frame: what runs when, and what the state says.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createStore } from "../store.js";
import { createSimulator, initialSimulator } from "./simulator.js";

/** @typedef {import("./experiment.js").Experiment} Experiment */

/** A simulation in which each event takes a second of virtual time and a tenth of a millisecond. */
class Fake {
  progress = { at: 0, duration: 1000, done: false };
  freed = false;
  asked = 0;

  /** @param {{ clock: number }} world @param {number} duration */
  constructor(world, duration) {
    this.world = world;
    this.progress.duration = duration;
  }

  /** @param {number} events */
  run(events) {
    assert.ok(!this.freed, "a simulation that was let go is not run");
    const at = Math.min(this.progress.duration, this.progress.at + events);
    this.world.clock += (at - this.progress.at) / 10;
    this.progress = { ...this.progress, at, done: at === this.progress.duration };
  }

  results() {
    this.asked += 1;
    return /** @type {import("./engine.js").Results} */ (/** @type {unknown} */ ({ upTo: this.progress.at }));
  }

  free() {
    this.freed = true;
  }
}

/** @param {Partial<Experiment>} [experiment] */
function simulator(experiment = {}) {
  const world = { clock: 0, slices: /** @type {(() => void)[]} */ ([]), made: /** @type {Fake[]} */ ([]) };
  const store = createStore(initialSimulator({ preset: "rocksdb", spec: {}, a: {}, b: null, ...experiment }));
  const make = (/** @type {Experiment} */ { spec }, /** @type {"a" | "b"} */ side) => {
    if (spec.write_mb_per_s === "x")
      throw { message: "write_mb_per_s = x: expected a number", field: "write_mb_per_s", expected: "a number" };
    const fake = new Fake(world, side === "b" ? 500 : 1000);
    world.made.push(fake);
    return fake;
  };
  const made = createSimulator(store, { make, now: () => world.clock, later: (slice) => world.slices.push(slice) });
  /** One frame. */
  const frame = () => {
    world.clock += 8;
    for (const slice of world.slices.splice(0)) slice();
  };
  const toEnd = () => {
    for (let i = 0; world.slices.length > 0; i += 1) {
      assert.ok(i < 10_000, "it never ends");
      frame();
    }
  };
  return { world, store, simulator: made, frame, toEnd };
}

test("a run goes in slices of a few milliseconds to its end; what it tells is taken over some times a second", () => {
  const { world, store, simulator: it, frame, toEnd } = simulator();
  it.toggle();
  assert.equal(store.get().phase, "running");
  assert.equal(world.made[0].progress.at, 0, "nothing runs before the page was drawn");
  const before = world.clock;
  frame();
  assert.ok(world.clock - before <= 8 + 8 + 6.4 + 1e-9, "a slice ends soon after its time is over");
  assert.ok(world.made[0].progress.at > 0);
  toEnd();
  assert.equal(store.get().phase, "done");
  assert.deepEqual([store.get().at, store.get().duration], [1000, 1000]);
  assert.deepEqual(store.get().results, [{ upTo: 1000 }]);
  assert.ok(world.made[0].asked <= 5, `told ${world.made[0].asked} times`);
});

test("paused, it stands still and shows how far it is; it goes on from there; reset lets it go", () => {
  const { world, store, simulator: it, frame, toEnd } = simulator();
  it.toggle();
  frame();
  it.toggle();
  const { at, results } = store.get();
  assert.equal(store.get().phase, "paused");
  assert.deepEqual(results, [{ upTo: at }]);
  toEnd();
  assert.equal(world.made[0].progress.at, at);
  it.toggle();
  toEnd();
  assert.equal(store.get().phase, "done");
  assert.equal(world.made.length, 1, "it went on, it did not begin again");
  it.reset();
  assert.deepEqual([world.made[0].freed, store.get().phase, store.get().results.length], [true, "idle", 0]);
});

test("two configurations keep to the same time, and both run to their end", () => {
  const { world, store, simulator: it, frame, toEnd } = simulator({ b: { compaction_style: "universal" } });
  it.begin();
  frame();
  frame();
  const [a, b] = world.made;
  assert.ok(Math.abs(a.progress.at - b.progress.at) <= 64, `${a.progress.at} and ${b.progress.at}`);
  toEnd();
  assert.deepEqual([a.progress.done, b.progress.done, store.get().results.length], [true, true, 2]);
});

test("at a pace, virtual time does not run ahead of it", () => {
  const { world, store, simulator: it, frame } = simulator();
  it.pace(100);
  it.begin();
  for (let i = 0; i < 20; i += 1) frame();
  const { at } = world.made[0].progress;
  assert.ok(at <= (world.clock / 1000) * 100 + 64, `${at} s after ${world.clock} ms`);
  it.pace(Number.POSITIVE_INFINITY);
  for (let i = 0; i < 50; i += 1) frame();
  assert.equal(store.get().phase, "done");
});

test("what can not be run says which field is wrong, and nothing is left behind", () => {
  const { world, store, simulator: it } = simulator({ spec: { write_mb_per_s: "x" } });
  it.begin();
  assert.deepEqual(
    [store.get().phase, store.get().trouble?.field, world.slices.length],
    ["failed", "write_mb_per_s", 0],
  );
  it.change({ spec: {} });
  assert.equal(store.get().trouble, null);
  it.begin();
  assert.equal(store.get().phase, "running");
});

test("a run that is begun again replaces the one before", () => {
  const { world, simulator: it, frame, toEnd } = simulator();
  it.begin();
  frame();
  it.begin();
  toEnd();
  assert.deepEqual(
    world.made.map((fake) => [fake.freed, fake.progress.done]),
    [
      [true, false],
      [false, true],
    ],
  );
});

test("a moment is looked at and a stretch of time viewed within the run", () => {
  const { store, simulator: it, toEnd } = simulator();
  it.begin();
  toEnd();
  it.look(300);
  assert.equal(store.get().cursor, 300);
  it.point(700);
  assert.equal(store.get().cursor, 700);
  it.point(null);
  assert.equal(store.get().cursor, 300, "what was chosen is looked at again when nothing is pointed at");
  it.look(2000);
  assert.equal(store.get().cursor, null, "the end is no moment of its own: it goes on");
  it.point(2000);
  assert.equal(store.get().cursor, 1000);
  it.point(null);
  assert.equal(store.get().cursor, null);
  it.view({ from: -5, to: 100 });
  assert.deepEqual(store.get().range, { from: 0, to: 100 });
  it.view({ from: 0, to: 5000 });
  assert.equal(store.get().range, null, "all of it");
});
