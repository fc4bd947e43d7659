// Terms of writes: from the log to the flush.

import { say } from "../words.js";
import { group } from "./group.js";

export const WRITING = group(say("Writing"), [
  [
    say("WAL"),
    say("wal; write-ahead log; log||forms"),
    say(
      "The write-ahead log: each write is appended to this file before it goes into the memtable. When the database " +
        "is opened after a crash, the log is read again. What was synced is there; what was not may be lost.",
    ),
  ],
  [
    say("Memtable"),
    say("memtable; active memtable; mem||forms"),
    say("The newest writes, in memory, sorted by key. Reads look here first."),
  ],
  [
    say("Immutable memtable"),
    say("immutable memtable; immutable; sealed memtable; sealed; sealing||forms"),
    say("A full memtable: it takes no more writes and waits to be flushed, while a new memtable takes its place."),
  ],
  [
    say("Flush"),
    say("flush; flushed; flushing||forms"),
    say("Writes immutable memtables out as a table on level 0. Their log is then deleted."),
  ],
  [
    say("Entry"),
    say("entry; entries; record||forms"),
    say(
      "One version of a key: a value or a tombstone, with a sequence number. An overwrite adds an entry; it does " +
        "not change an older one.",
    ),
  ],
  [
    say("Sequence number"),
    say("sequence number; seq; · [0-9]+||forms"),
    say(
      "Numbers writes in their order: of two versions of a key, the higher number is newer. It is written after a " +
        "dot: `a · 14` is the version of `a` that write 14 made.",
    ),
  ],
  [
    say("Tombstone"),
    say("tombstone; delete||forms"),
    say("The entry that a delete writes. It hides older versions of its key, until a compaction can drop both."),
  ],
  [
    say("Batch"),
    say("batch; batches; writes at once||forms"),
    say("Several writes that happen together: they share one frame of the log, so recovery finds all of them or none."),
  ],
  [
    say("Write stall"),
    say("write stall; stall; stalled; stall condition||forms"),
    say(
      "Writes are slowed down or stopped because flushes and compactions have fallen behind: too many memtables, " +
        "too many tables on level 0, or too many bytes left to compact.",
    ),
  ],
]);
