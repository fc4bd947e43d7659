import assert from "node:assert/strict";
import { test } from "node:test";

import { withRunningJobs } from "./at-work.js";

/** @typedef {import("../jobs.js").Span} Span */

const span = (/** @type {object} */ what) => /** @type {Span} */ (/** @type {unknown} */ (what));

test("what a job wrote is spread over the time in which it ran, and the estimate holds until the next job ends", () => {
  const none = [0, 0, 0, 0, 0];
  const samples = {
    columns: { at: [0, 1, 2, 3, 4], flushed: none, compacted: none, pending: [7e6, 0, 0, 0, 0] },
    tables: [],
    bytes: [],
  };
  const { columns } = withRunningJobs(samples, [
    span({ kind: "compaction", began: 0.5, ended: 2.5, written: 4e6 }),
    span({ kind: "flush", began: 1.2, ended: 1.2, written: 1e6 }),
    span({ kind: "move", began: 3, ended: 3.5, written: 9e6 }),
  ]);
  assert.deepEqual(columns.compacted, [1, 2, 1, 0, 0]);
  assert.deepEqual(columns.flushed, [0, 1, 0, 0, 0]);
  // A flush ended in the second period, and told that nothing is pending.
  assert.deepEqual(columns.pending, [7e6, 0, 0, 0, 0]);
  const held = withRunningJobs(samples, [span({ kind: "compaction", began: 0.5, ended: 3.5, written: 3e6 })]);
  assert.deepEqual(held.columns.pending, [7e6, 7e6, 7e6, 0, 0]);
});
