// Write amplification with its bytes, and since when it counts.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fractionRocksdb, fractionUser, openingTitle, shares, since } from "./write-amplification.js";

const COUNTERS = /** @type {import("./write-amplification.js").Counters} */ ({
  user_bytes: 950,
  wal_bytes: 2030,
  flush_bytes: 4277,
  compaction_bytes_written: 5594,
  manifest_bytes: 1296,
});

/** @type {import("./write-amplification.js").Opening[]} */
const OPENINGS = [
  { index: 0, kind: "created", changes: [] },
  { index: 311, kind: "options_changed", changes: ["num_levels 7 -> 4"] },
  { index: 400, kind: "reopened", changes: [] },
];

test("both fractions stand with numerator and denominator in full", () => {
  assert.equal(fractionRocksdb(COUNTERS), "(4,277 + 5,594) / 4,277 = 2.31");
  assert.equal(fractionUser(COUNTERS), "(2,030 + 4,277 + 5,594) / 950 = 12.53");
  const nothing = { ...COUNTERS, flush_bytes: 0, compaction_bytes_written: 0 };
  assert.equal(fractionRocksdb(nothing), "(0 + 0) / 0 = –");
});

test("every byte written is listed, also those that count in neither", () => {
  const neither = shares(COUNTERS).filter((share) => share.rocksdb === share.user && /not/.test(share.user));
  assert.deepEqual(
    neither.map((share) => [share.name, share.bytes]),
    [["manifest", 1296]],
  );
});

test("it says since when it counts, and what came between, as of the position", () => {
  assert.equal(since(OPENINGS, 300), "since the beginning");
  assert.equal(since(OPENINGS, 312), "since the beginning · options changed at event 312 (num_levels 7 -> 4)");
  assert.match(since(OPENINGS, 500), /· options changed at event 312 .* · reopened at event 401$/);
  assert.equal(since([{ index: 0, kind: "opened", changes: [] }], 9), "since the page opened it");
  assert.equal(openingTitle(OPENINGS[1]), "Event 312: options changed: num_levels 7 -> 4");
});
