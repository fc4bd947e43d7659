// A workload under watch: it is shown as it goes, lets the browser draw, and ends when it is cancelled.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createDrive } from "./drive.js";
import { initialState } from "./state.js";
import { createStore } from "./store.js";

function watched() {
  const world = { clock: 1000, looks: 0, waiting: /** @type {(() => void)[]} */ ([]) };
  const store = createStore(initialState());
  const drive = createDrive(store, {
    look: () => (world.looks += 1),
    now: () => world.clock,
    later: (go) => world.waiting.push(go),
  });
  return { world, store, drive };
}

const progress = (/** @type {number} */ done) => ({ done, millis: done * 1000, operations: done * 100, samples: 0 });

test("it goes on at once within a slice, and waits for the browser after it", async () => {
  const { world, store, drive } = watched();
  drive.ready();
  const first = drive.watch(progress(0.1));
  assert.ok(first instanceof Promise, "that it runs is to be seen at once");
  assert.deepEqual(store.get().drive, { done: 0.1, millis: 100, operations: 10, left: null });
  world.waiting.pop()?.();
  assert.equal(await first, true);
  assert.equal(drive.watch(progress(0.2)), true);
  world.clock += 10;
  const later = drive.watch(progress(0.3));
  assert.equal(store.get().drive?.done, 0.3);
  world.waiting.pop()?.();
  assert.equal(await later, true);
  assert.equal(world.looks, 0, "a look costs more than a slice");
  world.clock += 300;
  drive.watch(progress(0.4));
  assert.equal(world.looks, 1);
});

test("the status says how far it is, in steps, and no longer what the line before was refused for", () => {
  const { world, store, drive } = watched();
  store.set({ status: { text: "this makes about 300,000 operations", bad: true } });
  drive.ready();
  const told = new Set();
  for (let done = 0; done < 0.35; done += 0.01) {
    drive.watch(progress(done));
    told.add(store.get().status.text);
    assert.equal(store.get().status.bad, false);
    world.clock += 100;
  }
  assert.deepEqual(
    [...told],
    [0, 10, 20, 30].map((percent) => `Running: ${percent} % of the workload.`),
  );
});

test("how long it goes on does not wander with the fits and starts of a run", () => {
  const { world, store, drive } = watched();
  drive.ready();
  // 0.01 a second on average: a second at five times the pace of the next four, which do a tenth of it together.
  let done = 0;
  const told = [];
  for (let second = 0; second < 60; second += 1) {
    for (let i = 0; i < 5; i += 1) {
      done += second % 5 === 0 ? 0.009 : 0.00025;
      world.clock += 200;
      drive.watch(progress(done));
    }
    if (second >= 20) told.push((store.get().drive?.left ?? 0) + second);
  }
  const [least, most] = [Math.min(...told), Math.max(...told)];
  assert.ok(least > 75 && most < 125, `ends after ${least} to ${most} s of 100`);
});

test("how long it goes on is told by the pace of the last seconds", () => {
  const { world, store, drive } = watched();
  drive.ready();
  for (let done = 0; done < 0.2; done += 0.01) {
    drive.watch(progress(done));
    world.clock += 100;
  }
  const left = store.get().drive?.left ?? 0;
  assert.ok(left > 7.5 && left < 8.5, `${left} s: 0.1 a second`);
  for (let done = 0.2; done < 0.3; done += 0.001) {
    drive.watch(progress(done));
    world.clock += 100;
  }
  assert.ok((store.get().drive?.left ?? 0) > 60, "it has become slower");
});

test("cancelled, it ends at the next question; the next command is not cancelled", async () => {
  const { world, store, drive } = watched();
  drive.ready();
  const asked = drive.watch(progress(0.1));
  drive.cancel();
  world.waiting.pop()?.();
  assert.equal(await asked, false);
  assert.equal(drive.watch(progress(0.2)), false);
  drive.over();
  assert.equal(store.get().drive, null);
  drive.ready();
  assert.notEqual(drive.watch(progress(0.1)), false);
});
