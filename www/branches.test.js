// What is run again on a branch, and where the plug is pulled.

import assert from "node:assert/strict";
import { test } from "node:test";

import { forkAt, hasOwnLines, noBranch, plugLines, ranBy } from "./branches.js";
import { opened } from "./fake-sandbox.mjs";

/** Two whole commands and one that runs; the open took events 0 to 3. */
const OPERATIONS = /** @type {import("./branches.js").Operations} */ ([
  { op: 1, command: "put a 1", first: 4, last: 9, ok: true },
  { op: 2, command: "boom", first: 10, last: 11, ok: false },
  { op: 3, command: "put b 2", first: 12, last: undefined, ok: undefined },
]);

test("before the first command, nothing is run again", () => {
  assert.deepEqual(ranBy(OPERATIONS, 4), { done: [], command: null, into: 0 });
});

test("inside of a command, it is cut off after as many events as have happened", () => {
  const ran = ranBy(OPERATIONS, 7);
  assert.deepEqual(ran, { done: [], command: "put a 1", into: 3 });
  assert.deepEqual(plugLines(ran, "torn 7"), ["crash in 3 keep torn 7 during put a 1"]);
});

test("a command that was cut off already is cut off earlier, and one that cuts the power takes two lines", () => {
  const cut = (/** @type {string} */ command) => plugLines({ done: [], command, into: 2 }, "all");
  assert.deepEqual(cut("crash in 3 keep torn 7 during batch put during 1; del b"), [
    "crash in 2 keep all during batch put during 1; del b",
  ]);
  assert.deepEqual(cut("put during 1"), ["crash in 2 keep all during put during 1"]);
  assert.deepEqual(cut("crash keep 30"), ["crash in 2 keep all", "crash keep 30"]);
});

test("a line that is run inside of a command begins its branch before that command", () => {
  assert.deepEqual(
    [4, 7, 10, 14].map((at) => forkAt(OPERATIONS, at)),
    [4, 4, 10, 12],
  );
});

test("lines are the queue's while they come in its order; a question of the queue is no line", () => {
  const queued = ["put a 1", "stats", "put b 2", "get a"];
  assert.equal(hasOwnLines({ script: [], queued }), false);
  assert.equal(hasOwnLines({ script: ["put a 1", "put b 2"], queued }), false);
  assert.equal(hasOwnLines({ script: ["put b 2", "put a 1"], queued }), true);
  assert.equal(hasOwnLines({ script: ["put a 1", "put a 1"], queued }), true);
});

test("between two commands, the plug is pulled at once", () => {
  const ran = ranBy(OPERATIONS, 10);
  assert.deepEqual(ran, { done: ["put a 1"], command: null, into: 0 });
  assert.deepEqual(plugLines(ran, "all"), ["crash keep all"]);
});

test("a command that failed is run again too, and one that was running is cut off", () => {
  assert.deepEqual(ranBy(OPERATIONS, 14), { done: ["put a 1", "boom"], command: "put b 2", into: 2 });
});

test("what is no longer on record can not be run again", () => {
  const view = /** @type {import("./timeline.js").View} */ ({ start: 0 });
  assert.equal(noBranch({ fullAt: null, view }, 10), "");
  assert.equal(noBranch({ fullAt: 500, view }, 500), "");
  assert.match(noBranch({ fullAt: 500, view }, 501), /jobs only/);
  assert.match(noBranch({ fullAt: 500, view: { ...view, start: 64 } }, 100), /let go/);
});

test("a branch has a stage of its own, and the one that sleeps is there again as it was", async () => {
  const { fake, store, controller } = await opened();
  await controller.run("put a 1");
  await controller.run("put b 2");
  controller.enqueue("get a", "Tour");
  controller.select({ key: "a" });
  controller.seek(5);
  const first = store.get().stage;
  await controller.branches.runHere(["put c 3"], "from event 5");
  const { script, log, queue, selection } = store.get().stage;
  assert.deepEqual([script, queue, selection], [["put a 1", "put c 3"], ["get a"], null]);
  assert.equal(log.length, 2);
  assert.deepEqual([store.get().branch, store.get().shown.length], [2, 8]);
  const looks = fake.looks;
  controller.branches.go(1);
  assert.deepEqual(store.get().stage, first);
  assert.deepEqual([store.get().branch, store.get().shown.length, store.get().shown.view?.position], [1, 8, 5]);
  assert.equal(fake.looks, looks + 1, "what its timeline shows was not kept, but asked for again");
  controller.branches.go(2);
  assert.deepEqual(store.get().stage.script, ["put a 1", "put c 3"]);
});

test("a workload on a branch is watched as well: it shows how far it is, and can be cancelled", async () => {
  const { fake, store, controller } = await opened();
  await controller.run("put a 1");
  controller.seek(2);
  await controller.branches.runHere(["put c 3"], "from event 2");
  const watch = fake.branches_[0].watch_;
  assert.ok(watch, "it is watched");
  const first = watch({ done: 0.5, millis: 10, operations: 100 });
  assert.equal(store.get().drive?.done, 0.5);
  controller.drive.cancel();
  assert.equal(await first, false);
});
