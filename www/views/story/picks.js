// Which compaction was picked, and why.

import { count, list, ratio } from "../../format.js";
import { say, sayCount } from "../../words.js";
import { sentences } from "./phrases.js";

/** @typedef {Extract<import("./phrases.js").Event, { type: "compaction_picked" }>} Picked */

/** @param {Picked} e @returns {import("./phrases.js").Story} */
export function pickStory({ job, compaction: c }) {
  const tables = c.inputs.reduce((n, input) => n + input.tables.length, 0);
  const values = {
    job,
    level: c.output_level,
    from: list(
      c.inputs.map(({ level, tables }) =>
        say("{tables} of level {level}", { tables: count(tables.length, "table"), level }),
      ),
    ),
  };
  const because = dueStory(c);
  switch (c.action) {
    case "drop":
      return {
        title: say("Compaction {job} picked: drop from L{level}", values),
        text: sentences(
          sayCount(
            tables,
            "{from} will be deleted unread, and what it holds is gone.",
            "{from} will be deleted unread, and what they hold is gone.",
            values,
          ),
          because,
        ),
        why: say(
          "FIFO compaction keeps what is newest and lets the rest go: for a cache, or a log of the last days. " +
            "Nothing is ever rewritten for it; what is dropped can no longer be read.",
        ),
      };
    case "move":
      return {
        title: say("Compaction {job} picked: move to L{level}", values),
        text: sentences(
          sayCount(
            tables,
            "{from} will move to level {level} as it is.",
            "{from} will move to level {level} as they are.",
            values,
          ),
          because,
        ),
        why:
          c.reason.rule === "moved_at_open"
            ? say(
                "With `level_compaction_dynamic_level_bytes` the last level is to hold most of the data, and levels " +
                  "above it only as much as they need. So an open moves whole levels down to where there is room, " +
                  "as RocksDB does in `DBImpl::Recover`: only the manifest changes, and not a byte is rewritten.",
              )
            : say(
                "Nothing on the next level overlaps, so there is nothing to merge: only the manifest changes, " +
                  "and not a byte is rewritten. This is a trivial move.",
              ),
      };
    case "merge":
      return {
        title: say("Compaction {job} picked: merge to L{level}", values),
        text: sentences(say("{from} will be merged into level {level}.", values), because),
        why: say(
          "Tables whose ranges overlap must all be searched by a read. Merging them into one sorted run " +
            "makes reads cheaper, drops what is dead, and costs rewriting: that is write amplification.",
        ),
      };
  }
}

/**
 * Why the level that a compaction takes from was due.
 * @param {Picked["compaction"]} compaction
 */
function dueStory({ inputs, reason }) {
  if (reason.rule === "moved_at_open") return say("There is room below, and dynamic levels fill up from the last one.");
  const score = reason.scores.find((s) => s.level === inputs[0]?.level);
  if (!score || score.score < 1) return "";
  return say("Level {level} is due: {formula}, a score of {score}.", {
    level: score.level,
    formula: score.formula.text,
    score: ratio(score.score),
  });
}
