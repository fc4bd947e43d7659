// What the row of the job says while the device moves bytes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { scheduledText, scheduledJobs } from "./job.js";

const schedule = { began: 0, ends: 412e6, bytes_read: 0, bytes_written: 4096, behind: undefined };
const flush = /** @type {import("./job.js").ScheduledJob} */ ({
  job: 7,
  kind: "flush",
  compaction: undefined,
  memtables: [3],
  output_level: 0,
  schedule,
});
const compaction = /** @type {import("./job.js").ScheduledJob} */ ({
  job: 8,
  kind: "compaction",
  compaction: /** @type {import("../../lsmscope.js").Compaction} */ ({
    inputs: [
      { level: 0, tables: [1, 2] },
      { level: 1, tables: /** @type {number[]} */ ([]) },
    ],
  }),
  memtables: /** @type {number[]} */ ([]),
  output_level: 1,
  schedule,
});

test("scheduled are the jobs that were executed and not installed, except the current one", () => {
  const begun = { ...flush, job: 9, schedule: undefined };
  const over = { ...flush, job: 6, installed: true };
  const jobs = [over, flush, compaction, begun];
  assert.deepEqual(scheduledJobs({ job: undefined, jobs }), [flush, compaction]);
  assert.deepEqual(scheduledJobs({ job: compaction, jobs }), [flush]);
});

test("a scheduled job says what it is, and until when", () => {
  assert.deepEqual(scheduledText(flush, 0), { name: "flush 7", route: "memtable 3 → L0", until: "until 412 ms" });
  assert.deepEqual(scheduledText(compaction, 0), { name: "compaction 8", route: "L0 → L1", until: "until 412 ms" });
  assert.equal(scheduledText(flush, 500e6).until, "planned until 412 ms");
  const waits = { ...flush, schedule: { ...schedule, behind: 2 } };
  assert.equal(scheduledText(waits, 500e6).until, "done, waits for memtable 2");
  const never = { ...flush, schedule: { ...schedule, ends: 2 ** 63 } };
  assert.equal(scheduledText(never, 500e6).until, "never done: virtual time ends before");
});
