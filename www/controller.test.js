// What a person does, and what the state shows then: against a sandbox that tells three events for each command.

import assert from "node:assert/strict";
import { test } from "node:test";

import { opened } from "./fake-sandbox.mjs";

test("an open database is shown at the end of its recovery", async () => {
  const { store } = await opened();
  assert.equal(store.get().phase, "open");
  assert.equal(store.get().stage.position, 2);
});

test("a command is shown at its end, or at its first event where one steps into it", async () => {
  const { store, controller } = await opened();
  await controller.run("put a 1");
  assert.equal(store.get().stage.position, 5);
  await controller.run("put b 2", { into: true });
  assert.equal(store.get().stage.position, 6);
  assert.equal(store.get().shown.length, 8);
  assert.deepEqual(store.get().stage.script, ["put a 1", "put b 2"]);
  assert.equal(store.get().status.text, "did put b 2");
});

test("a refused command is in the console with its error, and not in the script", async () => {
  const { store, controller } = await opened();
  assert.equal(await controller.run("boom"), false);
  assert.equal(store.get().stage.log.at(-1)?.outcome?.error?.message, "unknown command");
  assert.deepEqual(store.get().status, { text: "unknown command", bad: true });
  assert.deepEqual(store.get().stage.script, []);
  assert.equal(store.get().busy, false);
});

test("what a line was refused for is not told any more while the next one runs", async () => {
  const { fake, store, controller } = await opened();
  await controller.run("long run");
  assert.deepEqual(store.get().status, { text: "this makes 75,000 flushes", bad: true });
  const run = fake.run.bind(fake);
  /** @type {unknown[]} */
  const told = [];
  fake.run = async (line) => {
    told.push(store.get().status);
    return run(line);
  };
  await controller.run("long run anyway");
  await controller.run("put a 1");
  assert.deepEqual(told, [
    { text: "Running…", bad: false },
    { text: "did long run anyway", bad: false, at: 5 },
  ]);
});

test("a command that fails says why and what can be done, and leaves the page usable", async () => {
  const { store, controller } = await opened();
  assert.equal(await controller.run("gone"), false);
  assert.equal(store.get().stage.log.at(-1)?.outcome?.error?.remedy, "Take over.");
  assert.equal(store.get().busy, false);
  assert.equal(await controller.run("put a 1"), true);
});

test("a script that was left is gone on with, dropped, or run to its end; a refused line leaves none", async () => {
  const { store, controller } = await opened();
  controller.enqueue("put a 1\nput b 2\nput c 3\nput d 4", "Tour");
  await controller.forward("operation");
  await controller.run("boom");
  assert.equal(store.get().stage.following, true);
  await controller.run("put mine 1");
  assert.equal(store.get().stage.following, false);
  controller.seek(3);
  controller.goOnWithScript();
  assert.deepEqual([store.get().stage.following, store.get().stage.position], [true, 8], "at the end it goes on");
  await controller.forward("operation");
  assert.deepEqual(store.get().stage.queue, ["put c 3", "put d 4"]);
  await controller.runRest();
  const script = ["put a 1", "put mine 1", "put b 2", "put c 3", "put d 4"];
  assert.deepEqual([store.get().stage.script, store.get().stage.queue], [script, []]);
  controller.enqueue("put e 5", "Tour");
  controller.leaveScript();
  await controller.forward("event");
  assert.deepEqual([store.get().stage.script, store.get().stage.queue], [script, []]);
});

test("past the end, a step runs no script that the person has left, until its next line is pressed", async () => {
  const { store, controller } = await opened();
  controller.enqueue("put a 1\nput b 2\nput c 3", "Tour");
  await controller.forward("operation");
  assert.equal(store.get().status.text, "Tour: put a 1: did put a 1");
  await controller.run("put mine 1");
  const { length } = store.get().shown;
  await controller.forward("event");
  assert.deepEqual([store.get().shown.length, store.get().stage.queue], [length, ["put b 2", "put c 3"]]);
  assert.match(store.get().status.text, /end of the timeline.*press its next line/);
  await controller.runNext(false);
  await controller.forward("operation");
  assert.deepEqual(store.get().stage.script, ["put a 1", "put mine 1", "put b 2", "put c 3"]);
});

test("stepping past the end runs the queue's next line and stands at its first event", async () => {
  const { store, controller } = await opened();
  controller.enqueue("put a 1\n# not this\nput b 2\n", "demo");
  await controller.forward("event");
  assert.deepEqual(store.get().stage.queue, ["put b 2"]);
  assert.equal(store.get().stage.position, 3);
  await controller.forward("event");
  assert.equal(store.get().stage.position, 4, "inside of the timeline, nothing is run");
  assert.deepEqual(store.get().stage.queue, ["put b 2"]);
});

