import assert from "node:assert/strict";
import { test } from "node:test";

import { openingMoment, openingSaid } from "./opening-moment.js";

const second = 1e6;

/**
 * Ten seconds of a log; level 0 has the most tables in its fourth, and writes are held up in the eighth.
 * @param {object[]} findings
 * @param {object[]} episodes
 */
const film = (findings, episodes) =>
  /** @type {import("./log-film.js").LogFilm} */ (
    /** @type {unknown} */ ({
      duration: 10,
      samples: { columns: { at: [0, 3, 4, 7, 8, 10], level0: [1, 9, 2, 5, 1, 1], stopped: [0, 0, 0, 1, 0, 0] } },
      report: { from: 0, until: 10 * second, findings, stalls: { episodes } },
    })
  );
const finding = (/** @type {string} */ kind) => ({ kind, from: 0, until: 10 * second });
const stall = { from: 7 * second, until: 8 * second, stopped_micros: second, delayed_micros: 0, cause: "other" };

test("a film opens where its first finding leads to, if it leads anywhere", () => {
  const opened = openingMoment(film([finding("flushes_early"), finding("level0_high")], [stall]));
  assert.deepEqual(opened, { moment: 3.5, why: "finding", finding: 2 });
  assert.equal(openingSaid(opened, "12:00:03"), "Opened at 12:00:03: finding 2.");
});

test("without a finding it opens within the worst stall, else at the end", () => {
  assert.deepEqual(openingMoment(film([], [stall])), { moment: 7.5, why: "stall" });
  assert.deepEqual(openingMoment(film([], [])), { moment: 10, why: "end" });
});
