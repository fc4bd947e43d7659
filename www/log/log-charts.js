// What the charts of a log show, as data, and how its moments are written.

import { number, time } from "../format.js";
import { chart, levels, line, sampleAt } from "../sim/series.js";
import { decimal, say, spoken } from "../words.js";

/** @typedef {import("../sim/series.js").Chart} Chart */
/** @typedef {import("../sim/series.js").Line} Line */
/** @typedef {import("../sim/series.js").Samples} Samples */
/** @typedef {import("../../lsmscope.js").LogReport} LogReport */

/**
 * A column of the log, filled.
 * @param {string} name
 * @param {string} column
 * @param {string} colour
 */
const filled = (name, column, colour) => line(name, column, colour, column, true);

/**
 * A chart whose values hold until the next sample.
 * @param {Parameters<typeof chart>} chartOf
 * @returns {Chart}
 */
const stepped = (...chartOf) => ({ ...chart(...chartOf), steps: true });

/** Writes that were held up. */
const HELD_UP = {
  ...stepped(
    "held-up",
    say("writes held up"),
    say("The share of the time in which writes were stopped (red, below) or limited (orange, on it)."),
    "percent",
    1,
    [filled(say("stopped"), "stopped", "--dead"), filled(say("limited"), "limited", "--now")],
  ),
  stacked: true,
};

/** The same of LevelDB, whose log tells of no limits. */
const STOPPED = stepped(
  "held-up",
  say("writes held up"),
  say("The share of the time in which writes were stopped. LevelDB's log does not tell when it slows them down."),
  "percent",
  1,
  [filled(say("stopped"), "stopped", "--dead")],
);

const L0 = say("L0, most tables");
const ABOUT_L0 = say(
  "The most tables on level 0 of any column family within each period: the tree has those of one moment.",
);
/** Of several column families: their most tables are not those of the tree, which has all. */
const LEVEL0 = stepped("level0", L0, ABOUT_L0, "count", 4, [filled("L0", "level0", "--l0")]);

/** Of one column family: those that the tree has, and the most until the next value. @type {Chart} */
const LEVEL0_OF_ONE = {
  ...stepped(
    "level0",
    say("L0 tables"),
    say("Tables on level 0 when a period begins, as the tree has them (filled), and the most within it (the line)."),
    "count",
    4,
    [],
  ),
  lines: (samples) => [
    { name: "L0", column: "L0", colour: "--l0", fill: true, values: samples.tables[0] ?? [] },
    line(L0, "level0", "--l0", "level0")(samples),
  ],
  said: ({ columns, tables }, seconds) => {
    const at = sampleAt(columns.at, seconds);
    const [n, most] = [tables[0]?.[at] ?? 0, columns.level0[at]];
    return most === n ? number(n) : say("{n}, up to {most}", { n: number(n), most: number(most) });
  },
};

/** What is told when a job ends, of a log that does not list all of its jobs. @type {Chart} */
const WRITTEN_AT_ENDS = {
  ...stepped(
    "written",
    say("written"),
    say("MB a second that flushes (green, below) and compactions (on it) wrote, told when they end."),
    "mb",
    1,
    [filled(say("flushed"), "flushed", "--mem"), filled(say("compacted"), "compacted", "--l4")],
  ),
  stacked: true,
};

/**
 * The charts of a log, and that of writes that were held up, which stands above the jobs.
 * @param {import("./log-film.js").LogFilm} film
 */
export function chartsOf({ report, samples, hasAllJobs }) {
  const isLevelDb = report.database === "LevelDB";
  const has = { RocksDB: !isLevelDb, deletions: tellsOfDeletions(samples) };
  const others = LOG_CHARTS.filter(({ needs }) => !needs || has[needs]);
  return {
    heldUp: isLevelDb ? STOPPED : HELD_UP,
    charts: others.map((one) => {
      if (one.chart === LEVEL0 && report.families.length <= 1) return { ...one, chart: LEVEL0_OF_ONE };
      return one.chart === WRITTEN && !hasAllJobs ? { ...one, chart: WRITTEN_AT_ENDS } : one;
    }),
  };
}

/** @type {Chart} */
const WRITTEN = {
  ...WRITTEN_AT_ENDS,
  about: say(
    "MB a second that flushes (green, below) and compactions (on it) wrote: what each job wrote, spread evenly over " +
      "the time in which it ran.",
  ),
};

/**
 * Whether a log tells of any deletion: one of LevelDB never does.
 * @param {Samples} samples
 */
const tellsOfDeletions = ({ columns }) => !isZero(columns.deletions) || !isZero(columns.flushed_deletions);

/** @param {ArrayLike<number> | undefined} values */
const isZero = (values) => Array.from(values ?? []).every((n) => n === 0);

/** Deletions in the tables, beside all of their entries. @type {Chart} */
const DELETIONS = {
  ...stepped(
    "deletions",
    say("deletions"),
    say(
      "Deletions in the tables of which the log tells (filled), and all entries of these tables (the line): a scan " +
        "steps over each deletion.",
    ),
    "count",
    1,
    [filled(say("deletions"), "deletions", "--dead"), line(say("entries"), "entries", "--ink-2", "entries")],
  ),
  said: ({ columns }, seconds) => {
    const at = sampleAt(columns.at, seconds);
    const [n, all] = [columns.deletions[at], columns.entries[at]];
    return all > 0 ? say("{n}, {share} %", { n: number(n), share: Math.round((100 * n) / all) }) : number(n);
  },
};

