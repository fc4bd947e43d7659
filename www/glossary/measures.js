// Terms of what is measured, and of this page.

import { say } from "../words.js";
import { group } from "./group.js";

export const NUMBERS = group(say("Numbers"), [
  [
    say("Write amplification"),
    say("write amplification; write amp; with the log; write amp, with the log||forms"),
    say(
      "Bytes written to disk for each byte that the user wrote. RocksDB divides what flushes and compactions wrote " +
        "by what flushes wrote; with the log, it is divided by the user's bytes.",
    ),
  ],
  [
    say("Read amplification"),
    say("read amplification; read amp||forms"),
    say("How many places a read of one key may have to look into: the sorted runs."),
  ],
  [
    say("Space amplification"),
    say("space amplification; space amp||forms"),
    say("Bytes stored for each byte of live data: the rest is overwritten or deleted, and not yet dropped."),
  ],
  [
    say("Tables by level"),
    say("tables by level; bytes by level||forms"),
    say("How many tables, or bytes, each level has at a moment, stacked from level 0 up."),
  ],
  [
    say("Virtual time"),
    say("virtual time||forms"),
    say("The time of the simulated device. It moves with the work and not with your clock, so each run is the same."),
  ],
  [
    say("Device"),
    say("device||forms"),
    say("The simulated disk: a bandwidth that running jobs share, and a time that each read and each sync takes."),
  ],
]);

/** What the sandbox only has: the simulator does without. */
export const ON_THIS_PAGE = group(say("On this page"), [
  [
    say("Engine"),
    say("engine||forms"),
    say("The storage engine that runs in this page: the same code as the command-line tool."),
  ],
  [
    say("History"),
    say("recorded history||forms"),
    say(
      "What a real RocksDB database did, read from its MANIFEST and compared decision by decision with lsmscope's " +
        "policy. Drop a MANIFEST anywhere on the page, or see Export.",
    ),
  ],
  [
    say("Branch"),
    say("branch; branches||forms"),
    say("A second timeline: pulling the plug in the past begins it on a tab of its own, and the first one stays."),
  ],
]);