test("stepping over an operation past the end runs the next line to its end", async () => {
  const { store, controller } = await opened();
  controller.enqueue("put a 1", "demo");
  await controller.forward("operation");
  assert.equal(store.get().stage.position, 5);
});

test("stepping never leaves the timeline", async () => {
  const { store, controller } = await opened();
  await controller.forward("event");
  assert.equal(store.get().stage.position, 2);
  for (let i = 0; i < 5; i += 1) controller.back("event");
  assert.equal(store.get().stage.position, 0);
});

test("what is not found is said, and the position stays", async () => {
  const { store, controller } = await opened();
  controller.find("false_positive", false);
  assert.equal(store.get().stage.position, 2);
  assert.equal(store.get().status.text, "No false positive after this moment.");
});

test("a very long line is kept whole in the script, and in part in the console", async () => {
  const { store, controller } = await opened();
  const line = `put a ${"v".repeat(100_000)}`;
  await controller.run(line);
  assert.deepEqual(store.get().stage.script, [line]);
  assert.equal(store.get().stage.log.at(-1)?.line.length, 4096);
});

test("event rows are asked for once: only the last, growing chunk again, once a command has run", async () => {
  const { fake, controller, store } = await opened();
  for (let i = 0; i < 100; i += 1) await controller.run("put a 1");
  assert.equal(store.get().shown.length, 302);
  assert.deepEqual(
    controller.events(250, 260).map((row) => row.index),
    [250, 251, 252, 253, 254, 255, 256, 257, 258, 259],
  );
  const before = fake.asked.length;
  controller.events(0, 10);
  assert.equal(fake.asked.length, before, "the first chunk is whole, and kept");
  controller.events(290, 302);
  assert.equal(fake.asked.length, before, "nothing has run since");
  await controller.run("put a 1");
  assert.deepEqual(
    controller.events(301, 305).map((row) => row.index),
    [301, 302, 303, 304],
  );
  controller.events(0, 10);
  assert.equal(fake.asked.length, before + 1);
});

test("lines that run by themselves are shown once, kept in the script; the last one is in the console", async () => {
  const { fake, controller, store } = await opened();
  const looks = fake.looks;
  const lines = Array.from({ length: 1000 }, (_, i) => `put key${i} value`);
  await controller.runAll([...lines, "boom", "put last 1"]);
  assert.ok(fake.looks - looks < 50, `${fake.looks - looks} looks: no look for each line`);
  assert.equal(store.get().stage.script.length, 1001, "what was refused is not run again");
  assert.equal(store.get().stage.log.length, 200);
  assert.deepEqual([store.get().stage.position, store.get().busy, store.get().scriptRun], [2 + 3 * 1001, false, null]);
});

test("a line that takes too long ends a series: the rest is queued", async () => {
  const { controller, store } = await opened();
  await controller.runAll(["put a 1", "long", "put b 2"]);
  assert.deepEqual([store.get().stage.script, store.get().stage.queue], [["put a 1"], ["put b 2"]]);
  assert.match(store.get().status.text, /75,000 flushes/);
  await controller.runAll(["long anyway"]);
  assert.equal(store.get().stage.script.length, 2);
});

test("answers of very many lines are not kept by the hundred", async () => {
  const { fake, controller, store } = await opened();
  const run = fake.run.bind(fake);
  fake.run = async (line) => ({ ...(await run(line)), text: "x".repeat(100_000) });
  await controller.runAll(Array.from({ length: 20 }, (_, i) => `scan ${i}`));
  const kept = store.get().stage.log.reduce((sum, { outcome }) => sum + (outcome?.text.length ?? 0), 0);
  assert.ok(kept <= 600_000, `${kept} characters`);
});

test("event rows are cached up to a limit, and those dropped can be asked for again", async () => {
  const { fake, controller, store } = await opened();
  fake.events_ = 256 * 100;
  await controller.run("put a 1");
  for (let from = 0; from < 256 * 100; from += 256) controller.events(from, from + 256);
  const before = fake.asked.length;
  controller.events(256 * 99, 256 * 100);
  assert.equal(fake.asked.length, before, "the last is kept");
  assert.equal(controller.events(0, 1)[0].index, 0);
  assert.equal(fake.asked.length, before + 1, "the first was let go");
  assert.equal(store.get().shown.length, 256 * 100 + 3);
});
