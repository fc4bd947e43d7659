// While what is ahead is hidden, the state that views draw has nothing of it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createAhead, shownUpTo } from "./ahead.js";
import { opened } from "./fake-sandbox.mjs";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Shown} Shown */

/** A page on which three commands have run, two are queued, and the position is inside of the second. */
async function inside() {
  const { store, controller } = await opened();
  controller.enqueue("put later 1\nput last 2", "A script");
  for (const line of ["put a 1", "put b 2", "put c 3"]) await controller.run(line);
  await controller.run("boom");
  controller.hideAhead(true);
  controller.seek(6);
  return { store, controller };
}

test("nothing of what is ahead is in the state that is drawn; what was not understood is no event", async () => {
  const { store } = await inside();
  const { stage, shown, status } = createAhead()(store.get());
  assert.deepEqual(
    stage.log.map(({ line, outcome }) => [line, outcome?.text, outcome?.error?.message]),
    [
      ["put a 1", "did put a 1", undefined],
      ["put b 2", "…", undefined],
      ["boom", "", "unknown command"],
    ],
  );
  assert.deepEqual(stage.queue, ["…"]);
  assert.deepEqual([shown.length, shown.view?.length, shown.ahead], [6, 6, true]);
  assert.equal(status.text, "unknown command", "as it is about what was typed");
  store.set({ status: { text: "did put c 3", bad: false } });
  assert.equal(createAhead()(store.get()).status.text, "");
});

test("marks, samples, jobs and stalls end at the position", async () => {
  const { store } = await inside();
  const column = (/** @type {number[]} */ ...n) => Float64Array.from(n);
  store.setIn("shown", {
    view: /** @type {Shown["view"]} */ ({ now_nanos: 50 }),
    track: { kinds: Uint8Array.of(0, 1, 2), begins: column(1, 4, 7), ends: column(2, 9, 8), count: 3 },
    samples: /** @type {NonNullable<Shown["samples"]>} */ (
      /** @type {unknown} */ ({
        events: column(0, 6, 7),
        at_risk: column(1, 2, 3),
        level_tables: [column(4, 5, 6), column(7, 8, 9)],
      })
    ),
    lanes: /** @type {NonNullable<Shown["lanes"]>} */ (
      /** @type {unknown} */ ({
        now: 90,
        jobs: [
          { kind: "flush", event: 1, began: 10, ended: 20, row: 0, installed: true },
          { kind: "compaction", event: 5, began: 40, ended: 80, row: 1, installed: true },
          { kind: "flush", event: 6, began: 50, ended: 60, row: 2, installed: true },
        ],
        stalls: [{ event: 3, from: 30, to: 70 }],
        flush_rows: 3,
        other_rows: 4,
      })
    ),
    fullAt: 8,
    trouble: { kind: "no_space", message: "no space is left", remedy: "", lost: false },
  });
  const { shown } = createAhead()(store.get());
  const { track, samples, lanes } = shown;
  assert.deepEqual(track, { kinds: Uint8Array.of(0, 1), begins: column(1, 4), ends: column(2, 5), count: 2 });
  assert.deepEqual(samples, {
    events: column(0, 6),
    at_risk: column(1, 2),
    level_tables: [column(4, 5), column(7, 8)],
  });
  assert.deepEqual(
    lanes?.jobs.map(({ ended, installed }) => [ended, installed]),
    [
      [20, true],
      [undefined, false],
    ],
  );
  assert.deepEqual([lanes?.stalls[0].to, lanes?.now, lanes?.flush_rows, lanes?.other_rows], [undefined, 50, 1, 2]);
  assert.deepEqual([shown.fullAt, shown.trouble], [null, null]);
  store.setIn("shown", { trouble: { kind: "busy", message: "another tab took over", remedy: "", lost: true } });
  assert.ok(createAhead()(store.get()).shown.trouble, "what is no event of the database is told");
});

test("events are told up to the position, a selection from where it was made, branches without titles", async () => {
  const { store, controller } = await inside();
  assert.equal(shownUpTo(store.get()), 6);
  assert.equal(controller.events(0, 11).length, 6);
  controller.select({ key: "a" });
  const ahead = createAhead();
  assert.deepEqual(ahead(store.get()).stage.selection, { key: "a" });
  controller.seek(5);
  assert.equal(ahead(store.get()).stage.selection, null);
  store.set({
    branches: [
      { id: 1, title: "main" },
      { id: 2, title: "power cut at event 9" },
    ],
  });
  assert.deepEqual(
    ahead(store.get()).branches.map(({ title }) => title),
    ["main", "branch 1"],
  );
});

test("what has not changed is the same object, and without the mode all of it is", async () => {
  const { store, controller } = await inside();
  const ahead = createAhead();
  const before = ahead(store.get());
  store.set({ speed: 2 });
  assert.equal(ahead(store.get()).shown, before.shown);
  assert.equal(ahead(store.get()).stage, before.stage);
  controller.hideAhead(false);
  assert.equal(ahead(store.get()), store.get());
  assert.equal(controller.events(0, 11).length, 11);
});

test("an answer comes with the last event of its command, once the stage has reached that", async () => {
  const { store, controller } = await opened();
  const ahead = createAhead();
  await controller.run("put a 1");
  await controller.run("put b 2", { into: true });
  const told = () => {
    const { stage, status } = ahead(store.get());
    return [stage.log.map(({ outcome, waits }) => waits ?? outcome?.text), status.text];
  };
  assert.deepEqual(told(), [["did put a 1", 8], ""], "its first event has happened");
  controller.seek(7);
  assert.equal(ahead(store.get()).stage, ahead(store.get()).stage, "nothing is drawn again for it");
  controller.seek(8);
  const played = [["did put a 1", "did put b 2"], "did put b 2"];
  assert.deepEqual(told(), played);
  controller.seek(3);
  assert.deepEqual(told(), played, "what was answered stays");
  controller.seek(8);
  await controller.run("boom", { into: true });
  assert.equal(told()[1], "unknown command", "no event brings it");
});
