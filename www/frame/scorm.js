// SCORM 1.2, the side of the content: a learning platform (LMS) is told of a visit, by the API in one of its windows.
//
// In: player events (reporter.js), and a clock. Out: calls, in this order: LMSInitialize; what was kept; as it happens,
// lesson_status, score, suspend_data and session_time; LMSCommit after every answer, at the end of the content and when
// the page is hidden; LMSFinish when the page goes. Errors: after each call LMSGetLastError says whether it was taken;
// what was not is told as a sentence, and the page goes on.
//
// Nothing waits for `unload`: browsers drop it, and Moodle forbids it. Source: ADL, SCORM 1.2 Run-Time Environment.

import { MAX_HEAD, NOTHING, read, withAnswer, write } from "./kept.js";
import { say } from "../words.js";

/** @typedef {Record<string, (...values: string[]) => unknown>} Api */

/** The most windows above a window that are searched. */
const MAX_PARENTS = 7;
/** The longest suspend_data (CMIString4096), in characters. */
const MAX_SUSPEND_DATA = 4096;
/** The longest link that fits into it beside the answers, in characters. */
export const MAX_LINK = MAX_SUSPEND_DATA - MAX_HEAD;
/** A lesson_status that says that nothing has been decided yet. */
const OPEN = ["", "not attempted", "browsed", "unknown"];

/**
 * The API of the platform: in the window or above it, else in the one that opened it or above that.
 * @param {Window} self
 * @returns {Api | null}
 */
export function findApi(self) {
  return above(self) ?? (self.opener ? above(self.opener) : null);
}

/** @param {Window} from */
function above(from) {
  let window = from;
  for (let up = 0; up <= MAX_PARENTS; up += 1) {
    const api = apiOf(window);
    if (api) return api;
    if (window.parent === window) return null;
    window = window.parent;
  }
  return null;
}

/** @param {any} window */
function apiOf(window) {
  try {
    return typeof window.API?.LMSInitialize === "function" ? /** @type {Api} */ (window.API) : null;
  } catch {
    // Of another origin; what is above it may be of ours.
    return null;
  }
}

/**
 * A time as CMITimespan, `HHHH:MM:SS.SS`.
 * @param {number} millis
 */
export function timespan(millis) {
  const all = Math.min(Math.max(0, Math.round(millis / 10)), 10_000 * 360_000 - 1);
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  const [hours, minutes, seconds] = [
    Math.floor(all / 360_000),
    Math.floor(all / 6000) % 60,
    Math.floor(all / 100) % 60,
  ];
  return `${String(hours).padStart(4, "0")}:${two(minutes)}:${two(seconds)}.${two(all % 100)}`;
}

/**
 * @param {string} call
 * @param {string} element What it was about; empty if nothing.
 * @param {string} why Empty if the platform does not say.
 */
function failed(call, element, why) {
  if (element)
    return why
      ? say("{call} of {element} failed ({why})", { call, element, why })
      : say("{call} of {element} failed", { call, element });
  return why ? say("{call} failed ({why})", { call, why }) : say("{call} failed", { call });
}

/**
 * Whom a visit is reported to; null where there is no platform.
 * @param {object} world
 * @param {Window} world.self
 * @param {() => number} world.now Milliseconds.
 * @param {(text: string) => void} world.trouble What the platform did not take; empty when it has taken all.
 * @returns {import("./reporter.js").Reporter | null}
 */
