// Why a compaction ended an output table where it did. "Below" are the tables of the first deeper level that the
// compaction overlaps: the output's grandparents.

import { bytes, count } from "../../format.js";

/** @typedef {import("../../../lsmscope.js").CutReason} CutReason */
/** @typedef {{ text: string, why: string }} CutStory */

const BELOW = "It will be merged with the tables below one day";

/** @param {CutReason} cut @returns {CutStory} */
export function cutStory(cut) {
  switch (cut.rule) {
    case "target_size":
      return {
        text:
          `It ends here because it is full: its blocks have ${bytes(cut.size)}, ` +
          `and ${bytes(cut.limit)} are enough.`,
        why:
          "`target_file_size_base` says when an output is full. Where tables below overlap it, it may grow to twice " +
          "that, so that it can end where one of them does.",
      };
    case "grandparent_boundary":
      return {
        text:
          "It ends here because a table below begins or ends here, and its blocks have " +
          `${bytes(cut.size)}: ${bytes(cut.limit)} are enough at ` +
          `${count(cut.crossed, "boundary", "boundaries")} crossed.`,
        why:
          `${BELOW}, and meets no more of them than it must if it ends where they do. For that, half the target size ` +
          "is enough, and 5 % more for each boundary that it has crossed, up to 90 %.",
      };
    case "max_compaction_bytes":
      return {
        text:
          `It ends here because its blocks, ${bytes(cut.size)}, and the tables below that it overlaps, ` +
          `${bytes(cut.overlap)}, are more than \`max_compaction_bytes\`, ${bytes(cut.limit)}.`,
        why: `${BELOW}, and that merge must not become too large.`,
      };
    case "skipped_grandparent":
      return {
        text:
          "It ends here because the merge has no key for the next table below: up to its next key, " +
          `${bytes(cut.overlap)} of them begin, more than ${bytes(cut.limit)}.`,
        why:
          `${BELOW}. If it reached over that gap, a table that it has no key for would be rewritten too. ` +
          "An eighth of the target size is worth a cut.",
      };
    case "round_robin_cursor":
      return {
        text: "It ends here because the next round-robin compaction of its level begins with the next key.",
        why: "That compaction then finds a table that begins where it does.",
      };
    case "last_input":
      return { text: "It ends here because the merge has no more entries.", why: "" };
  }
}
