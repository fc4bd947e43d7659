// A history of a real database: what of it is read, and once more for another column family.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createHistories } from "./histories.js";
import { createViewer } from "./viewer.js";
import { emptyStage, initialState } from "./state.js";
import { createStore } from "./store.js";

/**
 * A timeline of `length` events.
 * @param {number} length
 */
function timeline(length) {
  const none = () => null;
  return /** @type {import("./timeline.js").Timeline} */ (
    /** @type {unknown} */ ({
      length: () => length,
      seek: (/** @type {number} */ position) => ({ position, length }),
      ...{ track: none, samples: none, openings: none, tickRuns: none, options: none, fullAt: none, lanes: none },
    })
  );
}

/** @param {{ isForeign?: boolean }} [log] `isForeign`: a LOG is of another database */
function page({ isForeign = false } = {}) {
  /** @type {{ text: string, log?: string, options?: string, family?: string }[]} */
  const reads = [];
  /** @type {import("./log/film-player.js").LogFiles[]} */
  const films = [];
  /** What each estimate has of the LOG. @type {(import("./history.js").MeasuredStalls | null)[]} */
  const measured = [];
  const store = createStore(initialState());
  const viewer = createViewer(store);
  const past = {
    advance: () => true,
    progress: () => ({ done: 1, of: 1 }),
    timeline: () => timeline(0),
    decision: () => null,
    decisionAt: () => null,
    comparison: () => ({ report: {}, options: [], differing: [] }),
    isLogForeign: () => isForeign,
    whatIf: (/** @type {string[]} */ _changes, /** @type {typeof measured[0]} */ stalls) => {
      measured.push(stalls);
      return { advance: () => true, progress: () => ({ done: 1, of: 1 }), result: () => ({}), withoutEffect: () => [] };
    },
  };
  const histories = createHistories(store, viewer, {
    enter: () => {},
    openLog: async (files) => films.push(files) > 0,
    closeLog: () => {},
    measuredStalls: () => ({ stopped: films.length, delayed: 0 }),
    read: async ({ bytes, options, log, family }) => {
      if (family === "reverse")
        throw Object.assign(new Error("column family reverse has the comparator idb_cmp1"), {
          kind: "unsupported",
          remedy: "Replay another column family: --family users.",
        });
      const text = (/** @type {Uint8Array} */ of) => new TextDecoder().decode(of);
      reads.push({ text: text(bytes), options, ...(log && { log: text(log) }), family });
      return /** @type {import("./history.js").History} */ (/** @type {unknown} */ (past));
    },
  });
  return { store, viewer, histories, reads, films, measured };
}

const manifest = new File(["the manifest"], "MANIFEST-000005");
const options = new File(['[CFOptions "default"]'], "OPTIONS-000007");

test("another column family is read from the same files", async () => {
  const { store, histories, reads } = page();
  assert.equal(await histories.open([manifest, options]), true);
  assert.equal(await histories.choose("users"), true);
  const both = { text: "the manifest", options: '[CFOptions "default"]' };
  assert.deepEqual(reads, [
    { ...both, family: undefined },
    { ...both, family: "users" },
  ]);
  assert.equal(store.get().stage.history?.options, "OPTIONS-000007");
});

test("an OPTIONS file that comes later is read with the last history", async () => {
  const { histories, reads } = page();
  await histories.open([manifest]);
  await histories.open([options]);
  assert.deepEqual(
    reads.map((read) => [read.text, read.options]),
    [
      ["the manifest", undefined],
      ["the manifest", '[CFOptions "default"]'],
    ],
  );
});

test("logs are read in the order in which they were written, packed or not, and stay with their history", async () => {
  const { store, histories, reads } = page();
  const line = (/** @type {string} */ what) => `2026/11/28-16:32:32.441791 42 ${what}`;
  const packed = new Blob([line("newer")]).stream().pipeThrough(new CompressionStream("gzip"));
  const newer = new File([await new Response(packed).blob()], "LOG.gz");
  const old = (/** @type {number} */ time) => new File([line(`of ${time}`)], `LOG.old.${time}`);
  await histories.open([newer, old(20), manifest, old(3)]);
  const log = [line("of 3"), line("of 20"), line("newer"), ""].join("\n");
  assert.deepEqual([reads[0].text, reads[0].log], ["the manifest", log]);
  assert.deepEqual(store.get().stage.history?.logs, ["LOG.old.3", "LOG.old.20", "LOG"]);
  await histories.open([options]);
  assert.deepEqual([reads[1].options, reads[1].log], ['[CFOptions "default"]', log]);
  await histories.open([old(10)]);
  const all = [line("of 3"), line("of 10"), line("of 20"), line("newer"), ""].join("\n");
  assert.deepEqual([reads[2].options, reads[2].log], ['[CFOptions "default"]', all]);
  await histories.open([new File(["another"], "MANIFEST-000009")]);
  assert.deepEqual([reads[3].text, reads[3].options, reads[3].log], ["another", undefined, undefined]);
});

