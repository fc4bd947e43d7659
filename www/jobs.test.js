// Jobs as the engine and the simulator tell them become the same spans.

import assert from "node:assert/strict";
import { test } from "node:test";

import { spanOf } from "./jobs.js";

const told = { job: 3, kind: "compaction", from_level: 1, to_level: 2, began: 1e9, ended: 3e9, read: 8, written: 7 };
const span = { job: 3, kind: "compaction", from: 1, to: 2, began: 1, ended: 3, read: 8, written: 7 };

test("a span is a job in seconds; what reads and writes nothing is a move", () => {
  assert.deepEqual(spanOf(told), span);
  assert.deepEqual(spanOf({ ...told, is_move: false }), span);
  assert.deepEqual(spanOf({ ...told, is_move: true }), { ...span, kind: "move" });
  for (const kind of ["move", "drop"]) assert.deepEqual(spanOf({ ...told, kind }), { ...span, kind: "move" });
  const flush = { ...told, kind: "flush", from_level: undefined, to_level: 0, ended: undefined };
  assert.deepEqual(spanOf(flush), { ...span, kind: "flush", from: null, to: 0, ended: null });
});
