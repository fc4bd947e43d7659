// The axis of the charts: event by event, as the scrubber's, or virtual time.
//
// In: samples, and the length of the timeline. Out: a `ChartAxis`, which says where an event lies and which event lies
// somewhere. Places on it begin with 0: events are counted from the first, virtual time in nanoseconds from the first
// moment that the samples know.

import { number, time } from "../format.js";
import { decimal, say } from "../words.js";
import { at } from "./series.js";

/** @typedef {import("./series.js").Samples} Samples */
/** @typedef {"event" | "time"} AxisKind */

/**
 * @typedef {object} ChartAxis
 * @property {AxisKind} by
 * @property {number} end The last place.
 * @property {number} least No narrower part of it fills the charts.
 * @property {ArrayLike<number>} places Of the samples, in order.
 * @property {(event: number) => number} placeOf
 * @property {(place: number) => number} eventAt The event after which what is shown at this place holds.
 * @property {(place: number, span: number) => string} label What is at a place, fine enough to tell it from another one
 *   `span` away.
 */

const SECOND = 1e9;
/** The most labels below the charts. */
const MAX_LABELS = 6;

/**
 * Whether the clock is of any meaning: jobs and writes take virtual time.
 * @param {Samples | null} samples
 */
export function hasTime(samples) {
  return samples !== null && samples.nanos.some((nanos) => !Number.isNaN(nanos));
}

/**
 * Events where the samples know no time.
 * @param {AxisKind} by
 * @param {Samples | null} samples
 * @param {number} length
 * @returns {ChartAxis}
 */
export function chartAxis(by, samples, length) {
  return samples && by === "time" && hasTime(samples) ? timeAxis(samples, length) : eventAxis(samples, length);
}

/**
 * @param {Samples | null} samples
 * @param {number} length
 * @returns {ChartAxis}
 */
function eventAxis(samples, length) {
  return {
    by: "event",
    end: length,
    least: 4,
    places: samples?.events ?? [],
    placeOf: (event) => event,
    eventAt: (place) => Math.max(0, Math.min(length, Math.round(place))),
    label: (place) => say("event {n}", { n: number(place) }),
  };
}

/**
 * @param {Samples} samples
 * @param {number} length
 * @returns {ChartAxis}
 */
function timeAxis({ events, nanos }, length) {
  const first = nanos.find((n) => !Number.isNaN(n)) ?? 0;
  // Where the engine ran without virtual time, it stands still.
  let now = first;
  const places = Float64Array.from(nanos, (n) => {
    if (n > now) now = n;
    return now - first;
  });
  const end = places.at(-1) ?? 0;
  return {
    by: "time",
    end,
    least: 1000,
    places,
    placeOf: (event) => places[at(events, event)] ?? 0,
    eventAt: (place) => (place >= end ? length : (events[at(places, place)] ?? 0)),
    label: (place, span) => moment(first + place, span),
  };
}

/**
 * @param {number} nanos
 * @param {number} span In nanoseconds.
 */
function moment(nanos, span) {
  if (span >= 60 * SECOND) return time(nanos / SECOND);
  const decimals = Math.max(0, Math.min(9, Math.ceil(-Math.log10(span / SECOND) - 1e-9)));
  return `${decimal((nanos / SECOND).toFixed(decimals))} s`;
}

/**
 * Round places between `from` and `to`, with their labels.
 * @param {ChartAxis} axis
 * @param {number} from
 * @param {number} to
 */
export function labels(axis, from, to) {
  const rough = (to - from) / MAX_LABELS;
  if (!(rough > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((n) => n * power >= rough) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => (first + i) * step).map((place) => ({
    place,
    text: axis.label(place, step),
  }));
}