test("a LOG alone is a film, and no history; with its MANIFEST, it is both", async () => {
  const { store, histories, reads, films } = page();
  const log = new File(["2026/11/28-16:32:32.441791 42 hello"], "LOG");
  await histories.open([log, options]);
  assert.deepEqual([reads.length, films.length, films[0].name, films[0].hasDecisions], [0, 1, "LOG", false]);
  assert.equal(store.get().logName, "LOG");
  await histories.open([manifest]);
  assert.equal(reads[0].log, "2026/11/28-16:32:32.441791 42 hello\n");
  // What happened comes first.
  assert.deepEqual([films[1].logs[0].file, films[1].hasDecisions], [log, true]);
  // Another database's LOG brings nothing of this one, whose decisions stay on the stage.
  await histories.open([new File(["2026/11/28-16:32:32.441791 42 other"], "LOG")]);
  assert.deepEqual([films[2].logs.length, films[2].options, films[2].hasDecisions], [1, undefined, false]);
  assert.equal(store.get().stage.history?.name, "MANIFEST-000005");
  await histories.showOwnLog();
  assert.deepEqual([films[3].logs[0].file, films[3].hasDecisions], [log, true]);
});

test("an estimate has what the film of its own LOG measured, in every family of it", async () => {
  const { histories, measured } = page();
  const log = new File(["2026/11/28-16:32:32.441791 42 hello"], "LOG");
  await histories.open([manifest]);
  await histories.whatIf.estimate("a=1");
  await histories.open([log]);
  await histories.whatIf.estimate("a=1");
  await histories.choose("users");
  await histories.open([new File(["2026/11/28-16:32:32.441791 42 other"], "LOG")]);
  await histories.whatIf.estimate("a=1");
  const own = { stopped: 1, delayed: 0 };
  assert.deepEqual(measured, [null, own, own]);
});

test("a LOG of another database is no film of the decisions", async () => {
  const { store, histories, films } = page({ isForeign: true });
  await histories.open([manifest, new File(["2026/11/28-16:32:32.441791 42 hello"], "LOG")]);
  assert.equal(films.length, 0);
  assert.equal(store.get().stage.history?.name, "MANIFEST-000005");
  await histories.showOwnLog();
  assert.equal(films[0].hasDecisions, false);
});

test("what is no history says what is missing, or that it cannot be unpacked", async () => {
  const { store, histories } = page();
  const problems = async (/** @type {File} */ file) => {
    assert.equal(await histories.open([file]), false);
    return store.get().historyOpening?.problem?.message ?? "";
  };
  assert.match(await problems(options), /alone is not a history/);
  assert.match(await problems(new File(["not packed"], "LOG.gz")), /^LOG\.gz cannot be read/);
});

test("a family that cannot be replayed says why, with a remedy of its own", async () => {
  const { store, histories } = page();
  await histories.open([manifest]);
  assert.equal(await histories.choose("reverse"), false);
  assert.deepEqual(store.get().historyOpening?.problem, {
    kind: "unsupported",
    message: "column family reverse has the comparator idb_cmp1",
    remedy: "Replay another column family: --family users.",
  });
  assert.equal(store.get().stage.history?.name, "MANIFEST-000005", "what was on the stage stays there");
});

test("what was on the stage is there again, as it was, when one goes back", async () => {
  const { store, viewer, histories } = page();
  const sandbox = Object.assign(timeline(9), {
    run: () => {},
    hasRun: () => true,
    trouble: () => null,
    close: async () => {},
  });
  const own = { ...emptyStage(), script: ["put a 1"], queue: ["get a"], position: 5, following: false };
  viewer.show(/** @type {import("./sandbox.js").Sandbox} */ (/** @type {unknown} */ (sandbox)), own);
  viewer.seek(5);
  store.setIn("tabs", { left: "workload", right: "inspect" });
  const { stage: before, tabs, status } = store.get();
  await histories.open([manifest]);
  await histories.choose("users");
  store.set({ status: { text: "No stall after this moment.", bad: true } });
  const { script, queue, position } = store.get().stage;
  assert.deepEqual([script, queue, position, store.get().tabs.right], [[], [], 0, "explain"]);
  assert.deepEqual([store.get().shown.length, store.get().shown.driven], [0, false]);
  assert.equal(viewer.sandbox(), null, "a history takes no commands");
  histories.leave();
  assert.deepEqual(store.get().stage, before);
  assert.deepEqual([store.get().tabs, store.get().status], [tabs, status]);
  assert.deepEqual([store.get().shown.length, store.get().shown.view?.position], [9, 5]);
  assert.equal(viewer.sandbox(), sandbox);
});
