import assert from "node:assert/strict";
import { test } from "node:test";

import { valueAt } from "../sim/series.js";
import { chartsOf } from "./log-charts.js";

const film = (/** @type {Record<string, number[]>} */ columns) =>
  /** @type {import("./log-film.js").LogFilm} */ (
    /** @type {unknown} */ ({
      report: { database: "RocksDB", families: [{}] },
      samples: { columns: { at: [0, 10], ...columns }, tables: [], bytes: [] },
    })
  );

test("a log that tells of deletions has charts of them, in entries and in entries a second", () => {
  const drowning = film({
    deletions: [0, 340],
    entries: [0, 1000],
    flushed_deletions: [12, 12],
    dropped_entries: [0.2, 1500],
  });
  const { charts } = chartsOf(drowning);
  const shown = charts.find(({ chart }) => chart.name === "deletions")?.chart;
  assert.equal(shown?.said?.(drowning.samples, 10), "340, 34 %");
  const dropped = charts.find(({ chart }) => chart.name === "dropped")?.chart;
  assert.equal(dropped && valueAt(dropped, drowning.samples, 10), "1,500/s");
  const none = { deletions: [0, 0], entries: [0, 1000], flushed_deletions: [0, 0], dropped_entries: [0, 1500] };
  const names = chartsOf(film(none)).charts.map(({ chart }) => chart.name);
  assert.deepEqual(
    [names.includes("deletions"), names.includes("dropped"), names.includes("pending")],
    [false, false, true],
  );
});
