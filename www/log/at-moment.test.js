import { test } from "node:test";
import assert from "node:assert/strict";

import { openedSaid, saidAt } from "./at-moment.js";
import { clockOf, rateSaid } from "./log-charts.js";

/** @typedef {import("./log-film.js").LogFilm} LogFilm */

const FILM = /** @type {LogFilm} */ (
  /** @type {unknown} */ ({
    spans: [
      { job: 3, kind: "flush", from: null, to: 0, began: 1, ended: 3, read: 0, family: 0 },
      { job: 4, kind: "compaction", from: 0, to: 5, began: 2, ended: null, read: 2048, family: 1 },
    ],
    stalls: [{ kind: "stopped", reason: "level0", began: 2, ended: 6 }],
    report: {
      from: 10e6,
      changes: [],
      families: [
        { name: "default", options: { level0_stop_writes_trigger: "36" } },
        { name: "posts", options: {} },
      ],
      stalls: {
        episodes: [
          {
            from: 12e6,
            until: 16e6,
            stopped_micros: 500_000,
            delayed_micros: 3_000_000,
            cause: "level0",
            peak: 36,
            family: 0,
          },
        ],
      },
    },
  })
);

test("a moment says which jobs run, of which family, and why writes are held up", () => {
  assert.deepEqual(saidAt(FILM, 0.5), { jobs: "No job runs.", held: "" });
  const { jobs, held } = saidAt(FILM, 2.5);
  assert.equal(jobs, "Runs: a flush [default] for 1.5 s and a compaction L0→L5 [posts] of 2 KB for 500 ms.");
  assert.equal(
    held,
    "Writes are held up: up to 36 tables on level 0, stop at 36 (within 4 s, stopped 500 ms, limited 3 s).",
  );
  assert.equal(saidAt(FILM, 3).jobs, "Runs: a compaction L0→L5 [posts] of 2 KB for 1 s.");
  assert.equal(saidAt(FILM, 6).held, "");
});

test("moments are written by the log's own clock, with the day where it is long", () => {
  const at = (/** @type {number} */ hours) => Date.UTC(2026, 10, 28, hours, 30, 0) * 1000;
  const report = (/** @type {number} */ hours) =>
    /** @type {import("./log-film.js").LogReport} */ ({ from: at(14), until: at(14 + hours) });
  const short = clockOf(report(1));
  assert.equal(short.moment(61), "14:31:01");
  assert.equal(short.tick(60, 60), "14:31");
  assert.equal(short.offset, 14.5 * 3600);
  assert.match(clockOf(report(48)).moment(86_400), /Nov 29.*14:30:00/);
});

test("in a narrow view, moments and ticks have the digits of a second that they need", () => {
  const from = Date.UTC(2026, 10, 28, 14, 30, 0) * 1000 + 250_000;
  const report = /** @type {import("./log-film.js").LogReport} */ ({ from, until: from + 47e6 });
  assert.equal(clockOf(report, 600).moment(1), "14:30:01");
  assert.equal(clockOf(report, 8).moment(1), "14:30:01.25");
  assert.equal(clockOf(report, 0.02).moment(1.0003), "14:30:01.2503");
  assert.deepEqual(
    [0.75, 0.95].map((moment) => clockOf(report, 1).tick(moment, 0.2)),
    ["14:30:01.0", "14:30:01.2"],
  );
});

test("where few values of the charts are in view, it is said how far they are apart", () => {
  const report = (/** @type {number} */ period) =>
    /** @type {import("./log-film.js").LogReport} */ ({ period_seconds: period });
  assert.equal(rateSaid(report(1), 47), "");
  assert.equal(rateSaid(report(1), 5), "charts: 1 value/s");
  assert.equal(rateSaid(report(600), 3600), "charts: 1 value/10 min");
});

test("what was opened is said in a sentence, with the worst that went wrong", () => {
  const report = (/** @type {string[]} */ ...findings) =>
    /** @type {import("./log-film.js").LogReport} */ (
      /** @type {unknown} */ ({
        database: "RocksDB",
        release: "9.8.4",
        from: 5e6,
        until: 52e6,
        findings: findings.map((says) => ({ says })),
      })
    );
  const opened = "LOG is open: RocksDB 9.8.4, 47 s of log.";
  assert.equal(openedSaid(report(), "LOG"), `${opened} No rule found a fault.`);
  assert.equal(openedSaid(report("Writes were stopped."), "LOG"), `${opened} Writes were stopped.`);
  assert.equal(
    openedSaid(report("Writes were stopped.", "The log has an error."), "LOG"),
    `${opened} Writes were stopped. Findings besides: 1.`,
  );
});
