// Two runs of one workload, compared in numbers and in words.

import { bytes, list, ratio, time } from "../format.js";

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
    name: "written by jobs",
    about: "Bytes that flushes and compactions wrote.",
    of: (s) => s.written,
    written: bytes,
    good: "less",
  },
  {
    name: "write amplification",
    about: "Bytes flushed and compacted, divided by bytes flushed (as RocksDB counts).",
    of: (s) => s.writeRocksdb,
    written: ratio,
    good: "less",
  },
  { name: "space", about: "Bytes of all tables at the end.", of: (s) => s.bytes, written: bytes, good: "less" },
  {
    name: "space amplification",
    about: "Bytes of all tables, divided by bytes of what a reader can see.",
    of: (s) => s.spaceLive,
    written: ratio,
    good: "less",
  },
  {
    name: "runs to read",
    about: "Sorted runs that a read may have to check at the end.",
    of: (s) => s.runs,
    written: (n) => String(n),
    good: "less",
  },
  {
    name: "slow gets (p99)",
    about: "One get in a hundred takes longer than this at the end.",
    of: (s) => s.readP99,
    written: (n) => time(n),
    good: "less",
  },
  {
    name: "writers waited",
    about: "How long writes were stopped, and how much time they lost while slowed down.",
    of: (s) => s.waited,
    written: (n) => time(n),
    good: "less",
  },
  {
    name: "user bytes written",
    about: "Bytes of keys and values that were accepted.",
    of: (s) => s.user,
    written: bytes,
    good: "more",
  },
  {
    name: "could sustain",
    about: "MB/s of keys and values that the device could take, at the cost that each had.",
    of: (s) => s.sustainable,
    written: (n) => `${n.toFixed(1)} MB/s`,
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
 * @property {(percent: number, less: boolean) => string} share
 * @property {(times: string) => string} times
 */

const amount = (/** @type {number} */ percent, /** @type {boolean} */ less) => `${percent} % ${less ? "less" : "more"}`;

/** @type {Phrase[]} */
const PHRASES = [
  // What was taken in may differ, where writes waited: what is written is compared by the byte of it.
  {
    of: (s) => (s.user > 0 ? s.written / s.user : undefined),
    share: (percent, less) => `writes ${amount(percent, less)}`,
    times: (n) => `writes ${n} as much`,
  },
  {
    of: (s) => s.bytes,
    share: (percent, less) => `needs ${amount(percent, less)} space`,
    times: (n) => `needs ${n} the space`,
  },
  {
    of: (s) => s.runs,
    share: (percent, less) => `leaves ${percent} % ${less ? "fewer" : "more"} runs to read`,
    times: (n) => `leaves ${n} the runs to read`,
  },
  {
    of: (s) => s.readP99,
    share: (percent, less) => `answers slow gets in ${amount(percent, less)} time`,
    times: (n) => `takes ${n} as long for slow gets`,
  },
];

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
  if (parts.length === 0) return "A and B differ by less than 2 %.";
  return `B ${list(parts, parts.length)}.`;
}

/**
 * @param {Phrase} phrase
 * @param {Measured} a
 * @param {Measured} b
 */
function said({ share, times }, a, b) {
  if (a === undefined || b === undefined || isSame(a, b) || a === 0) return "";
  const by = b / a;
  return by >= 1.5 ? times(`${short(by)}×`) : share(Math.round(Math.abs(by - 1) * 100), by < 1);
}

/**
 * @param {number} a
 * @param {number} b
 */
function waits(a, b) {
  if (isSame(a, b)) return "";
  if (a === 0) return `lets writers wait ${time(b)} where A never does`;
  if (b === 0) return `never lets writers wait where A does for ${time(a)}`;
  return said(
    {
      of: (s) => s.waited,
      share: (percent, less) => `lets writers wait ${amount(percent, less)}`,
      times: (n) => `lets writers wait ${n} as long`,
    },
    a,
    b,
  );
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
  if (isSame(a, b)) return "same";
  return a === 0 ? "–" : `${short(b / a)}×`;
}

/** @param {number} n */
function short(n) {
  return n >= 100 ? String(Math.round(n)) : n >= 10 ? n.toFixed(1) : n.toFixed(2).replace(/0$/, "");
}
