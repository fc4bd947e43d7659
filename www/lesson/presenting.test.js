// A lesson before an audience: which screen is shown when its beats change.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createContext } from "./lesson-context.js";
import { createPresenting } from "./presenting.js";
import { createStore } from "../store.js";

/** A presentation of beats, each of one paragraph. @param {boolean[]} stars */
async function presented(...stars) {
  const text = { type: "text", nodes: [{ type: "paragraph", children: [{ type: "text", text: "Words." }] }] };
  const outline = { kind: "lesson", beats: stars.map((lecture) => ({ lecture })) };
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
  return { presenting, screen };
}

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
