// Two runs of one workload, compared in numbers and in words.

import { bytes, list, ratio, time } from "../format.js";
import { decimal, say } from "../words.js";

/** @typedef {import("./engine.js").Summary} Summary */

/** Differences smaller than this share go for none. */
const SAME = 0.02;

/** @typedef {number | undefined} Measured A ratio by nothing is not defined. */

/**
 * @type {{
 *   name: string,
 *   about: string,
 *   of: (summary: Summary) => Measured,
 *   written: (n: number) => string,
 *   good: "less" | "more",
 * }[]}
 */
const MEASURES = [
  {
    name: say("written by jobs"),
    about: say("Bytes that flushes and compactions wrote."),
    of: (s) => s.written,
    written: bytes,
    good: "less",
  },
  {
    name: say("write amplification"),
    about: say("Bytes flushed and compacted, divided by bytes flushed (as RocksDB counts)."),
    of: (s) => s.writeRocksdb,
    written: ratio,
    good: "less",
  },
  {
    name: say("space"),
    about: say("Bytes of all tables at the end."),
    of: (s) => s.bytes,
    written: bytes,
    good: "less",
  },
  {
    name: say("space amplification"),
    about: say("Bytes of all tables, divided by bytes of what a reader can see."),
    of: (s) => s.spaceLive,
    written: ratio,
    good: "less",
  },
  {
    name: say("runs to read"),
    about: say("Sorted runs that a read may have to check at the end."),
    of: (s) => s.runs,
    written: (n) => String(n),
    good: "less",
  },
  {
    name: say("slow gets (p99)"),
    about: say("One get in a hundred takes longer than this at the end."),
    of: (s) => s.readP99,
    written: (n) => time(n),
    good: "less",
  },
  {
    name: say("writers waited"),
    about: say("How long writes were stopped, and how much time they lost while slowed down."),
    of: (s) => s.waited,
    written: (n) => time(n),
    good: "less",
  },
  {
    name: say("user bytes written"),
    about: say("Bytes of keys and values that were accepted."),
    of: (s) => s.user,
    written: bytes,
    good: "more",
  },
  {
    name: say("could sustain"),
    about: say("MB/s of keys and values that the device could take, at the cost that each had."),
    of: (s) => s.sustainable,
    written: (n) => `${decimal(n.toFixed(1))} MB/s`,
    good: "more",
  },
];

/**
 * @typedef {{ name: string, about: string, a: string, b: string, times: string, better: Better }} Row
 * @typedef {"better" | "worse" | "same"} Better
 */

/**
 * @param {Summary} a
 * @param {Summary} b
 * @returns {{ sentence: string, rows: Row[] }}
 */
export function compared(a, b) {
  const rows = MEASURES.map((measure) => {
    const [x, y] = [measure.of(a), measure.of(b)];
    const same = x === undefined || y === undefined || isSame(x, y);
    const better = /** @type {Better} */ (same ? "same" : y < x === (measure.good === "less") ? "better" : "worse");
    return {
      name: measure.name,
      about: measure.about,
      a: text(measure.written, x),
      b: text(measure.written, y),
      times: times(x, y),
      better,
    };
  });
  return { sentence: sentence(a, b), rows };
}

/**
 * What is said of a difference: a share, or, from half as much again on, how many times.
 * @typedef {object} Phrase
 * @property {(summary: Summary) => Measured} of
 * @property {(percent: number) => string} less
 * @property {(percent: number) => string} more
 * @property {(times: string) => string} times
 */

/** @type {Phrase[]} */
const PHRASES = [
  // What was taken in may differ, where writes waited: what is written is compared by the byte of it.
  {
    of: (s) => (s.user > 0 ? s.written / s.user : undefined),
    less: (percent) => say("writes {percent} % less", { percent }),
    more: (percent) => say("writes {percent} % more", { percent }),
    times: (times) => say("writes {times} as much", { times }),
  },
  {
    of: (s) => s.bytes,
    less: (percent) => say("needs {percent} % less space", { percent }),
    more: (percent) => say("needs {percent} % more space", { percent }),
    times: (times) => say("needs {times} the space", { times }),
  },
  {
    of: (s) => s.runs,
    less: (percent) => say("leaves {percent} % fewer runs to read", { percent }),
    more: (percent) => say("leaves {percent} % more runs to read", { percent }),
    times: (times) => say("leaves {times} the runs to read", { times }),
  },
  {
    of: (s) => s.readP99,
    less: (percent) => say("answers slow gets in {percent} % less time", { percent }),
    more: (percent) => say("answers slow gets in {percent} % more time", { percent }),
    times: (times) => say("takes {times} as long for slow gets", { times }),
  },
];

/** @type {Phrase} */
const WAITS = {
  of: (s) => s.waited,
  less: (percent) => say("lets writers wait {percent} % less", { percent }),
  more: (percent) => say("lets writers wait {percent} % more", { percent }),
  times: (times) => say("lets writers wait {times} as long", { times }),
};

/**
 * The differences in words: what B writes, needs, leaves to read and waits, by what A does.
 * @param {Summary} a
 * @param {Summary} b
 */
function sentence(a, b) {
  const parts = [
    ...PHRASES.map((phrase) => said(phrase, phrase.of(a), phrase.of(b))),
    waits(a.waited, b.waited),
  ].filter((text) => text !== "");
  if (parts.length === 0) return say("A and B differ by less than 2 %.");
  return say("B {differences}.", { differences: list(parts, parts.length) });
}

/**
 * @param {Phrase} phrase
 * @param {Measured} a
 * @param {Measured} b
 */
function said({ less, more, times }, a, b) {
  if (a === undefined || b === undefined || isSame(a, b) || a === 0) return "";
  const by = b / a;
  return by >= 1.5 ? times(`${short(by)}×`) : (by < 1 ? less : more)(Math.round(Math.abs(by - 1) * 100));
}

/**
 * @param {number} a
 * @param {number} b
 */
function waits(a, b) {
  if (isSame(a, b)) return "";
  if (a === 0) return say("lets writers wait {time} where A never does", { time: time(b) });
  if (b === 0) return say("never lets writers wait where A does for {time}", { time: time(a) });
  return said(WAITS, a, b);
}

/**
 * @param {number} a
 * @param {number} b
 */
function isSame(a, b) {
  return Math.abs(a - b) <= SAME * Math.max(Math.abs(a), Math.abs(b));
}

/**
 * @param {(n: number) => string} written
 * @param {Measured} n
 */
function text(written, n) {
  return n === undefined ? "–" : written(n);
}

/**
 * @param {Measured} a
 * @param {Measured} b
 */
function times(a, b) {
  if (a === undefined || b === undefined) return "–";
  if (isSame(a, b)) return say("same");
  return a === 0 ? "–" : `${short(b / a)}×`;
}

/** @param {number} n */
function short(n) {
  return n >= 100 ? String(Math.round(n)) : decimal(n >= 10 ? n.toFixed(1) : n.toFixed(2).replace(/0$/, ""));
}
