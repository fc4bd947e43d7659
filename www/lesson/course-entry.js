// A lesson in the list of all: what its file says of it, and what this browser keeps of a visit.

import { isDone, readProgress } from "./progress.js";
import { spoken } from "../words.js";

/**
 * @typedef {object} CourseEntry
 * @property {string} id
 * @property {string} title
 * @property {string} kind `lesson` or `article`.
 * @property {number | null} lesson Its place in the course.
 * @property {number | null} minutes
 * @property {string[]} goals
 * @property {string[]} asked The ids of its questions and challenges.
 * @property {unknown} kept
 */

/**
 * How far a learner is: questions and challenges that are done, of all; null if it was not begun.
 * @param {CourseEntry} entry
 * @returns {{ done: number, of: number } | null}
 */
export function farAlong({ id, asked, kept }) {
  const progress = readProgress(kept, id);
  return progress && { done: asked.filter((one) => isDone(progress, one)).length, of: asked.length };
}

/**
 * A lesson in the reader's language; where it is not translated, in English.
 * @template {{ id: string, lang: string }} Lesson
 * @param {Lesson[]} course in which English comes before translations
 * @param {string} id
 * @returns {Lesson | undefined}
 */
export function lessonOf(course, id) {
  const same = course.filter((one) => one.id === id);
  return same.find(({ lang }) => lang === spoken()) ?? same[0];
}
