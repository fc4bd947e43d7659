import assert from "node:assert/strict";
import { test } from "node:test";

import { createAhead } from "./ahead.js";
import { opened } from "./fake-sandbox.mjs";
import { redone, undone } from "./undo.js";

const OPERATIONS = /** @type {import("./undo.js").Operations} */ ([
  { op: 1, command: "put a 1", first: 2, last: 4, ok: true },
  { op: 2, command: "put b 2", first: 5, last: 7, ok: true },
]);

test("undo goes before the operation that has begun last, redo behind the one that is not over", () => {
  assert.equal(undone(OPERATIONS, 2), undefined);
  assert.deepEqual(
    [3, 5, 6, 8].map((at) => undone(OPERATIONS, at)?.first),
    [2, 2, 5, 5],
  );
  assert.deepEqual(
    [2, 4, 5, 7].map((at) => redone(OPERATIONS, at)?.last),
    [4, 4, 7, 7],
  );
  assert.equal(redone(OPERATIONS, 8), undefined);
});

test("a command after undo begins a branch that has what was not undone, and says so", async () => {
  const { store, controller } = await opened();
  await controller.run("put a 1");
  await controller.run("put b 2");
  controller.undo();
  assert.equal(store.get().stage.position, 5);
  assert.ok(await controller.run("put c 3"));
  const { stage, branch, status, shown } = store.get();
  assert.deepEqual([stage.script, branch, shown.length], [["put a 1", "put c 3"], 2, 8]);
  assert.match(status.text, /^did put c 3\. Run on a branch from event 5\.$/);
});

test("what is undone is there again with redo, and nothing has run", async () => {
  const { fake, store, controller } = await opened();
  await controller.run("put a 1");
  await controller.run("put b 2");
  await controller.run("undo");
  await controller.run("UNDO");
  assert.equal(store.get().stage.position, 2);
  controller.undo();
  assert.ok(store.get().status.bad, "nothing is before the first operation");
  await controller.run("redo");
  controller.redo();
  assert.deepEqual([store.get().stage.position, fake.lines_, store.get().branch], [8, ["put a 1", "put b 2"], 1]);
});

test("inside of the last operation, the next command runs at the end, and says so", async () => {
  const { store, controller } = await opened();
  await controller.run("put a 1");
  await controller.run("put b 2");
  controller.seek(6);
  await controller.run("put c 3");
  const { branch, stage, status } = store.get();
  const note = "Run after `put b 2`, which went on to its end first.";
  assert.deepEqual([branch, stage.script.length, stage.log.at(-1)?.note], [1, 3, note]);
  assert.equal(status.text, `did put c 3. ${note}`);
  await controller.run("put d 4");
  assert.equal(store.get().status.text, "did put d 4", "at the end nothing was left out");
});

test("a command that is given within another says that it runs before it, at once", async () => {
  const { store, controller } = await opened();
  await controller.run("put a 1");
  await controller.run("put b 2");
  controller.seek(3);
  await controller.run("put c 3", { into: true });
  const { stage, status } = store.get();
  const note = "Run before `put a 1`, which was half done: a branch from event 2.";
  assert.deepEqual([stage.script, stage.position, stage.reached], [["put c 3"], 3, 3]);
  assert.equal(stage.log.at(-1)?.note, note, "the console says it");
  assert.deepEqual([status.note, status.at], [note, 5], "until the answer comes");
  assert.equal(createAhead()(store.get()).status.text, note);
  controller.seek(5);
  assert.equal(createAhead()(store.get()).status.text, `did put c 3. ${note}`);
});
