// The text of a lesson, to begin with: one of the course, of the guide for authors, of an address, of a file.

import { MAX_BYTES, TOO_LONG, fetchedText, isOurs } from "../open-lesson.js";
import { say } from "../../words.js";

/** @typedef {{ text: string } | { problem: string }} Found */

/**
 * @param {string} name The name of one of ours, or the address of another.
 * @returns {Promise<Found>}
 */
export async function textOf(name) {
  try {
    if (isOurs(name)) return await ours(name);
    const url = new URL(name);
    if (!/^https?:$/.test(url.protocol)) return { problem: say("{name} is no address of a lesson.", { name }) };
    const text = await fetchedText(url);
    return text === null ? { problem: TOO_LONG } : { text };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { problem: say("{name} could not be loaded: {why}.", { name, why }) };
  }
}

/** @param {string} name @returns {Promise<Found>} */
async function ours(name) {
  const { COURSE } = await import("../../lessons/course.js");
  const same = COURSE.filter(({ id }) => id === name);
  const found = same.find(({ lang }) => lang === document.documentElement.lang) ?? same[0];
  return found ? { text: (await found.text()).default } : { problem: say("There is no lesson {name}.", { name }) };
}

/** The lesson of docs/authoring.md. */
export const guide = async () => (await import("../../lessons/guide.js")).default;

/**
 * @param {File} file
 * @returns {Promise<Found>}
 */
export const textOfFile = async (file) => (file.size > MAX_BYTES ? { problem: TOO_LONG } : { text: await file.text() });
