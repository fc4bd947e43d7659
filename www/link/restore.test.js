// A link's moment on the page: its scripts run, its positions are gone to, and what differs is said.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Fake, branched, opened, sandbox } from "../fake-sandbox.mjs";
import { createController } from "../controller.js";
import { initialState } from "../state.js";
import { createStore } from "../store.js";
import { momentOf } from "./moment.js";
import { restoreMoment } from "./restore.js";

/** A page, and all databases that were opened on it. */
function page() {
  /** @type {Fake[]} */
  const fakes = [];
  const store = createStore(initialState());
  const controller = createController(store, async () => sandbox((fakes.push(new Fake()), fakes.at(-1))));
  return { fakes, store, controller };
}

/** @param {import("../controller.js").Controller} controller */
const taken = (controller) => momentOf(controller.store.get(), controller.branches.all(), () => undefined);

test("the moment of one page is the same on another, with its branches and its view", async () => {
  const { store, controller } = await branched();
  store.set({ layout: "panels", stepInto: true });
  controller.zoom(() => ({ from: 0.25, to: 0.5 }));
  controller.select({ key: "a" });
  const moment = taken(controller);
  assert.deepEqual(
    moment.branches.map(({ script, at, facts }) => [script, at, facts]),
    [
      [["put q 1", "put a 1", "put b 2"], "8", "facts 8"],
      [["put q 1", "put a 1", "put c 3"], "6", "facts 6"],
    ],
  );

  const other = page();
  await restoreMoment(other.controller, moment);
  assert.deepEqual(taken(other.controller), moment);
  assert.equal(other.store.get().status.bad, false);
  assert.deepEqual(other.fakes[0].wary_, [true, false], "while the link's lines run, and then no more");
  assert.deepEqual(other.fakes[0].branches_[0].wary_, [false]);
});

test("where another thing stands now, the status says so", async () => {
  const { controller } = await opened();
  for (const line of ["put a 1", "put b 2"]) await controller.run(line);
  controller.seek(4);
  const moment = taken(controller);
  moment.branches[0].facts = "another";
  const other = page();
  await restoreMoment(other.controller, moment);
  assert.equal(other.store.get().stage.position, 4);
  assert.deepEqual(other.store.get().status, { text: "At 4, another thing stands now.", bad: true });
});

test("what takes too long waits in the queue, before what was queued", async () => {
  const { controller } = await opened();
  for (const line of ["put a 1", "put b 2", "put c 3"]) await controller.run(line);
  controller.enqueue("get a", "A script");
  controller.seek(4);
  const moment = taken(controller);
  const other = page();
  // The time is over when the second line runs.
  let over = () => {};
  const open = restoreMoment(other.controller, moment, (go) => {
    over = go;
    return () => {};
  });
  const stop = other.store.subscribe(() => {
    if (other.store.get().stage.log.length === 2) over();
  });
  await open;
  stop();
  const { stage, status } = other.store.get();
  assert.deepEqual(
    [stage.script, stage.queue],
    [
      ["put a 1", "put b 2"],
      ["put c 3", "get a"],
    ],
  );
  assert.equal(status.text, "The link's script has run for 30 seconds; 1 line of it waits in the queue.");
  assert.equal(stage.position, other.store.get().shown.length);
});

test("a line that the engine tells of instead of running it leaves those after it in the queue", async () => {
  const { controller } = await opened();
  for (const line of ["put a 1", "long anyway", "put c 3"]) await controller.run(line);
  const moment = taken(controller);
  moment.branches[0].script[1] = "long";
  const other = page();
  await restoreMoment(other.controller, moment);
  assert.deepEqual(other.store.get().stage.queue, ["put c 3"]);
});
