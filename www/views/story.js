// What happened, in plain words: a pure function from an event to a title, one or two sentences, and the reason behind.
//
// `title` is a short phrase (the event list shows it too). `text` says what happened, with the real names and numbers.
// `why` says why an LSM tree does this at all, or what it would cost not to. Code is in `backticks`.

import { number, say } from "../words.js";
import { JOBS } from "./story/jobs.js";
import { OPERATIONS } from "./story/operations.js";
import { POWER } from "./story/power.js";
import { READS } from "./story/reads.js";
import { RECOVERY } from "./story/recovery.js";
import { TIME } from "./story/time.js";
import { WRITES } from "./story/writes.js";

/** @typedef {import("../timeline.js").Event} Event */
/** @typedef {import("./story/phrases.js").Story} Story */
/** @typedef {import("./story/phrases.js").Tellers} Tellers */

/** @type {Tellers} */
const TELLERS = { ...OPERATIONS, ...RECOVERY, ...WRITES, ...JOBS, ...READS, ...POWER, ...TIME };

/** The types of event that have a story. */
export const TOLD = Object.keys(TELLERS);

/**
 * @param {Event} event
 * @returns {Story}
 */
export function story(event) {
  const tell = /** @type {((event: Event) => Story) | undefined} */ (TELLERS[event.type]);
  return tell ? tell(event) : { title: event.type.replaceAll("_", " "), text: JSON.stringify(event) };
}

/**
 * The length of the sentence of an event: how long it takes to read.
 * @param {Event} event
 */
export const letters = (event) => story(event).text.length;

/** The story where there is no timeline.
 * @type {Story} */
const CLOSED = {
  title: say("No database is open"),
  text: say("Once one is open, what it does is told here, event by event."),
};

/**
 * The story where no event is before the position: at the beginning, or where earlier events were dropped.
 * @param {number} start the first position of the timeline
 * @returns {Story}
 */
export function before(start) {
  if (start === 0)
    return {
      title: say("Nothing has happened yet"),
      text: say("This is the moment before the database is opened. Press `→` to go on."),
    };
  return {
    title: say("Earlier events are no longer kept"),
    text: say("The timeline was full, so its first {n} events were let go. Press `→` to go on from here.", {
      n: number(start),
    }),
  };
}

/**
 * The story of what is shown: of the event that led there, if there is one.
 * @param {import("../timeline.js").View | null} view
 */
export function toldOf(view) {
  if (!view) return CLOSED;
  return view.now ? story(view.now) : before(view.start);
}

/**
 * The story of the event that leads to a position.
 * @param {{ events: (from: number, to: number) => { event: Event }[] }} record
 * @param {number} position
 */
export function storyAt({ events }, position) {
  const [row] = events(position - 1, position);
  return row ? story(row.event) : before(0);
}

/**
 * The story of what is shown, for those who hear the page.
 * @param {Pick<import("../timeline.js").View, "now" | "position" | "length" | "start">} view
 * @param {boolean} [hides] Whether how many events there are is hidden.
 */
export function eventSaid({ now, position, length, start }, hides = false) {
  const { title, text: sentence } = now ? story(now) : before(start);
  const text = sentence.replaceAll("`", "");
  return hides
    ? say("Event {position}: {title}. {text}", { position, title, text })
    : say("Event {position} of {length}: {title}. {text}", { position, length, title, text });
}
