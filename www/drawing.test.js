// Drawings: at once when nothing else is to come, once a frame while commands run.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createDrawing } from "./drawing.js";

function drawn() {
  const world = { drawings: 0, busy: false, frames: /** @type {(() => void)[]} */ ([]) };
  const change = createDrawing({
    draw: () => (world.drawings += 1),
    busy: () => world.busy,
    later: (go) => world.frames.push(go),
  });
  return { world, change };
}

test("a change is drawn at once, all changes made in one go together", async () => {
  const { world, change } = drawn();
  change();
  change();
  await null;
  assert.equal(world.drawings, 1);
  change();
  await null;
  assert.equal(world.drawings, 2);
  assert.equal(world.frames.length, 0);
});

test("while commands run, a thousand changes are one drawing a frame, and the last of them is drawn", async () => {
  const { world, change } = drawn();
  world.busy = true;
  for (let i = 0; i < 1000; i += 1) {
    change();
    await null;
  }
  assert.equal(world.drawings, 1);
  world.frames.pop()?.();
  await null;
  assert.equal(world.drawings, 2, "what changed meanwhile");
  change();
  world.busy = false;
  change();
  await null;
  assert.equal(world.drawings, 3, "it is over, so it is drawn at once");
  world.frames.pop()?.();
  await null;
  assert.equal(world.drawings, 3, "nothing changed since");
});
