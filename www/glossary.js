// The field's terms, each with its meaning in one or two sentences: RocksDB's own words where it has one (its wiki's
// "Terminology" page).
//
// In: a text. Out: the terms in it and where they stand (`termsIn`), or the term of a name (`termOf`).

/**
 * @typedef {object} Term
 * @property {string} name
 * @property {string[]} words The forms in which texts use it, in lower case, without a plural "s" or "es".
 * @property {string} meaning
 */

/** @typedef {{ title: string, terms: Term[] }} Group */
/** @typedef {{ term: Term, from: number, to: number }} Mention */

/** How texts write a version of a key: `a · 14`. */
const DOT = "· [0-9]+";

/**
 * @param {string} title
 * @param {[name: string, words: string, meaning: string][]} rows The words are separated by `|`.
 * @returns {Group}
 */
const group = (title, rows) => ({
  title,
  terms: rows.map(([name, words, meaning]) => ({ name, words: words.split("|"), meaning })),
});

/** @type {Group[]} */
export const GLOSSARY = [
  group("Writing", [
    [
      "WAL",
      "wal|write-ahead log|log",
      "The write-ahead log: each write is appended to this file before it goes into the memtable, so that a crash " +
        "cannot lose it. RocksDB and lsmscope read it again when the database is opened.",
    ],
    ["Memtable", "memtable|active memtable|mem", "The newest writes, in memory, sorted by key. Reads look here first."],
    [
      "Immutable memtable",
      "immutable memtable|immutable|sealed memtable|sealed|sealing",
      "A full memtable: it takes no more writes and waits to be flushed, while a new memtable takes its place.",
    ],
    [
      "Flush",
      "flush|flushed|flushing",
      "Writes immutable memtables out as a table on level 0. Their log is then deleted.",
    ],
    [
      "Entry",
      "entry|entries|record",
      "One version of a key: a value or a tombstone, with a sequence number. An overwrite adds an entry; it does not " +
        "change an older one.",
    ],
    [
      "Sequence number",
      `sequence number|seq|${DOT}`,
      "Numbers writes in their order: of two versions of a key, the higher number is newer. It is written after a " +
        "dot: `a · 14` is the version of `a` that write 14 made.",
    ],
    [
      "Tombstone",
      "tombstone|delete",
      "The entry that a delete writes. It hides older versions of its key, until a compaction can drop both.",
    ],
    [
      "Batch",
      "batch|batches|writes at once",
      "Several writes that happen together: they share one frame of the log, so recovery finds all of them or none.",
    ],
    [
      "Write stall",
      "write stall|stall|stalled|stall condition",
      "Writes are slowed down or stopped because flushes and compactions have fallen behind: too many memtables, " +
        "too many tables on level 0, or too many bytes left to compact.",
    ],
  ]),
  group("On disk", [
    [
      "Table",
      "table|sst|sstable|sorted table",
      "A file of entries sorted by key that never changes once it is written; RocksDB calls it an SST file. " +
        "A change to its data needs a new table.",
    ],
    ["Level", "level", "A group of tables. Data moves from level 0 down to deeper levels, which are larger and older."],
    [
      "LSM tree",
      "lsm tree|lsm|tree",
      "Log-structured merge tree: writes go to a log and to memory, are flushed as sorted tables, and are merged " +
        "level by level. No file is changed in place.",
    ],
    [
      "Level 0",
      "level 0|l0",
      "The level that flushes write to. Its tables may overlap in key range, so a read may have to look into each, " +
        "the newest first.",
    ],
    [
      "Sorted run",
      "sorted run",
      "Tables that do not overlap, in key order: at most one of them can hold a key. Each table of level 0 is a run " +
        "of its own.",
    ],
    [
      "Block",
      "block|data block|input block",
      "The part of a table that one read fetches: some kilobytes of entries, with a checksum.",
    ],
    ["Index", "index|index block", "The part of a table that says which of its data blocks may hold a key."],
    [
      "Footer",
      "footer|properties block|properties",
      "The footer is the end of a table and says where its other parts are; the properties block has its counts and " +
        "key range.",
    ],
    [
      "Key range",
      "key range|range",
      "From the first key of a table to the last. A read of a key outside it passes the table over.",
    ],
    [
      "Manifest",
      "manifest",
      "The log of every change to the tree's shape: which tables are on which level. The file `CURRENT` names the " +
        "manifest that is in use.",
    ],
    [
      "Version edit",
      "version edit|edit",
      "One entry of the manifest: the tables that a flush or a compaction adds and removes, all at once.",
    ],
    [
      "Version",
      "new version",
      "The shape of the tree at a moment: which tables are on which level. A read keeps the version it began with.",
    ],
    [
      "Orphan",
      "orphan",
      "A file that no manifest names: a job that never finished left it. It is deleted when the database is opened.",
    ],
    ["Frame", "frame", "One record of the log: a length, a checksum, and one write or batch."],
    [
      "Checksum",
      "checksum|crc",
      "A number computed from bytes and stored with them. If the bytes change on the disk, it no longer matches.",
    ],
    [
      "Compression",
      "compression|compressed",
      "Blocks are stored in fewer bytes, for the time it takes to compress and decompress them.",
    ],
  ]),
  group("Compaction", [
    [
      "Compaction",
      "compaction|compact|compacted|merge|merged|merging",
      "Merges tables into new ones on a deeper level and drops overwritten and deleted entries. It costs rewriting.",
    ],
    [
      "Job",
      "job",
      "A flush or a compaction that runs in the background. What it wrote counts when it is installed, all at once.",
    ],
    [
      "Leveled compaction",
      "leveled compaction|leveled|dynamic level",
      "Each level below level 0 is one sorted run with a target size. RocksDB's default: reads and space are cheap, " +
        "writes are rewritten more often.",
    ],
    [
      "Universal compaction",
      "universal compaction|universal|tiered|size-tiered|tiered compaction",
      "Keeps several sorted runs and merges runs of similar size (also called tiered): data is rewritten less often, " +
        "for more runs to read and more space.",
    ],
    [
      "Lazy leveling",
      "lazy leveling",
      "Tiered on every level but the last, which is one sorted run: between tiered and leveled in every cost.",
    ],
    [
      "FIFO compaction",
      "fifo compaction|fifo",
      "Deletes the oldest tables when there are too many bytes or they are too old, and merges little or nothing.",
    ],
    [
      "TTL",
      "ttl|time to live",
      "Time to live: how old data may become before a compaction rewrites it, or FIFO compaction deletes it.",
    ],
    [
      "Compaction score",
      "compaction score|score",
      "How urgently a level needs compaction: its bytes divided by its target size, or level 0's tables divided by " +
        "their trigger. From 1 on the level is due, and the highest score is first.",
    ],
    [
      "Target size",
      "target size|target",
      "How many bytes a level should hold. Each level's target is a multiple of the one above.",
    ],
    [
      "Trivial move",
      "trivial move",
      "A compaction that only assigns a table to the next level in the manifest, because nothing there overlaps it. " +
        "No data is rewritten.",
    ],
    [
      "Overlap",
      "overlap|overlapping|overlap ratio",
      "Tables overlap when their key ranges share keys. What overlaps on the next level must be merged along.",
    ],
    [
      "Shadowed",
      "shadowed|dead one|dead entry|dead entries",
      "An entry that a newer version of its key hides from every reader: it takes space until a compaction drops it.",
    ],
  ]),
  group("Reading", [
    [
      "Lookup",
      "lookup",
      "A get: it reads the newest version of one key, memtables first, then tables from the newest to the oldest.",
    ],
    [
      "Scan",
      "scan|iterator",
      "Reads a range of keys in order, by merging the memtables and every sorted run that overlaps it.",
    ],
    [
      "Bloom filter",
      "bloom filter|filter",
      "A few bits for each key of a table. They answer that a key is certainly not there, or that it may be, " +
        "without a read of the disk.",
    ],
    [
      "False positive",
      "false positive",
      "A Bloom filter said that a key may be in a table, and it is not: a block was read in vain.",
    ],
    [
      "Block cache",
      "block cache|cache|cached",
      "Blocks that were read are kept in memory for the next read. The least recently used is evicted first.",
    ],
    [
      "Snapshot",
      "snapshot",
      "A sequence number that a reader does not look past. It copies nothing, but compactions must keep the entries " +
        "that only it still sees.",
    ],
  ]),
  group("Durability", [
    [
      "Acknowledged",
      "acknowledged|acknowledge|acknowledging|acknowledgement",
      "The writer has been told that its write is done. Whether a power cut can still take it depends on the sync.",
    ],
    [
      "Durable",
      "durable",
      "The disk has confirmed it: it survives a power cut. A write may be acknowledged before it is durable.",
    ],
    [
      "Sync",
      "sync|synced|syncing|fsync|sync policy",
      "Asks the disk to store what was written and waits until it confirms (fsync). It is the costliest step of a " +
        "durable write.",
    ],
    [
      "Torn frame",
      "torn frame|torn|torn tail",
      "A frame of which only a part reached the disk before the power failed. Its checksum or length shows it, and " +
        "recovery drops it.",
    ],
    [
      "Recovery",
      "recovery",
      "What an open does: reads the manifest for the tables, then the logs for the writes that are in no table yet.",
    ],
    [
      "Replay",
      "replay|replayed|replaying",
      "Recovery puts the frames of a log into the memtable again, in their order.",
    ],
    [
      "Writes at risk",
      "writes at risk|at risk",
      "Writes that are acknowledged and not yet durable: a power cut may take them.",
    ],
  ]),
  group("Numbers", [
    [
      "Write amplification",
      "write amplification|write amp|with the log|write amp, with the log",
      "Bytes written to disk for each byte that the user wrote. RocksDB divides what flushes and compactions wrote " +
        "by what flushes wrote; with the log, it is divided by the user's bytes.",
    ],
    [
      "Read amplification",
      "read amplification|read amp",
      "How many places a read of one key may have to look into: the sorted runs.",
    ],
    [
      "Space amplification",
      "space amplification|space amp",
      "Bytes stored for each byte of live data: the rest is overwritten or deleted, and not yet dropped.",
    ],
    [
      "Tables by level",
      "tables by level|bytes by level",
      "How many tables, or bytes, each level has at a moment, stacked from level 0 up.",
    ],
    [
      "Virtual time",
      "virtual time",
      "The time of the simulated device. It moves with the work and not with your clock, so each run is the same.",
    ],
    [
      "Device",
      "device",
      "The simulated disk: a bandwidth that running jobs share, and a time that each read and each sync takes.",
    ],
  ]),
  group("On this page", [
    ["Engine", "engine", "The storage engine that runs in this page: the same code as the command-line tool."],
    [
      "History",
      "recorded history",
      "What a real RocksDB database did, read from its MANIFEST and compared decision by decision with lsmscope's " +
        "policy. Drop a MANIFEST anywhere on the page, or see Export.",
    ],
    [
      "Branch",
      "branch|branches",
      "A second timeline: pulling the plug in the past begins it on a tab of its own, and the first one stays.",
    ],
  ]),
];

