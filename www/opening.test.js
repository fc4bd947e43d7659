// Opening a database, losing it, and opening it again: what is shown, and what is kept of what was typed.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createController } from "./controller.js";
import { EngineStopped } from "./engine-stopped.js";
import { Fake, opened, sandbox } from "./fake-sandbox.mjs";
import { initialState } from "./state.js";
import { createStore } from "./store.js";

/** @typedef {import("./sandbox.js").Trouble} Trouble */
/** @typedef {import("./sandbox.js").Sandbox} Sandbox */

test("a database that is refused leaves a reason and a remedy, and the next open works", async () => {
  const store = createStore(initialState());
  let free = false;
  const controller = createController(store, async () => {
    if (!free) throw { kind: "busy", message: "another tab has it", remedy: "Take over." };
    return sandbox(new Fake());
  });
  assert.equal(await controller.open({ backend: "indexeddb" }), false);
  assert.equal(store.get().phase, "refused");
  assert.equal(store.get().problem?.kind, "busy");
  free = true;
  assert.equal(await controller.open({ backend: "indexeddb", take_over: true }), true);
  assert.equal(store.get().phase, "open");
});

test("opening another database closes the one before", async () => {
  const { fake, controller } = await opened();
  await controller.open({ backend: "memory" });
  assert.ok(fake.closed);
});

/** A stored database in which `put a 1` was run; a line is queued, another one half typed. */
async function typedInto() {
  const store = createStore(initialState());
  /** @type {Fake[]} */
  const fakes = [];
  /** @type {import("./sandbox.js").OpenConfig[]} */
  const asked = [];
  const controller = createController(store, async (config) => {
    asked.push(config);
    fakes.push(
      Object.assign(new Fake(), {
        backend: () => ({ kind: config.backend, name: config.name, durability: "strict" }),
        options: () => ({ num_levels: 4 }),
      }),
    );
    return sandbox(fakes.at(-1));
  });
  await controller.open({ backend: "indexeddb", name: "mine", preset: "teaching" });
  await controller.run("put a 1");
  controller.enqueue("put b 2", "Your script");
  store.setIn("forms", { command: "put c" });
  return { store, controller, fakes, asked };
}

/** @type {Trouble} */
const TAKEN = { kind: "busy", message: "another tab took over", remedy: "Take over.", lost: true };

test("a database that is lost is told of at once, and stops what is playing", async () => {
  const { store, fakes } = await typedInto();
  store.set({ playing: true });
  fakes[0].lose(TAKEN);
  assert.deepEqual(store.get().shown.trouble, TAKEN);
  assert.equal(store.get().phase, "open", "the timeline goes on");
  assert.equal(store.get().playing, false);
});

test("what another database loses is no trouble of this one", async () => {
  const { store, controller, fakes } = await typedInto();
  await controller.open({ backend: "memory" });
  fakes[0].lose(TAKEN);
  assert.equal(store.get().shown.trouble, null);
});

test("taken back, the same database keeps all that was typed and run, and its options", async () => {
  const { store, controller, fakes, asked } = await typedInto();
  fakes[0].lose(TAKEN);
  assert.equal(await controller.openAgain(true), true);
  const { shown, stage, forms, config } = store.get();
  const { log, script, queue } = stage;
  assert.deepEqual(
    [shown.trouble, log.length, script, queue, forms.command],
    [null, 1, ["put a 1"], ["put b 2"], "put c"],
  );
  assert.deepEqual([asked[1].name, asked[1].take_over, asked[1].options], ["mine", true, { num_levels: "4" }]);
  assert.equal("take_over" in config, false, "the next opening asks again");
});

test("in memory instead, what was run is queued before the rest", async () => {
  const { store, controller, fakes, asked } = await typedInto();
  fakes[0].lose(TAKEN);
  await controller.openInMemory();
  const { log, script, queue } = store.get().stage;
  assert.deepEqual([log.length, script, queue, store.get().forms.command], [1, [], ["put a 1", "put b 2"], "put c"]);
  assert.deepEqual(asked[1], {
    backend: "memory",
    preset: "teaching",
    options: { num_levels: "4" },
    take_over: undefined,
  });
});

test("a queued line that the storage refuses is still to run; one that is wrong is used up", async () => {
  const { store, controller, fakes } = await typedInto();
  controller.enqueue("gone\nput d 4", "demo");
  assert.equal(await controller.runNext(false), false);
  assert.deepEqual(store.get().stage.queue, ["put d 4"], "where there is no trouble, it is used up");
  fakes[0].trouble_ = { ...TAKEN, lost: false };
  controller.enqueue("gone\nput d 4", "demo");
  store.set({ playing: true });
  assert.equal(await controller.runNext(false), false);
  assert.deepEqual(store.get().shown.trouble, fakes[0].trouble_);
  assert.deepEqual([store.get().stage.queue, store.get().playing], [["gone", "put d 4"], false]);
  controller.enqueue("boom\nput d 4", "demo");
  await controller.runNext(false);
  assert.deepEqual(store.get().stage.queue, ["put d 4"]);
});

test("an opening that was given up does not come in between later", async () => {
  const store = createStore(initialState());
  const late = new Fake();
  /** @type {(fake: Sandbox) => void} */
  let answer = () => {};
  const controller = createController(store, (config) =>
    config.backend === "memory" ? Promise.resolve(sandbox(new Fake())) : new Promise((resolve) => (answer = resolve)),
  );
  const waiting = controller.open({ backend: "indexeddb", name: "stuck" });
  await new Promise((next) => setTimeout(next));
  assert.equal(store.get().phase, "opening");
  assert.equal(await controller.openInMemory(), true);
  answer(sandbox(late));
  assert.equal(await waiting, false);
  assert.equal(store.get().stage.backend?.kind, "memory");
  assert.ok(late.closed, "it lets go of the database");
});

test("once the engine has stopped, nothing is opened any more: the page says so until it is reloaded", async () => {
  const { fake, store, controller } = await opened();
  store.set({ phase: "panicked" });
  fake.close = () => {
    throw new EngineStopped("The engine has stopped");
  };
  assert.equal(await controller.open({ backend: "memory" }), false);
  assert.equal(store.get().phase, "panicked");
});