/** Entries that compactions dropped, beside the deletions that came. @type {Chart} */
const DROPPED = stepped(
  "dropped",
  say("dropped||entries, a chart"),
  say(
    "Entries a second that compactions read and did not write again, told when they end (filled), and deletions a " +
      "second that flushes wrote (the line).",
  ),
  "rate",
  1,
  [
    line(say("deletions"), "flushed_deletions", "--dead", "flushed_deletions"),
    filled(say("dropped||entries, a chart"), "dropped_entries", "--l1"),
  ],
);

/**
 * `needs`: the database that tells of it, or what it has to tell of.
 * @type {{ chart: Chart, colour: string, needs?: "RocksDB" | "deletions" }[]}
 */
const LOG_CHARTS = [
  { colour: "--l0", chart: LEVEL0 },
  {
    colour: "--l1",
    chart: {
      ...stepped("tables", say("tables by level"), say("How many tables each level has, stacked."), "count", 4, []),
      stacked: true,
      lines: levels("tables"),
    },
  },
  {
    colour: "--l2",
    chart: {
      ...stepped(
        "bytes",
        say("bytes by level"),
        say("How many bytes each level has, stacked, of the tables of which the log tells."),
        "bytes",
        1,
        [],
      ),
      stacked: true,
      lines: levels("bytes"),
    },
  },
  { colour: "--l4", chart: WRITTEN },
  {
    colour: "--l4",
    chart: stepped(
      "write",
      say("write amp"),
      say("Bytes that flushes and compactions wrote since the log began, by bytes that flushes wrote (RocksDB's)."),
      "ratio",
      2,
      [filled(say("RocksDB's"), "write_amplification", "--l4")],
    ),
  },
  {
    colour: "--wal",
    chart: stepped(
      "read",
      say("read amp"),
      say("Sorted runs that a read may have to look into: tables on level 0, and each deeper level that has any."),
      "count",
      4,
      [filled(say("runs"), "runs", "--wal")],
    ),
  },
  {
    colour: "--imm",
    chart: {
      ...stepped(
        "space",
        say("space amp"),
        say(
          "Bytes of all tables by bytes of the last level that has data, of the tables of which the log tells. Where " +
            "that level is nearly empty, the number is large and says little: the chart is cut at twice what " +
            "three quarters of the time have.",
        ),
        "ratio",
        2,
        [filled(say("estimate"), "space_amplification", "--imm")],
      ),
      isCut: true,
    },
  },
  {
    colour: "--dead",
    needs: "RocksDB",
    chart: stepped(
      "pending",
      say("pending"),
      say(
        "Bytes that RocksDB estimated to be compacted, the most of any column family. An estimate holds until the " +
          "next job ends.",
      ),
      "bytes",
      1,
      [filled(say("pending"), "pending", "--dead")],
    ),
  },
  { colour: "--dead", needs: "deletions", chart: DELETIONS },
  { colour: "--l1", needs: "deletions", chart: DROPPED },
];

/**
 * How often the charts have a value, where fewer than a dozen are in view; else nothing.
 * @param {LogReport} report
 * @param {number} width of the stretch in view, in seconds
 */
export function rateSaid({ period_seconds: period }, width) {
  if (width >= 12 * period) return "";
  const length = period === 1 ? "s" : time(period);
  return say("charts: 1 value/{length}", { length });
}

const DAY = 86_400;

/** The most digits of a second that a log has. */
const DIGITS = 6;
/** How many digits a second needs for steps of so many seconds to differ. @param {number} step */
const digitsOf = (step) => (step > 0 ? Math.max(0, Math.min(DIGITS, Math.ceil(-Math.log10(step) - 1e-9))) : 0);

/**
 * How moments of a log are written: by the clock of the machine that wrote it. The clock says no time zone: its
 * times are written as they are. In a narrow view, a moment has as many digits of a second as a hundredth of it needs.
 * @param {LogReport} report
 * @param {number} [width] of the stretch in view, in seconds
 * @returns {import("../views/over-time.js").Clock}
 */
export function clockOf(report, width = Number.POSITIVE_INFINITY) {
  const start = report.from / 1e6;
  const long = report.until / 1e6 - start > DAY / 2;
  const year = (/** @type {number} */ micros) => new Date(micros / 1000).getUTCFullYear();
  const years = year(report.from) !== year(report.until) ? /** @type {const} */ ({ year: "numeric" }) : {};
  const forms = new Map();
  const write = (/** @type {number} */ moment, /** @type {string} */ form, digits = 0) => {
    const micros = report.from + Math.round(moment * 1e6);
    const date = new Date(Math.floor(micros / 1e6) * 1000);
    // Of a damaged log, a date may be past all that dates can be.
    if (Number.isNaN(date.getTime())) return "?";
    if (!forms.has(form)) {
      const shown = { timeZone: "UTC", ...FORMS[form], ...(form.startsWith("day") ? years : {}) };
      forms.set(form, new Intl.DateTimeFormat(spoken(), shown));
    }
    const fraction = String(((micros % 1e6) + 1e6) % 1e6).padStart(DIGITS, "0");
    return `${forms.get(form).format(date)}${digits > 0 ? decimal(`.${fraction.slice(0, digits)}`) : ""}`;
  };
  return {
    offset: start % DAY,
    tick: (moment, step) =>
      write(
        moment,
        step >= DAY ? "day" : step >= 60 ? (long ? "dayTime" : "time") : "second",
        step < 1 ? digitsOf(step) : 0,
      ),
    moment: (moment) => write(moment, long ? "daySecond" : "second", digitsOf(width / 100)),
  };
}

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const FORMS = {
  day: { month: "short", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  second: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  dayTime: { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  daySecond: {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  },
};
