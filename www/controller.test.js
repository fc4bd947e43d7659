// What a person does, and what the state shows then: against a sandbox that tells three events for each command.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createController } from "./controller.js";
import { initialState } from "./state.js";
import { createStore } from "./store.js";

/** @typedef {import("./sandbox.js").Trouble} Trouble */
/** @typedef {import("./sandbox.js").Sandbox} Sandbox */

/** A sandbox whose commands each make three events; `boom` is refused, `gone` fails. */
class Fake {
  events_ = 2;
  closed = false;
  /** @type {Trouble | null} */
  trouble_ = null;
  /** @type {(trouble: Trouble) => void} */
  lose = () => {};
  /** @type {[number, number][]} */
  asked = [];
  /** @type {string[]} */
  lines_ = [];

  /** @param {string} line */
  async run(line) {
    const first = this.events_;
    if (line === "gone") throw { kind: "busy", message: "another tab took over", remedy: "Take over." };
    if (line === "boom")
      return {
        ok: false,
        text: "",
        error: { message: "unknown command", start: 0, end: 4, remedy: "help" },
        first,
        last: first,
        exit: false,
      };
    if (line.startsWith("long") && !line.endsWith("anyway"))
      return {
        ok: false,
        text: "",
        error: { message: "this makes 75,000 flushes", start: 0, end: 0, remedy: "" },
        first,
        last: first,
        exit: false,
        estimate: { operations: 300_000, flushes: 75_000, instead: [] },
      };
    this.events_ += 3;
    this.lines_.push(line);
    return { ok: true, text: `did ${line}`, first, last: this.events_, exit: false };
  }
  /** @param {number} position */
  seek(position) {
    return { position, length: this.events_, start: 0, now: null };
  }
  length() {
    return this.events_;
  }
  /** @param {number} from @param {number} to */
  events(from, to) {
    this.asked.push([from, to]);
    return Array.from({ length: to - from }, (_, i) => ({ index: from + i }));
  }
  /** @param {number} from @param {string} _ @param {boolean} backwards */
  step(from, _, backwards) {
    return Math.max(0, Math.min(this.events_, from + (backwards ? -1 : 1)));
  }
  find() {
    return undefined;
  }
  async branch() {
    return sandbox(new Fake());
  }
  /** Each command made three events, after the two of the open. */
  operations() {
    return this.lines_.map((command, i) => ({ command, first: 2 + 3 * i, last: 4 + 3 * i }));
  }
  looks = 0;
  track() {
    this.looks += 1;
    return null;
  }
  samples() {
    return null;
  }
  onDrive() {}
  hasRun() {
    return false;
  }
  lanes() {
    return null;
  }
  options() {
    return {};
  }
  fullAt() {
    return null;
  }
  backend() {
    return { kind: "memory" };
  }
  trouble() {
    return this.trouble_;
  }
  /** @param {(trouble: Trouble) => void} listener */
  onLost(listener) {
    this.lose = listener;
  }
  async close() {
    this.closed = true;
  }
}

/** @param {Fake | undefined} fake */
function sandbox(fake) {
  return /** @type {Sandbox} */ (/** @type {unknown} */ (fake));
}

async function opened() {
  const fake = new Fake();
  const store = createStore(initialState());
  const controller = createController(store, async () => sandbox(fake));
  await controller.open({ backend: "memory" });
  return { fake, store, controller };
}

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
    { text: "did long run anyway", bad: false },
  ]);
});

test("a command that fails says why and what can be done, and leaves the page usable", async () => {
  const { store, controller } = await opened();
  assert.equal(await controller.run("gone"), false);
  assert.equal(store.get().stage.log.at(-1)?.outcome?.error?.remedy, "Take over.");
  assert.equal(store.get().busy, false);
  assert.equal(await controller.run("put a 1"), true);
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

test("lines that run by themselves are shown once, kept in the script and, the last of them, in the console", async () => {
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

test("no more than so many event rows are kept, and those let go can be had again", async () => {
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
