// What help says where the log of a real database is in view: its words, and its keys.

import { say } from "../../words.js";

/** @type {[string, string][]} */
export const LOG_KEYS = [
  [say("Space"), say("play, pause")],
  ["← →", say("on the slider Moment: earlier, later; on jobs: the job before, the next one")],
  ["↑ ↓", say("on jobs: the row above, below")],
  [say("Home End"), say("on the slider: the beginning, the end; on jobs: the row's first, last job")],
  [say("Enter"), say("on a job: to the moment at which it began")],
  ["+ - 0 < >", say("in time: nearer, further, all of it, earlier, later")],
  ["?", say("this help")],
];

/** @type {[string, string][]} */
export const LOG_CONCEPTS = [
  [
    say("Film"),
    say(
      "The log over its own time: the tree, the jobs that ran, and charts. Play it, or point at a moment: the tree " +
        "and the numbers beside the charts are those of that moment. A click keeps it, and dragging zooms.",
    ),
  ],
  [
    say("Tree"),
    say(
      "How many tables and bytes each level had, at the beginning of the period that the moment is in: a log does " +
        "not tell where their keys are. “Up to” beside a chart is the most within that period.",
    ),
  ],
  [
    say("Jobs"),
    say(
      "Flushes above, compactions below, each as long as it ran, in the colour of the level that it wrote to. Moves " +
        "of tables to a deeper level are hollow.",
    ),
  ],
  [
    say("Writes held up"),
    say(
      "Hatched: the database stopped writes, or limited their rate, because of memtables, tables on level 0, or " +
        "bytes to compact. The dashed lines are the limits in force.",
    ),
  ],
  [
    say("Pending"),
    say(
      "Bytes that RocksDB estimated it has to compact until each level is within its target. An estimate holds " +
        "until the next job ends.",
    ),
  ],
  [
    say("Findings"),
    say(
      "What went wrong, the worst first, by rules over what the log tells, with a likely cause and the options that " +
        "would change it. “Show it” leads to the job or the moment that the sentence names.",
    ),
  ],
];
