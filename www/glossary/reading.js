// Terms of reads, and of what survives a power cut.

import { say } from "../words.js";
import { group } from "./group.js";

export const READING = group(say("Reading"), [
  [
    say("Lookup"),
    say("lookup||forms"),
    say("A get: it reads the newest version of one key, memtables first, then tables from the newest to the oldest."),
  ],
  [
    say("Scan"),
    say("scan; iterator||forms"),
    say("Reads a range of keys in order, by merging the memtables and every sorted run that overlaps it."),
  ],
  [
    say("Bloom filter"),
    say("bloom filter; filter||forms"),
    say(
      "A few bits for each key of a table. They answer that a key is certainly not there, or that it may be, " +
        "without a read of the disk.",
    ),
  ],
  [
    say("False positive"),
    say("false positive||forms"),
    say("A Bloom filter said that a key may be in a table, and it is not: a block was read in vain."),
  ],
  [
    say("Block cache"),
    say("block cache; cache; cached||forms"),
    say("Blocks that were read are kept in memory for the next read. The least recently used is evicted first."),
  ],
  [
    say("Snapshot"),
    say("snapshot||forms"),
    say(
      "A sequence number that a reader does not look past. It copies nothing, but compactions must keep the " +
        "entries that only it still sees.",
    ),
  ],
]);

export const DURABILITY = group(say("Durability"), [
  [
    say("Acknowledged"),
    say("acknowledged; acknowledge; acknowledging; acknowledgement||forms"),
    say("The writer has been told that its write is done. Whether a power cut can still take it depends on the sync."),
  ],
  [
    say("Durable"),
    say("durable||forms"),
    say("The disk has confirmed it: it survives a power cut. A write may be acknowledged before it is durable."),
  ],
  [
    say("Sync"),
    say("sync; synced; syncing; fsync; sync policy||forms"),
    say(
      "Asks the disk to store what was written and waits until it confirms (fsync). It is the costliest step of a " +
        "durable write.",
    ),
  ],
  [
    say("Torn frame"),
    say("torn frame; torn; torn tail||forms"),
    say(
      "A frame of which only a part reached the disk before the power failed. Its checksum or length shows it, and " +
        "recovery drops it.",
    ),
  ],
  [
    say("Recovery"),
    say("recovery||forms"),
    say("What an open does: reads the manifest for the tables, then the logs for the writes that are in no table yet."),
  ],
  [
    say("Replay"),
    say("replay; replayed; replaying||forms"),
    say("Recovery puts the frames of a log into the memtable again, in their order."),
  ],
  [
    say("Writes at risk"),
    say("writes at risk; at risk||forms"),
    say("Writes that are acknowledged and not yet durable: a power cut may take them."),
  ],
]);
