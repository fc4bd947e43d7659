// What can be taken away, of the sandbox and of the simulator: pictures, films, charts, files.

import { ticks } from "../../export/chart.js";
import { csv, sampled, simulated } from "../../export/table.js";
import { number, time } from "../../format.js";
import { CHARTS, written as simulatedValue } from "../../sim/series.js";
import { say, sayCount } from "../../words.js";
import { ALL } from "../axis-window.js";
import { timeTicks } from "../lanes/layout.js";
import { saveableScript, traceParts } from "../saved-text.js";
import { RUNS, laidOver } from "../sim/chart.js";
import { STRIPS, written } from "../series.js";
import { letters, storyAt } from "../story.js";
import { curves } from "../strip.js";
import { madeOf } from "./made.js";

/** @typedef {import("../../controller.js").Controller} Controller */
/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../export/picture.js").Subject} Subject */
/** @typedef {import("../../export/chart.js").ChartModel} ChartModel */
/** @typedef {import("../../timeline.js").FilmFrame} FilmFrame */
/** @typedef {import("./made.js").Made} Made */

/**
 * @typedef {object} TakeableChart
 * @property {string} name
 * @property {string} title
 * @property {(colour: (property: string) => string) => ChartModel} model
 * @property {() => { name: string, values: ArrayLike<number> }[]} columns
 */
/**
 * `act` opens something; `make` makes a file; neither: there is nothing yet.
 * @typedef {object} TakeableFile
 * @property {string} name
 * @property {string} label
 * @property {string} about
 * @property {() => void} [act]
 * @property {() => Made | undefined | Promise<Made | undefined>} [make]
 */
/**
 * @typedef {object} Takeable
 * @property {string} name How its files begin.
 * @property {Subject} subject
 * @property {number} position
 * @property {boolean} tells Whether there is a sentence for each position.
 * @property {number} length How many events there are.
 * @property {{ from: number, to: number }} range The operation at the position.
 * @property {((from: number, to: number, speed: number, rate: number) => FilmFrame[] | null) | null} plan A film; null
 *   where there is no timeline.
 * @property {() => TakeableChart[]} charts
 * @property {TakeableFile[]} files
 */

/** A range of as many events is not planned: each is a frame at least. */
const MAX_EVENTS = 6000;

/**
 * The sandbox, or the history that is on its stage.
 * @param {Controller} controller
 * @param {State} state
 * @param {import("../../saved-session.js").SavedSession} saved
 * @returns {Takeable}
 */
export function sandboxToTake(controller, state, saved) {
  const { stage, shown } = state;
  const { samples, length } = shown;
  const rows = (/** @type {number} */ from, /** @type {number} */ to) => controller.events(from, to);
  const told = (/** @type {number} */ position) => {
    const { title, text } = storyAt(controller, position);
    return { title, text: text.replaceAll("`", "") };
  };
  return {
    name: `lsmscope-event-${stage.position}`,
    subject: {
      figure: (position, width, height) => controller.figure(position, width, height, ALL),
      told,
      title: (position) =>
        say("An LSM-tree after event {position}: {title}", { position, title: told(position).title }),
    },
    position: stage.position,
    tells: true,
    length,
    range: operation(controller, stage.position, length),
    plan: (from, to, speed, rate) =>
      to - from > MAX_EVENTS
        ? null
        : (controller.timeline()?.film(
            from,
            to,
            rows(from, to).map(({ event }) => letters(event)),
            speed,
            rate,
          ) ?? null),
    charts: () => (samples && samples.events.length > 0 ? stripsToTake(samples, length) : []),
    files: [
      {
        name: "trace",
        label: say("Trace (JSON lines)"),
        about: sayCount(
          length,
          "All {n} event of the timeline, one JSON object a line.",
          "All {n} events of the timeline, one JSON object a line.",
        ),
        make: () => madeOf("lsmscope-trace.jsonl", "application/x-ndjson", traceParts(controller, length).join("")),
      },
      {
        name: "script",
        label: say("Script (text)"),
        about: sayCount(
          stage.script.length,
          "The {n} command run so far and the {queued} queued: for the console, or for the command line's repl.",
          "The {n} commands run so far and the {queued} queued: for the console, or for the command line's repl.",
          { queued: stage.queue.length },
        ),
        make: () => madeOf("lsmscope-script.txt", "text/plain", saveableScript(stage)),
      },
      sessionToTake(saved),
      {
        name: "charts",
        label: say("Charts (CSV)"),
        about: say("Everything charted: a row for each sample, a column for each line."),
        make: samples ? () => madeOf("lsmscope-charts.csv", "text/csv", csv(sampled(samples))) : undefined,
      },
      {
        name: "samples",
        label: say("Samples (CSV)"),
        about: shown.driven
          ? say("The samples of the last workload, with the columns of the command line's drive --out-csv.")
          : say("No workload has run yet. When one has: its samples, as of the command line's drive --out-csv."),
        make:
          shown.driven && !state.busy
            ? async () => {
                const text = await controller.runCsv();
                return text === undefined ? undefined : madeOf("lsm_metrics.csv", "text/csv", text);
              }
            : undefined,
      },
      {
        name: "open session",
        label: say("Open a session…"),
        about: say(
          "The other way round: a saved session is run again. It can be dropped anywhere on the page as well.",
        ),
        act: saved.choose,
      },
      {
        name: "history",
        label: say("Open a history…"),
        about: say("The MANIFEST of a real RocksDB database is read, and its decisions are stepped through."),
        act: () => controller.store.set({ dialog: "history", historyOpening: null }),
      },
    ],
  };
}

