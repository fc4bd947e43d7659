// What a reload restores, and when leaving the page asks.

import assert from "node:assert/strict";
import { test } from "node:test";

import { branched, opened } from "./fake-sandbox.mjs";
import { createSavedSession, lostByLeaving, MAX_COMMANDS, notRestorable } from "./saved-session.js";

/** A tab's storage. */
function tab() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return {
    kept,
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ text) => void kept.set(key, text),
    removeItem: (/** @type {string} */ key) => void kept.delete(key),
  };
}

test("what was kept is the same session on another page, and is taken once", async () => {
  const storage = tab();
  const { store, controller } = await branched();
  controller.branches.go(1);
  createSavedSession(controller, storage).keep();

  const { fake, store: next, controller: other } = await opened();
  const saved = createSavedSession(other, storage);
  const { session } = saved.take();
  assert.ok(session);
  assert.equal(saved.take().session, null, "a session that ends the page is not restored twice");
  await saved.restore(session);
  assert.deepEqual(fake.lines_, ["put q 1", "put a 1", "put b 2"]);
  const { stage, branches, branch } = next.get();
  const were = store.get();
  assert.deepEqual(
    [stage.script, stage.queue, stage.queued, stage.queueTitle, stage.position, stage.following],
    [were.stage.script, ["put r 2"], ["put q 1", "put r 2"], "A script", 8, false],
  );
  assert.deepEqual([branches, branch], [were.branches, 1]);
  other.branches.go(2);
  assert.deepEqual([next.get().stage.script, next.get().stage.position], [["put q 1", "put a 1", "put c 3"], 6]);
});

test("a session knows the addresses that it had last: a reload may load one that was left meanwhile", async () => {
  const storage = tab();
  const { controller } = await opened();
  await controller.run("put a 1");
  const saved = createSavedSession(controller, storage);
  for (const fragment of ["#1", "#2", "#3", "#4", "#5"]) saved.leaveAddress(fragment);
  saved.keep();
  assert.deepEqual(saved.take().addresses, ["#2", "#3", "#4", "#5", ""]);
});

test("nothing is kept while a link is opened: a reload opens the link again", async () => {
  const storage = tab();
  const { controller } = await opened();
  await controller.run("put a 1");
  const saved = createSavedSession(controller, storage);
  await saved.whileLinking(async () => saved.keep());
  assert.equal(storage.kept.size, 0);
});

test("a session that is left while it is restored is kept as it was", async () => {
  const storage = tab();
  const { controller } = await opened();
  await controller.run("put a 1");
  const saved = createSavedSession(controller, storage);
  saved.keep();
  const { session } = saved.take();
  const restoring = saved.restore(/** @type {NonNullable<typeof session>} */ (session));
  saved.keep();
  assert.deepEqual(createSavedSession(controller, storage).take().session?.branches[0].script, ["put a 1"]);
  await restoring;
});

test("after a panic nothing is kept: the page offers to run the script again", async () => {
  const storage = tab();
  const { store, controller } = await opened();
  const saved = createSavedSession(controller, storage);
  saved.keep();
  store.set({ phase: "panicked" });
  saved.keep();
  assert.equal(storage.kept.size, 0);
});

test("what is in the way of a session is kept as data, and said when it is taken", async () => {
  const storage = tab();
  const { store, controller } = await opened();
  await controller.run("put a 1");
  store.setIn("stage", { script: Array.from({ length: MAX_COMMANDS + 1 }, () => "put a 1") });
  createSavedSession(controller, storage).keep();
  const kept = JSON.parse([...storage.kept.values()][0]);
  assert.deepEqual(kept.notKept, { why: "commands", commands: 5001 });
  const { session, notKept } = createSavedSession(controller, storage).take();
  assert.deepEqual([session, notKept], [null, "5,001 commands had run, and no more than 5,000 commands are run again"]);
});

test("leaving asks where commands run, or where nothing restores what was done", async () => {
  const { store, controller } = await opened();
  const lost = (keeps = true) => lostByLeaving(store.get(), controller.branches.all(), keeps);
  assert.equal(lost(false), "", "nothing was done");
  await controller.run("put a 1");
  assert.equal(lost(), "");
  assert.match(lost(false), /keeps nothing/);
  store.set({ scriptRun: { done: 1, of: 2 } });
  assert.match(lost(), /running/);
  store.set({ scriptRun: null });
  store.setIn("stage", { cancelled: true });
  assert.match(lost(), /cancelled/);
  store.setIn("stage", { cancelled: false, script: Array.from({ length: MAX_COMMANDS + 1 }, () => "put a 1") });
  assert.match(lost(), /5,001 commands had run/);
  assert.match(notRestorable(store.get(), controller.branches.all()), /no more than 5,000 commands/);
});
