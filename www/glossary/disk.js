// Terms of what is stored: tables and what they are made of, the tree, the manifest.

import { say } from "../words.js";
import { group } from "./group.js";

export const ON_DISK = group(say("On disk"), [
  [
    say("Table"),
    say("table; sst; sstable; sorted table||forms"),
    say(
      "A file of entries sorted by key that never changes once it is written; RocksDB calls it an SST file. A " +
        "change to its data needs a new table.",
    ),
  ],
  [
    say("Level"),
    say("level||forms"),
    say("A group of tables. Data moves from level 0 down to deeper levels, which are larger and older."),
  ],
  [
    say("LSM tree"),
    say("lsm tree; lsm; tree||forms"),
    say(
      "Log-structured merge tree: writes go to a log and to memory, are flushed as sorted tables, and are merged " +
        "level by level. No file is changed in place.",
    ),
  ],
  [
    say("Level 0"),
    say("level 0; l0||forms"),
    say(
      "The level that flushes write to. Its tables may overlap in key range, so a read may have to look into each, " +
        "the newest first.",
    ),
  ],
  [
    say("Sorted run"),
    say("sorted run||forms"),
    say(
      "Tables that do not overlap, in key order: at most one of them can hold a key. Each table of level 0 is a " +
        "run of its own.",
    ),
  ],
  [
    say("Block"),
    say("block; data block; input block||forms"),
    say("The part of a table that one read fetches: some kilobytes of entries, with a checksum."),
  ],
  [
    say("Index"),
    say("index; index block||forms"),
    say("The part of a table that says which of its data blocks may hold a key."),
  ],
  [
    say("Footer"),
    say("footer; properties block; properties||forms"),
    say(
      "The footer is the end of a table and says where its other parts are; the properties block has its counts " +
        "and key range.",
    ),
  ],
  [
    say("Key range"),
    say("key range; range||forms"),
    say("From the first key of a table to the last. A read of a key outside it passes the table over."),
  ],
  [
    say("Manifest"),
    say("manifest||forms"),
    say(
      "The log of every change to the tree's shape: which tables are on which level. The file `CURRENT` names the " +
        "manifest that is in use.",
    ),
  ],
  [
    say("Version edit"),
    say("version edit; edit||forms"),
    say("One entry of the manifest: the tables that a flush or a compaction adds and removes, all at once."),
  ],
  [
    say("Version"),
    say("new version||forms"),
    say("The shape of the tree at a moment: which tables are on which level. A read keeps the version it began with."),
  ],
  [
    say("Orphan"),
    say("orphan||forms"),
    say("A file that no manifest names: a job that never finished left it. It is deleted when the database is opened."),
  ],
  [say("Frame"), say("frame||forms"), say("One record of the log: a length, a checksum, and one write or batch.")],
  [
    say("Checksum"),
    say("checksum; crc||forms"),
    say("A number computed from bytes and stored with them. If the bytes change on the disk, it no longer matches."),
  ],
  [
    say("Compression"),
    say("compression; compressed||forms"),
    say("Blocks are stored in fewer bytes, for the time it takes to compress and decompress them."),
  ],
]);
