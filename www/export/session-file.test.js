// A session as a file: what is written is read again; what comes from anywhere is bounded and says what is wrong.

import assert from "node:assert/strict";
import { test } from "node:test";

import { MAX_COMMANDS } from "../saved-session.js";
import { parsed, written } from "./session-file.js";

/** @type {import("../saved-session.js").Session} */
const SESSION = {
  v: 1,
  config: { backend: "memory", preset: "teaching", options: { memtable_entries: "8" } },
  branches: [
    {
      title: "main",
      script: ["put a 1"],
      queue: ["put b 2"],
      queued: ["put a 1", "put b 2"],
      queueTitle: "Mine",
      position: 3,
      following: true,
      length: 9,
    },
  ],
  shown: 0,
  forms: { command: "ge", script: "" },
  pastOnly: false,
};

test("what is written is read again", () => {
  assert.deepEqual(parsed(written(SESSION)), SESSION);
});

test("a file never opens a stored database", () => {
  const stored = { ...SESSION, config: { backend: /** @type {const} */ ("indexeddb"), name: "theirs" } };
  assert.deepEqual(parsed(written(stored)).config.backend, "memory");
  assert.equal(parsed(written(stored)).config.name, undefined);
});

test("what is no session says so", () => {
  const [one] = SESSION.branches;
  const long = { ...SESSION, branches: [{ ...one, script: new Array(MAX_COMMANDS + 1).fill("flush") }] };
  const text = (/** @type {object} */ change) => JSON.stringify({ kind: "lsmscope session", ...SESSION, ...change });
  for (const [file, message] of /** @type {[string, RegExp][]} */ ([
    ["{", /not JSON/],
    ["null", /not a session/],
    ['{"kind":"other"}', /not a session/],
    [text({ v: 2 }), /version 2; this page reads version 1/],
    [text({ branches: [] }), /0 branches/],
    [text({ branches: [{ ...one, script: [1] }] }), /not a line/],
    [text({ branches: [{ ...one, script: ["put a 1\nput b 2"] }] }), /not a line/],
    [written(long), /5001 commands/],
  ])) {
    assert.throws(() => parsed(file), message);
  }
  const odd = parsed(text({ shown: 7, branches: [{ ...one, position: -4, title: 9 }] }));
  assert.deepEqual([odd.shown, odd.branches[0].position, odd.branches[0].title], [0, 0, ""]);
});
