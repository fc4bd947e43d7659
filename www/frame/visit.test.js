// A visit from its beginning to its end, as the page has it: what it opens, and what is reported of its state.

import assert from "node:assert/strict";
import { test } from "node:test";

import { settingsOf } from "./settings.js";
import { beginVisit } from "./visit.js";
import { initialState } from "../state.js";
import { createStore } from "../store.js";

/** @param {Record<string, string>} values What the platform has. */
function platform(values) {
  const API = {
    LMSInitialize: () => "true",
    LMSGetValue: (/** @type {string} */ element) => values[element] ?? "",
    LMSSetValue: (/** @type {string} */ element, /** @type {string} */ value) => ((values[element] = value), "true"),
    LMSCommit: () => "true",
    LMSFinish: () => "true",
    LMSGetLastError: () => "0",
    LMSGetErrorString: () => "",
  };
  const document = Object.assign(new EventTarget(), { hidden: true });
  const self = /** @type {any} */ (Object.assign(new EventTarget(), { API, document, opener: null }));
  self.parent = self;
  return { self, hide: () => document.dispatchEvent(new Event("visibilitychange")) };
}

/** @param {string} search @param {any} self @param {string} [fragment] */
const begin = (search, self, fragment = "#v=2&next=put+a+1%0Aflush") =>
  beginVisit({ settings: settingsOf(search), fragment, now: () => 0, trouble: () => {}, self });

test("without a platform and a host, the page is a plain page", async () => {
  const alone = /** @type {any} */ ({ opener: null });
  alone.parent = alone;
  for (const search of ["?report=scorm", "?report=splice", "?report=other", ""])
    assert.equal(await begin(search, alone), null, search);
});

test("it opens where the visit before ended, unless that is no moment that can be opened", async () => {
  const own = "#v=2&next=put+a+1%0Aflush";
  for (const [kept, opens] of [
    ["1;;v=2&script=put+a+1&next=flush", "#v=2&script=put+a+1&next=flush"],
    ["1;;", own],
    ["1;;v=9&script=put+a+1", own],
    ["1;;room=simulate&v=1", own],
    ["of another program", own],
  ]) {
    const { self } = platform({ "cmi.suspend_data": kept, "cmi.core.entry": "resume" });
    assert.equal((await begin("?report=scorm", self))?.fragment, opens, kept);
  }
});

test("a figure begins anew: its range is its link's", async () => {
  const { self } = platform({ "cmi.suspend_data": "1;;v=2&script=put+a+1", "cmi.core.entry": "resume" });
  assert.equal((await begin("?report=scorm&mode=figure", self, "#v=2&script=flush"))?.fragment, "#v=2&script=flush");
});

test("where the player stands is kept, and the end of the script completes it", async () => {
  /** @type {Record<string, string>} */
  const values = { "cmi.core.lesson_status": "not attempted" };
  const { self, hide } = platform(values);
  const visit = await begin("?report=scorm", self, "#v=2&next=put+a+1%0Atables%0Aflush");
  const store = createStore(/** @type {import("../state.js").State} */ ({ ...initialState(), phase: "open" }));
  /** @type {number[]} */
  const asked = [];
  visit?.follow({
    store,
    fragment: async (longest) => {
      asked.push(longest);
      return `v=2&at=${store.get().stage.position}`;
    },
    // `tables` only asks: it is in no timeline.
    isOperation: async (line) => line !== "tables",
    end: null,
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  await settled();
  store.setIn("stage", { position: 3, script: ["put a 1"] });
  store.setIn("stage", { position: 4 });
  await settled();
  hide();
  assert.equal(values["cmi.suspend_data"], "1;;v=2&at=4");
  assert.ok(asked.every((longest) => longest < 4096));
  assert.equal(values["cmi.core.lesson_status"], "incomplete");
  store.setIn("stage", { position: 9, script: ["put a 1", "flush"] });
  await settled();
  assert.equal(values["cmi.core.lesson_status"], "completed");
});
