// The editor: what the preview shows follows the text and the cursor.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createDrafts } from "./draft.js";
import { createEditing } from "./editing.js";

const TEXT = "---\nid: x\n---\n## One\nText.\n## Two\nText.\n";

/** @type {any} */
const MOMENTS = [{ name: "get_ended" }];

const noDrafts = () =>
  createDrafts(() => {
    throw new Error("blocked");
  });

/**
 * @param {string} [kind]
 * @param {ReturnType<typeof createDrafts>} [drafts] What an earlier visit has left.
 */
function opened(kind = "lesson", drafts = noDrafts()) {
  /** @type {(() => void)[]} */
  let waiting = [];
  /** @type {string[]} */
  const log = [];
  /** @type {any} */
  let shown = null;
  /** @type {any} */
  const player = {
    open: async (/** @type {any} */ _, /** @type {any} */ { beat }) => {
      shown = { beat, phase: "asking" };
      log.push(`open ${beat}`);
    },
    enter: async (/** @type {number} */ beat) => {
      shown = { beat, phase: "asking" };
      log.push(`enter ${beat}`);
    },
  };
  const read = (/** @type {string} */ text) => {
    const beats = [...text.matchAll(/^## /gm)];
    const check = async () => [];
    /** @type {any} */
    const lesson = {
      outline: () => ({ beats, kind, variants: 1 }),
      check,
      moments: async () => MOMENTS,
      free: () => {},
    };
    return text.includes("wrong") ? { findings: [/** @type {any} */ ("wrong")] } : { lesson, findings: [] };
  };
  /** @type {any} */
  const words = { blocks: [{ name: "predict" }] };
  const wait = (/** @type {() => void} */ act) => {
    waiting.push(act);
    return () => (waiting = waiting.filter((other) => other !== act));
  };
  const textOfFile = async (/** @type {File} */ file) => ({ text: await file.text() });
  const editing = createEditing({ words, read, textOfFile, player, shown: () => shown, drafts, wait });
  return {
    editing,
    drafts,
    log,
    async pause() {
      waiting.splice(0).forEach((act) => act());
      await new Promise((done) => setTimeout(done));
    },
  };
}

test("the preview shows the beat of the cursor, and begins again when that changes", async () => {
  const { editing, log, pause } = opened();
  editing.open(TEXT, "");
  await pause();
  editing.moveTo(TEXT.length);
  await pause();
  editing.change(TEXT.replace("One\nText.", "One\nOther."));
  await pause();
  assert.deepEqual(log, ["open 0", "open 1"], "another beat than that of the cursor has changed");
  editing.change(`${TEXT}More.`);
  await pause();
  assert.deepEqual(log, ["open 0", "open 1", "open 1"]);
});

test("while a text is no lesson the preview stays, and says that it is older", async () => {
  const { editing, log, pause } = opened();
  editing.open(TEXT, "");
  await pause();
  editing.change(`${TEXT}wrong`);
  await pause();
  const { isStale, findings } = editing.store.get();
  assert.deepEqual({ log, isStale, findings }, { log: ["open 0"], isStale: true, findings: ["wrong"] });
});

test("the moments are those of the question at the cursor, and none of a text with errors", async () => {
  const { editing, pause } = opened();
  const text = `${TEXT}\n\`\`\`predict number id=q\nask: x\n\`\`\`\n`;
  const listed = () => {
    const { names, moments, isLesson } = editing.store.get();
    return { names, moments: moments.length, isLesson };
  };
  editing.open(text, "");
  const inside = text.indexOf("ask:");
  editing.moveTo(inside);
  await pause();
  assert.deepEqual(listed(), { names: "stop", moments: 1, isLesson: true });
  editing.moveTo(0);
  assert.deepEqual(listed(), { names: "", moments: 0, isLesson: true }, "at once: a click would write it nowhere");
  editing.moveTo(inside);
  await pause();
  editing.change(`${text}wrong`);
  assert.deepEqual(listed(), { names: "stop", moments: 0, isLesson: false });
});

test("a text that takes the place of another can be brought back", () => {
  const { editing } = opened();
  editing.change(TEXT);
  editing.open("## Other", "deletes");
  assert.ok(editing.store.get().hasBefore);
  editing.bringBack();
  assert.equal(editing.store.get().text, TEXT);
  assert.equal(editing.store.get().hasBefore, false, "nothing that was typed is beside it");
});

test("a copy without changes pushes out no text that was typed", () => {
  const { editing } = opened();
  editing.change(TEXT);
  editing.open("## Copy", "deletes");
  editing.open("## Another", "scans");
  editing.open("", "");
  editing.bringBack();
  assert.equal(editing.store.get().text, TEXT);
});

test("of several texts that were typed, each can be brought back", () => {
  const { editing } = opened();
  for (const name of ["One", "Two", "Three"]) {
    editing.open(`## ${name}`, name);
    editing.change(`## ${name}, mine`);
  }
  const found = new Set();
  for (let turn = 0; turn < 3; turn += 1) {
    editing.bringBack();
    found.add(editing.store.get().text);
  }
  assert.deepEqual([...found].sort(), ["## One, mine", "## Three, mine", "## Two, mine"]);
});

test("a text that was set aside in an earlier visit can be brought back", () => {
  const earlier = opened();
  earlier.editing.change(TEXT);
  earlier.editing.open("## Other", "deletes");
  const { editing } = opened("lesson", earlier.drafts);
  editing.open("## Other", "deletes");
  assert.ok(editing.store.get().hasBefore);
  editing.bringBack();
  assert.equal(editing.store.get().text, TEXT);
});

test("a draft of an earlier visit is no text that was before", () => {
  const { editing, drafts } = opened();
  drafts.keep({ text: TEXT, from: "", isOwn: true });
  editing.open(TEXT, "");
  assert.equal(editing.store.get().hasBefore, false);
});

test("an empty text has no preview and no findings", async () => {
  const { editing, pause } = opened();
  editing.change(TEXT);
  await pause();
  editing.open("", "");
  const { hasPreview, findings, hasBefore } = editing.store.get();
  assert.deepEqual({ hasPreview, findings, hasBefore }, { hasPreview: false, findings: [], hasBefore: true });
});
