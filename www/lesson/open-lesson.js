// Opens a lesson by its name, its address, or its text.
//
// In: what the address of the page names, or a file. Out: a lesson of the engine. Errors: what the file has faults in,
// with line and column; or why it could not be loaded. A foreign lesson is text: it is bounded here and by the engine.

import { loadLessons } from "../wasm.js";
import { say, spoken } from "../words.js";

/** The longest file that is read, in bytes: as the engine does. */
export const MAX_BYTES = 256 << 10;

/** @typedef {import("../../lsmscope_lesson.js").Lesson} LessonFile */
/** @typedef {import("../../lsmscope_lesson.js").PlacedFinding} Finding */
/** @typedef {{ lesson: LessonFile } | { problem: string, findings: Finding[] }} Opened */

/** Whether it is the name of one of ours, not an address. @param {string} name */
export const isOurs = (name) => /^[a-z0-9-]+$/.test(name);

/**
 * @param {string} name The name of one of ours, or the address of another.
 * @param {string} [lang] The language of ours, where it is translated.
 * @returns {Promise<Opened>}
 */
export async function openLesson(name, lang = spoken()) {
  if (isOurs(name)) return await ours(name, lang);
  const url = URL.parse(name, location.href);
  if (!url || !/^https?:$/.test(url.protocol))
    return refused(
      say("“{name}” is neither the name of a lesson nor an address that begins with https:", { name: short(name) }),
    );
  // What grades comes at the same time.
  loadLessons().catch(() => {});
  try {
    const text = await fetchedText(url);
    return text === null ? refused(TOO_LONG) : await readLesson(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refused(
      say(
        "{address} could not be loaded: {why}. Is the address right, and does its host allow other sites to read it " +
          "(Access-Control-Allow-Origin)? You can also drop the file onto this page.",
        { address: url.href, why },
      ),
    );
  }
}

export const TOO_LONG = say("This file is longer than {kib} KiB, more than a lesson may have.", {
  kib: MAX_BYTES >> 10,
});

/**
 * @param {string} name
 * @param {string} lang
 */
async function ours(name, lang) {
  try {
    const [{ COURSE }] = await Promise.all([import("../lessons/course.js"), loadLessons()]);
    const same = COURSE.filter(({ id }) => id === name);
    const found = same.find((one) => one.lang === lang) ?? same[0];
    return found
      ? await readLesson((await found.text()).default)
      : refused(say("There is no lesson “{name}” yet.", { name }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refused(say("The lesson could not be loaded: {why}. Check the connection, then reload the page.", { why }));
  }
}

/**
 * The text of an address; null if it is longer than a lesson may be.
 * @param {URL} url
 */
export async function fetchedText(url) {
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
export async function readLessonFile(file) {
  return file.size > MAX_BYTES ? refused(TOO_LONG) : await readLesson(await file.text());
}

/**
 * @param {string} text
 * @returns {Promise<Opened>}
 */
export async function readLesson(text) {
  const { Lesson } = await loadLessons();
  const { lesson, findings } = Lesson.read(text);
  return lesson ? { lesson } : { problem: say("This lesson has faults."), findings };
}

/** @param {string} problem @returns {Opened} */
const refused = (problem) => ({ problem, findings: [] });

/** @param {string} name */
const short = (name) => (name.length > 80 ? `${name.slice(0, 80)}…` : name);