/**
 * @param {import("../../saved-session.js").SavedSession} saved
 * @returns {TakeableFile}
 */
function sessionToTake(saved) {
  const { session, notKept } = saved.current();
  const label = say("Session (JSON)");
  if (!session) return { name: "session", label, about: say("It could not be run again: {why}.", { why: notKept }) };
  return {
    name: "session",
    label,
    about: say("The commands of each branch, what is queued, and where you stand: opens again as it is here."),
    make: async () => {
      const { written: sessionText } = await import("../../export/session-file.js");
      return madeOf("lsmscope-session.json", "application/json", sessionText(session));
    },
  };
}

/**
 * The events of the operation at `position`; where there is none, the last few.
 * @param {Controller} controller
 * @param {number} position
 * @param {number} length
 */
function operation(controller, position, length) {
  const timeline = controller.timeline();
  if (!timeline || length === 0) return { from: 0, to: 0 };
  const from = timeline.step(position, "operation", true);
  const to = Math.max(position, Math.min(timeline.step(from, "operation", false), length));
  return from < to ? { from, to } : { from: Math.max(0, to - 1), to };
}

/**
 * @param {NonNullable<State["shown"]["samples"]>} samples
 * @param {number} length
 * @returns {TakeableChart[]}
 */
function stripsToTake(samples, length) {
  return STRIPS.map((strip) => ({
    name: strip.name,
    title: strip.title,
    columns: () => [
      { name: "event", values: samples.events },
      ...strip.series(samples).map((values, level) => ({
        name: strip.stacked ? `${strip.column} L${level}` : strip.column,
        values,
      })),
    ],
    model: (colour) => {
      const [x, ...lines] = curves(strip, samples, samples.events, length);
      return {
        title: strip.title,
        about: strip.about,
        x,
        axis: { from: 0, to: length, name: say("events"), written: number, marks: ticks(0, length, 6, true) },
        top: strip.least,
        written: (n) => written(strip.unit, n),
        bytes: strip.unit === "bytes",
        stepped: true,
        lines: lines.map((values, i) => {
          const level = lines.length - 1 - i;
          const [edge, fill] = strip.colours(level).map(colour);
          return { name: `L${level}`, colour: edge, fill, dashed: false, values };
        }),
      };
    },
  }));
}

/**
 * The simulator.
 * @param {import("../../sim/simulator.js").SimulatorState} state
 * @returns {Takeable}
 */
export function simulationToTake({ results, at }) {
  const samples = results.map((one) => one.samples);
  const name = "lsmscope-simulation";
  return {
    name,
    subject: {
      figure: (_, width, height) => results[0]?.paint(null, width, height, ALL) ?? null,
      told: () => ({ title: "", text: "" }),
      title: () => say("An LSM-tree after {time}", { time: time(at) }),
    },
    position: 0,
    tells: false,
    length: 0,
    range: { from: 0, to: 0 },
    plan: null,
    charts: () => (samples.length > 0 ? CHARTS.map((chart) => simulatedToTake(chart, samples, at)) : []),
    files: [
      {
        name: "charts",
        label: say("Charts (CSV)"),
        about: say("Everything charted: a row for each sample, a column for each line; of two runs, A and B."),
        make: samples.length > 0 ? () => madeOf(`${name}.csv`, "text/csv", csv(simulated(samples))) : undefined,
      },
    ],
  };
}

/**
 * @param {import("../../sim/series.js").Chart} chart
 * @param {import("../../sim/series.js").Samples[]} samples
 * @param {number} end
 * @returns {TakeableChart}
 */
function simulatedToTake(chart, samples, end) {
  return {
    name: chart.name,
    title: chart.title,
    columns: () =>
      samples.flatMap((run, i) => {
        const suffix = samples.length > 1 ? ` ${RUNS[i].name}` : "";
        return [
          { name: `seconds${suffix}`, values: run.columns.at },
          ...chart.lines(run).map(({ column, values }) => ({ name: `${column}${suffix}`, values })),
        ];
      }),
    model: (colour) => {
      const { x, lines } = laidOver(chart, samples);
      return {
        title: chart.title,
        about: chart.about,
        x,
        axis: { from: 0, to: end, name: say("virtual time"), written: time, marks: timeTicks({ from: 0, to: end }, 6) },
        top: chart.least,
        written: (n) => simulatedValue(chart.unit, n),
        bytes: chart.unit === "bytes",
        stepped: false,
        lines: lines.map(({ name, colour: property, background, fill, run, values }) => ({
          name: samples.length > 1 ? `${RUNS[run].name} ${name}` : name,
          colour: colour(property),
          fill: fill ? colour(background) : null,
          dashed: run > 0,
          values,
        })),
      };
    },
  };
}
