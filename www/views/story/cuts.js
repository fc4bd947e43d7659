// Why a compaction ended an output table where it did. "Below" are the tables of the first deeper level that the
// compaction overlaps: the output's grandparents.

import { bytes, count } from "../../format.js";
import { say } from "../../words.js";

/** @typedef {import("../../../lsmscope.js").CutReason} CutReason */
/** @typedef {{ text: string, why: string }} CutStory */

/** @param {CutReason} cut @returns {CutStory} */
export function cutStory(cut) {
  switch (cut.rule) {
    case "target_size":
      return {
        text: say("It ends here because it is full: its blocks have {size}, and {limit} are enough.", {
          size: bytes(cut.size),
          limit: bytes(cut.limit),
        }),
        why: say(
          "`target_file_size_base` says when an output is full. Where tables below overlap it, it may grow to twice " +
            "that, so that it can end where one of them does.",
        ),
      };
    case "grandparent_boundary":
      return {
        text: say(
          "It ends here because a table below begins or ends here, and its blocks have {size}: " +
            "{limit} are enough at {boundaries} crossed.",
          {
            size: bytes(cut.size),
            limit: bytes(cut.limit),
            boundaries: count(cut.crossed, "boundary", "boundaries"),
          },
        ),
        why: say(
          "It will be merged with the tables below one day, and meets no more of them than it must if it ends where " +
            "they do. For that, half the target size is enough, and 5 % more for each boundary that it has crossed, " +
            "up to 90 %.",
        ),
      };
    case "max_compaction_bytes":
      return {
        text: say(
          "It ends here because its blocks, {size}, and the tables below that it overlaps, {overlap}, " +
            "are more than `max_compaction_bytes`, {limit}.",
          { size: bytes(cut.size), overlap: bytes(cut.overlap), limit: bytes(cut.limit) },
        ),
        why: say("It will be merged with the tables below one day, and that merge must not become too large."),
      };
    case "skipped_grandparent":
      return {
        text: say(
          "It ends here because the merge has no key for the next table below: up to its next key, " +
            "{overlap} of them begin, more than {limit}.",
          { overlap: bytes(cut.overlap), limit: bytes(cut.limit) },
        ),
        why: say(
          "It will be merged with the tables below one day. If it reached over that gap, a table that it has no key " +
            "for would be rewritten too. An eighth of the target size is worth a cut.",
        ),
      };
    case "round_robin_cursor":
      return {
        text: say("It ends here because the next round-robin compaction of its level begins with the next key."),
        why: say("That compaction then finds a table that begins where it does."),
      };
    case "last_input":
      return { text: say("It ends here because the merge has no more entries."), why: "" };
  }
}
