// What the row of the job says while the device moves bytes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { flightText, inFlight } from "./job.js";

const flight = { began: 0, ends: 412e6, bytes_read: 0, bytes_written: 4096, behind: undefined };
const flush = /** @type {import("./job.js").Flying} */ ({
  job: 7,
  kind: "flush",
  compaction: undefined,
  memtables: [3],
  output_level: 0,
  flight,
});
const compaction = /** @type {import("./job.js").Flying} */ ({
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
  flight,
});

test("in flight is what was executed and not installed, but for what stands in the row itself", () => {
  const begun = { ...flush, job: 9, flight: undefined };
  const over = { ...flush, job: 6, installed: true };
  const jobs = [over, flush, compaction, begun];
  assert.deepEqual(inFlight({ job: undefined, jobs }), [flush, compaction]);
  assert.deepEqual(inFlight({ job: compaction, jobs }), [flush]);
});

test("a job in flight says what it is, and until when", () => {
  assert.deepEqual(flightText(flush, 0), { name: "flush 7", route: "memtable 3 → L0", until: "until 412 ms" });
  assert.deepEqual(flightText(compaction, 0), { name: "compaction 8", route: "L0 → L1", until: "until 412 ms" });
  assert.equal(flightText(flush, 500e6).until, "planned until 412 ms");
  const waits = { ...flush, flight: { ...flight, behind: 2 } };
  assert.equal(flightText(waits, 500e6).until, "done, waits for memtable 2");
  const never = { ...flush, flight: { ...flight, ends: 2 ** 63 } };
  assert.equal(flightText(never, 500e6).until, "never done: virtual time ends before");
});