const BY_WORD = new Map(
  GLOSSARY.flatMap(({ terms }) =>
    terms.flatMap((term) => term.words.map((word) => /** @type {const} */ ([word, term]))),
  ),
);

/** Of two words that begin at the same place, the longer one is meant: "index block", not "index". */
const WORDS = [...BY_WORD.keys()].sort((a, b) => b.length - a.length);
const PATTERN = new RegExp(`(?<![\\w-])(?:${WORDS.join("|")})(?:e?s)?(?![\\w-])`, "giu");

/** @param {string} found */
function termFor(found) {
  if (found.startsWith("·")) return BY_WORD.get(DOT);
  const word = found.toLowerCase();
  return BY_WORD.get(word) ?? BY_WORD.get(word.replace(/s$/, "")) ?? BY_WORD.get(word.replace(/es$/, ""));
}

/**
 * The terms in a text, each where it first stands.
 * @param {string} text
 * @param {Set<Term>} [seen] Terms that need no mention any more; those of the text are added.
 */
export function termsIn(text, seen = new Set()) {
  /** @type {Mention[]} */
  const mentions = [];
  for (const { 0: found, index } of text.matchAll(PATTERN)) {
    const term = termFor(found);
    if (!term || seen.has(term)) continue;
    seen.add(term);
    mentions.push({ term, from: index, to: index + found.length });
  }
  return mentions;
}

/**
 * The term that is called `name`, if there is one.
 * @param {string} name
 */
export function termOf(name) {
  return termFor(name);
}