export function createScorm({ self, now, trouble }) {
  const found = findApi(self);
  if (!found) return null;
  const api = found;
  let [isOpen, began, status, interactions] = [false, 0, "", 0];
  /** What the platform did not take since it was asked to save last. */
  let refused = "";
  let kept = NOTHING;

  /**
   * Calls the platform. Returns its answer; null if it did not take the call.
   * @param {string} name
   * @param {string[]} values
   */
  function call(name, ...values) {
    try {
      const answer = String(api[name](...values));
      const code = String(api.LMSGetLastError());
      if (/^0?$/.test(code) && !(answer === "false" && name !== "LMSGetValue")) return answer;
      const text = String(api.LMSGetErrorString(code));
      return refuse(name, values[0], code === "0" ? "" : say("{text}, error {code}", { text, code }));
    } catch (error) {
      return refuse(name, values[0], error instanceof Error ? error.message : String(error));
    }
  }

  /**
   * @param {string} name
   * @param {string} element
   * @param {string} why
   */
  function refuse(name, element, why) {
    refused ||= failed(name, element, why);
    return null;
  }

  /**
   * Calls what a platform need not have.
   * @param {string} name
   * @param {string[]} values
   */
  function tryCall(name, ...values) {
    const before = refused;
    const answer = call(name, ...values);
    refused = before;
    return answer;
  }

  /** @param {string} element */
  const get = (element) => call("LMSGetValue", element) ?? "";

  /** @param {string} next */
  function setStatus(next) {
    status = next;
    call("LMSSetValue", "cmi.core.lesson_status", next);
  }

  function tell() {
    const text = say(
      "The learning platform may not record this visit: {why}. Everything else works. Open it again " +
        "from the course; if that does not help, tell the teacher.",
      { why: refused.replace(/\s+/g, " ") },
    );
    trouble(refused ? text : "");
    refused = "";
  }

  function save() {
    if (!isOpen) return;
    call("LMSSetValue", "cmi.suspend_data", write(kept, MAX_SUSPEND_DATA));
    call("LMSSetValue", "cmi.core.session_time", timespan(now() - began));
    call("LMSSetValue", "cmi.core.exit", "suspend");
    call("LMSCommit", "");
    tell();
  }

  function finish() {
    if (!isOpen) return;
    save();
    isOpen = false;
    call("LMSFinish", "");
    tell();
  }

  /** The browser has brought the page back as it was; a visit can not be begun twice. */
  function back() {
    trouble(say("This visit has ended: what is done now is not recorded. Open it again from the course."));
  }

  return {
    longest: MAX_LINK,
    async started() {
      began = now();
      isOpen = call("LMSInitialize", "") !== null;
      if (isOpen) {
        const isNew = get("cmi.core.entry") === "ab-initio";
        const before = get("cmi.suspend_data");
        kept = isNew ? NOTHING : read(before);
        status = get("cmi.core.lesson_status");
        interactions = Number(tryCall("LMSGetValue", "cmi.interactions._count") || 0);
        if (OPEN.includes(status)) setStatus("incomplete");
        self.document.addEventListener("visibilitychange", () => self.document.hidden && save());
        self.addEventListener("pagehide", finish);
        self.addEventListener("pageshow", ({ persisted }) => persisted && back());
      }
      tell();
      return kept;
    },
    progress(link) {
      if (link) kept = { ...kept, link };
    },
    answered(n, result) {
      kept = { ...kept, answers: withAnswer(kept.answers, n, result) };
      if (!isOpen) return;
      const element = `cmi.interactions.${interactions}`;
      interactions += 1;
      tryCall("LMSSetValue", `${element}.id`, `question-${n + 1}`);
      tryCall("LMSSetValue", `${element}.result`, result === "right" ? "correct" : "wrong");
      save();
    },
    complete(score) {
      if (!isOpen) return;
      const least = score === undefined ? "" : tryCall("LMSGetValue", "cmi.student_data.mastery_score");
      if (score !== undefined) {
        const raw = Math.round(Math.min(Math.max(score, 0), 1) * 10_000) / 100;
        for (const [name, value] of [
          ["raw", raw],
          ["min", 0],
          ["max", 100],
        ])
          call("LMSSetValue", `cmi.core.score.${name}`, String(value));
        const next = !least ? "completed" : raw >= Number(least) ? "passed" : "failed";
        // What was passed once stays so.
        if (status !== "passed") setStatus(next);
      } else if (status === "incomplete") setStatus("completed");
      save();
    },
  };
}
