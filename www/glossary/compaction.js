// Terms of compaction: its styles, and what it weighs.

import { say } from "../words.js";
import { group } from "./group.js";

export const COMPACTION = group(say("Compaction"), [
  [
    say("Compaction"),
    say("compaction; compact; compacted; merge; merged; merging||forms"),
    say("Merges tables into new ones on a deeper level and drops overwritten and deleted entries. It costs rewriting."),
  ],
  [
    say("Job"),
    say("job||forms"),
    say(
      "A flush or a compaction that runs in the background; both are numbered in one row. What it wrote counts when " +
        "it is installed, all at once.",
    ),
  ],
  [
    say("Leveled compaction"),
    say("leveled compaction; leveled; dynamic level||forms"),
    say(
      "Each level below level 0 is one sorted run with a target size. RocksDB's default: reads and space are " +
        "cheap, writes are rewritten more often.",
    ),
  ],
  [
    say("Tiered compaction"),
    say("tiered compaction; tiered||forms"),
    say(
      "Lets sorted runs of similar size pile up, and merges several at once: data is rewritten less often, for more " +
        "runs to read and more space. Universal and size-tiered compaction are tiered.",
    ),
  ],
  [
    say("Universal compaction"),
    say("universal compaction; universal||forms"),
    say(
      "RocksDB's tiered compaction: sorted runs in the order of their age, of which neighbours are merged, by rules " +
        "about space, size ratio and number.",
    ),
  ],
  [
    say("Size-tiered compaction"),
    say("size-tiered compaction; size-tiered||forms"),
    say(
      "Cassandra's tiered compaction: as soon as there are enough tables of like size, whatever their age, they are " +
        "merged into one.",
    ),
  ],
  [
    say("Lazy leveling"),
    say("lazy leveling||forms"),
    say("Tiered on every level but the last, which is one sorted run: between tiered and leveled in every cost."),
  ],
  [
    say("FIFO compaction"),
    say("fifo compaction; fifo||forms"),
    say("Deletes the oldest tables when there are too many bytes or they are too old, and merges little or nothing."),
  ],
  [
    say("TTL"),
    say("ttl; time to live||forms"),
    say("Time to live: how old data may become before a compaction rewrites it, or FIFO compaction deletes it."),
  ],
  [
    say("Compaction score"),
    say("compaction score; score||forms"),
    say(
      "How urgently a level needs compaction: its bytes divided by its target size, or level 0's tables divided by " +
        "their trigger. From 1 on the level is due, and the highest score is first.",
    ),
  ],
  [
    say("Target size"),
    say("target size; target||forms"),
    say("How many bytes a level should hold. Each level's target is a multiple of the one above."),
  ],
  [
    say("Trivial move"),
    say("trivial move||forms"),
    say(
      "A compaction that only assigns a table to the next level in the manifest, because nothing there overlaps " +
        "it. No data is rewritten.",
    ),
  ],
  [
    say("Overlap"),
    say("overlap; overlapping; overlap ratio||forms"),
    say("Tables overlap when their key ranges share keys. What overlaps on the next level must be merged along."),
  ],
  [
    say("Shadowed"),
    say("shadowed; dead one; dead entry; dead entries||forms"),
    say(
      "An entry that a newer version of its key hides from every reader: it takes space until a compaction drops it.",
    ),
  ],
]);
