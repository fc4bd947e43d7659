// Opens a lesson by its name, its address, or its text.
//
// In: what the address of the page names, or a file. Out: a lesson of the engine. Errors: what the file has faults in,
// with line and column; or why it could not be loaded. A foreign lesson is text: it is bounded here and by the engine.

import { lessonOf } from "./course-entry.js";
import { problemWords } from "./lesson-context.js";
import { isSingleFile } from "../site-address.js";
import { nextTurn } from "../turns.js";
import { loadEngine, loadLessons } from "../wasm.js";
import { say } from "../words.js";

/** The longest file that is read, in bytes: as the engine does. */
const MAX_BYTES = 256 << 10;

/** @typedef {import("../../lsmscope_lesson.js").Lesson} LessonFile */
/** @typedef {import("../../lsmscope_lesson.js").PlacedFinding} Finding */
/** @typedef {{ text: string } | { problem: string }} LessonText */
/** @typedef {{ lesson: LessonFile } | { problem: string, findings: Finding[] }} Opened */

/** Whether it is the name of one of ours, not an address. @param {string} name */
export const isOurs = (name) => /^[a-z0-9-]+$/.test(name);

/**
 * @param {string} name The name of one of ours, or the address of another.
 * @returns {Promise<Opened>}
 */
export async function openLesson(name) {
  // What grades comes at the same time, and the engine behind it: the text is there first.
  loadLessons()
    .then(loadEngine)
    .catch(() => {});
  return await readText(await textOf(name));
}

/**
 * The text of a lesson: of ours in the reader's language, where it is translated.
 * @param {string} name The name of one of ours, or the address of another.
 * @returns {Promise<LessonText>}
 */
export async function textOf(name) {
  if (isOurs(name)) return await ours(name);
  const url = URL.parse(name, location.href);
  if (!url || !/^https?:$/.test(url.protocol))
    return {
      problem: say("“{name}” is neither the name of a lesson nor an address that begins with https:", {
        name: short(name),
      }),
    };
  const watch = watchPolicy();
  try {
    const text = await fetchedText(url);
    return text === null ? { problem: TOO_LONG } : { text };
  } catch (error) {
    if (await watch.forbids()) return { problem: forbidden(url) };
    return {
      problem: say(
        "{address} could not be loaded: {why}. Is the address right, and does its host allow other sites to read it " +
          "(Access-Control-Allow-Origin)? You can also drop the file onto this page.",
        { address: url.href, why: problemWords(error) },
      ),
    };
  } finally {
    watch.end();
  }
}

/** Milliseconds until the browser has said why it refused a request, if the page's policy is why. */
const SAID_BY = 200;

/**
 * Watches for a request that the policy of this page forbids (Content-Security-Policy): its error is that of a network
 * that fails, and the reason comes as an event of its own, before or after.
 */
function watchPolicy() {
  /** @type {(isForbidden: boolean) => void} */
  let tell = () => {};
  const told = new Promise((resolve) => {
    tell = resolve;
  });
  /** @param {SecurityPolicyViolationEvent} event */
  const hear = ({ effectiveDirective }) => effectiveDirective === "connect-src" && tell(true);
  document.addEventListener("securitypolicyviolation", hear);
  return {
    /** @returns {Promise<boolean>} */
    forbids() {
      setTimeout(() => tell(false), SAID_BY);
      return told;
    },
    end: () => document.removeEventListener("securitypolicyviolation", hear),
  };
}

/** @param {URL} url */
function forbidden({ href, host }) {
  const words = { address: href, host };
  return isSingleFile()
    ? say(
        "{address} was not loaded: this page is one file, which loads nothing else. Drop the lesson's file onto it.",
        words,
      )
    : say(
        "{address} was not loaded: this site lets its pages load from the site alone (Content-Security-Policy). Save " +
          "the lesson as a file and drop it onto this page. Or ask who runs this site to allow {host} in connect-src.",
        words,
      );
}

/**
 * The text of a file.
 * @param {File} file
 * @returns {Promise<LessonText>}
 */
export const textOfFile = async (file) => (file.size > MAX_BYTES ? { problem: TOO_LONG } : { text: await file.text() });

const TOO_LONG = say("This file is longer than {kib} KiB, more than a lesson may have.", {
  kib: MAX_BYTES >> 10,
});

/** @param {string} name @returns {Promise<LessonText>} */
async function ours(name) {
  try {
    const { COURSE } = await import("../lessons/course.js");
    const found = lessonOf(COURSE, name);
    return found
      ? { text: (await found.text()).default }
      : { problem: say("There is no lesson “{name}” yet.", { name }) };
  } catch (error) {
    return { problem: notLoaded(error) };
  }
}

/** @param {unknown} error */
const notLoaded = (error) =>
  say("The lesson could not be loaded: {why}. Check the connection, then reload the page.", {
    why: problemWords(error),
  });

/**
 * The text of an address; null if it is longer than a lesson may be.
 * @param {URL} url
 */
async function fetchedText(url) {
  const response = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer" });
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`.trim());
  const reader = response.body?.getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done || !value) break;
    bytes += value.length;
    if (bytes > MAX_BYTES) {
      // What is left is not waited for.
      reader?.cancel().catch(() => {});
      return null;
    }
    parts.push(value);
  }
  return await new Blob(parts).text();
}

/**
 * @param {File} file
 * @returns {Promise<Opened>}
 */
export const readLessonFile = async (file) => await readText(await textOfFile(file));

/**
 * @param {LessonText} found
 * @returns {Promise<Opened>}
 */
async function readText(found) {
  if ("problem" in found) return refused(found.problem);
  try {
    const { Lesson } = await loadLessons();
    const { lesson, findings } = Lesson.read(found.text);
    await nextTurn();
    return lesson ? { lesson } : { problem: say("This lesson has faults."), findings };
  } catch (error) {
    return refused(notLoaded(error));
  }
}

/** @param {string} problem @returns {Opened} */
const refused = (problem) => ({ problem, findings: [] });

/** @param {string} name */
const short = (name) => (name.length > 80 ? `${name.slice(0, 80)}…` : name);
