// A recording in the place of the engine: nothing is lost and nothing runs twice, whenever the engine arrives or fails.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { SCRIPTS } from "./scripts.js";
import { StandIn, answeredAgain } from "./stand-in.js";

/** A recording of `lines`, and the engine that it stands in for. */
function world(lines = ["put a 1", "put b 2"]) {
  const left = [...lines];
  /** @type {string[]} */
  const ran = [];
  let closed = 0;
  const recording = {
    run: (/** @type {string} */ line) => (left[0] === line ? { ok: true, text: `played ${left.shift()}` } : undefined),
    timeline: () => ({ seek: () => "recorded", length: () => lines.length - left.length }),
  };
  const engine = {
    run: async (/** @type {string} */ line) => (ran.push(line), { ok: true, text: `ran ${line}` }),
    timeline: () => ({ seek: (/** @type {number} */ at) => `engine at ${at}`, length: () => ran.length }),
    close: async () => void (closed += 1),
  };
  let waits = 0;
  /** @type {(() => void)[]} */
  const arrivals = [];
  /** @type {string[]} */
  const failures = [];
  const open = () =>
    new Promise((resolve, reject) => {
      const failure = failures.shift();
      if (failure) reject(new Error(failure));
      else arrivals.push(() => resolve(engine));
    });
  const standIn = new StandIn(/** @type {any} */ (recording), /** @type {any} */ (open), () => (waits += 1));
  const arrive = () => arrivals.splice(0).forEach((go) => go());
  return { standIn, ran, failures, arrive, waits: () => waits, closed: () => closed };
}

test("recorded lines are played without the engine, and run in it when it arrives", async () => {
  const { standIn, ran, arrive } = world();
  assert.equal((await standIn.run("put a 1")).text, "played put a 1");
  const record = standIn.timeline();
  assert.equal(record.seek(1), "recorded");
  const arriving = standIn.arrive();
  assert.equal((await standIn.run("put b 2")).text, "played put b 2");
  arrive();
  await arriving;
  assert.deepEqual(ran, ["put a 1", "put b 2"]);
  assert.equal(record.seek(1), "engine at 1", "the same timeline goes on in the engine");
});

test("when the engine has arrived, the console has its answers, in the page's language", async () => {
  const { standIn, arrive } = world();
  const exchange = async (/** @type {string} */ line, /** @type {number} */ id) => ({
    id,
    line,
    outcome: await standIn.run(line),
  });
  const log = [await exchange("put a 1", 1), { id: 2, line: "help", outcome: null }, await exchange("put b 2", 3)];
  assert.deepEqual(answeredAgain(log, standIn.answered), log, "nothing is answered before");
  const arriving = standIn.arrive();
  arrive();
  await arriving;
  assert.deepEqual(
    answeredAgain(log, standIn.answered).map(({ outcome }) => outcome?.text),
    ["ran put a 1", undefined, "ran put b 2"],
  );
});

test("another line waits for the engine, runs after those before it, and once", async () => {
  const { standIn, ran, arrive, waits } = world();
  await standIn.run("put a 1");
  const running = standIn.run("put own 3");
  assert.equal(waits(), 1);
  arrive();
  assert.equal((await running).text, "ran put own 3");
  assert.deepEqual(ran, ["put a 1", "put own 3"]);
  assert.equal((await standIn.run("put b 2")).text, "ran put b 2", "the recording has been left");
});

test("without an engine, the recording goes on, and a later line tries again", async () => {
  const { standIn, ran, failures, arrive } = world();
  failures.push("offline");
  await assert.rejects(() => standIn.run("put own 3"), /offline/);
  assert.equal((await standIn.run("put a 1")).text, "played put a 1");
  const again = standIn.run("put own 3");
  arrive();
  assert.equal((await again).text, "ran put own 3");
  assert.deepEqual(ran, ["put a 1", "put own 3"]);
});

test("one that is closed says so, and closes the engine that has arrived", async () => {
  const first = world();
  await first.standIn.close();
  assert.ok(first.standIn.isClosed);
  const { standIn, arrive, closed } = world();
  const arriving = standIn.arrive();
  arrive();
  await arriving;
  await standIn.close();
  assert.equal(closed(), 1);
});

test("what is recorded is the first tour, line by line", () => {
  const recorded = readFileSync(new URL("../tests/scripts/tour.lsm", import.meta.url), "utf8");
  assert.deepEqual(SCRIPTS[0].lines, recorded.trimEnd().split("\n"));
});
