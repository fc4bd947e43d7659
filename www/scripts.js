// Ready-made scripts: what the queue is filled with on a first visit, and what its editor offers.

import { say } from "./words.js";

/**
 * @typedef {object} Script
 * @property {string} name
 * @property {string} title In English, as sessions keep it: titleSaid of kept-titles.js says it.
 * @property {string} about What one sees.
 * @property {string[]} lines
 */

/** @type {Script[]} */
export const SCRIPTS = [
  {
    name: "tour",
    title: "First tour",
    about: say("A write, a flush, reads that are spared by filters, a compaction that drops what is dead."),
    lines: [
      "put user:1 Alice",
      "put user:3 Carol",
      "put user:2 Bob",
      "put user:5 Erin",
      "get user:2",
      "put user:2 Bert",
      "delete user:3",
      "put user:4 Dave",
      "put user:7 Gail",
      "get user:3",
      "get user:6",
      "put user:6 Frank",
      "put user:1 Anna",
      "put user:8 Hugo",
      "put user:9 Ivy",
      "get user:1",
      "scan user:1 user:5",
    ],
  },
  {
    name: "plug",
    title: "Pull the plug",
    about: say(
      "Four power cuts: a log that is never synced, one that always is, a batch cut in half, and a disk that lies.",
    ),
    lines: [
      "options wal_sync=never write_buffer_entries=8",
      "put alice 1",
      "put bob 2",
      "crash",
      "reopen",
      "scan",
      "options wal_sync=every_write",
      "put alice 1",
      "put bob 2",
      "crash",
      "reopen",
      "scan",
      "crash in 3 keep 30",
      "batch put carol 3; put dave 4; del alice",
      "reopen",
      "scan",
      "disk lying",
      "put erin 5",
      "crash",
      "reopen",
      "scan",
      "disk ok",
    ],
  },
  {
    name: "twelve-keys",
    title: "Twelve keys",
    about: say("The smallest LSM: five entries fill the memtable, and compact merges every table into one."),
    lines: [
      "options preset=full-merge",
      ...Array.from({ length: 12 }, (_, i) => `put key${String(i).padStart(2, "0")} value_${i}`),
      "flush",
      "stats",
      "get key00",
      "get key05",
      "get key11",
      "get key99",
      "scan key03 key07",
      "compact",
      "stats",
      "put key05 updated_value_5",
      "put key20 new_value_20",
      "get key05",
      "get key20",
      "stats",
    ],
  },
  {
    name: "tombstone",
    title: "A deleted key comes back",
    about: say("A delete, a flush, a new value, and a compaction of level 0 that drops what is shadowed."),
    lines: [
      "put a 1",
      "put b 2",
      "delete a",
      "get b",
      "flush",
      "put a 3",
      "get a",
      "scan a z",
      "flush",
      "compact 0",
      "scan a z",
    ],
  },
];
