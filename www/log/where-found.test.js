import assert from "node:assert/strict";
import { test } from "node:test";

import { whereFound, worstHeldUp } from "./where-found.js";

const second = 1e6;
/** Twenty seconds of a log that begins at its hundredth. */
const FILM = /** @type {import("./log-film.js").LogFilm} */ (
  /** @type {unknown} */ ({
    duration: 20,
    samples: {
      columns: {
        at: [0, 2, 4, 6, 8, 10, 20],
        level0: [3, 30, 5, 12, 20, 6, 6],
        stopped: [0, 0, 0.5, 0.2, 0, 0, 0],
        limited: [0, 1, 0, 0.9, 1, 0, 0],
      },
    },
    report: {
      from: 100 * second,
      until: 120 * second,
      stalls: {
        episodes: [
          { from: 102 * second, until: 103 * second, stopped_micros: 0, delayed_micros: second, cause: "level0" },
          {
            from: 104 * second,
            until: 110 * second,
            stopped_micros: second,
            delayed_micros: 4 * second,
            cause: "level0",
            beside: { from: 107 * second, until: 111 * second },
          },
        ],
      },
    },
  })
);
const at = (/** @type {string} */ kind, from = 100, until = 120) =>
  whereFound(
    FILM,
    /** @type {import("./where-found.js").LogFinding} */ (
      /** @type {unknown} */ ({ kind, from: from * second, until: until * second })
    ),
  );

test("a stall is shown where the job ran that its sentence names, at the worst moment", () => {
  assert.deepEqual(at("too_few_jobs", 102, 110), { moment: 9, range: { from: 2, to: 10 } });
});

test("a finding of the whole log is shown at the moment of its number, or at the end", () => {
  assert.deepEqual(at("level0_high"), { moment: 3, range: null });
  assert.deepEqual(at("tombstones"), { moment: 20, range: null });
  assert.equal(at("flushes_early"), null);
});

test("the worst moment of a stretch is where writes were stopped rather than limited", () => {
  assert.equal(worstHeldUp(FILM, { from: 0, to: 20 }), 5);
});
