// Every reason why a compaction ends an output, with words of its story.

/** @type {[import("../../lsmscope.js").CutReason, ...string[]][]} */
export const CUTS = [
  [{ rule: "target_size", size: 353, limit: 350 }, "353 B", "350 B are enough"],
  [
    { rule: "grandparent_boundary", size: 286, limit: 220, crossed: 1 },
    "286 B: 220 B are enough at 1 boundary crossed",
  ],
  [{ rule: "grandparent_boundary", size: 302, limit: 260, crossed: 3 }, "260 B are enough at 3 boundaries"],
  [{ rule: "max_compaction_bytes", size: 150, overlap: 1876, limit: 1500 }, "150 B", "1.8 KB", "more than `max_compac"],
  [{ rule: "skipped_grandparent", overlap: 308, limit: 43 }, "308 B of them begin, more than 43 B"],
  [{ rule: "round_robin_cursor" }, "round-robin compaction of its level begins with the next key"],
  [{ rule: "last_input" }, "the merge has no more entries"],
];
