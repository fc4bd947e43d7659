// A visit of the course: the list of lessons, one of them, or one of another author.
//
// In: what the address names, or a file that is dropped. Out: `course`, `lessonOpening` and `lesson` of the state.

import { lessonOf } from "./course-entry.js";
import { createLesson } from "./lesson.js";
import { keepLesson, keptLesson } from "./kept.js";
import { isOurs, openLesson, readLessonFile } from "./open-lesson.js";
import { LESSON } from "../assets.js";
import { savesData } from "../offline.js";
import { readPrefs, writePrefs } from "../prefs.js";
import { atRest } from "../turns.js";

/** @typedef {import("./lesson.js").LessonController} LessonController */
/** @typedef {import("./open-lesson.js").Opened} Opened */
/**
 * @typedef {object} Page
 * @property {import("../controller.js").Controller} controller
 * @property {import("../player.js").Player} player
 * @property {(config: import("../sandbox.js").OpenConfig) => Promise<import("../sandbox.js").Sandbox>} openSandbox
 * @property {(position: number) => number} seconds How long the event that leads to a position is shown.
 * @property {(way: LessonController) => void} arrived
 * @property {(message: import("./lesson-context.js").Told) => void} [tell] Tells a host what was done.
 * @property {unknown} [carried] Progress that a host has kept, if any: it is before what this browser has.
 * @property {(progress: import("./progress.js").Progress) => void} [keeps] Hands it to a host.
 */

/**
 * Opens what the address names: the list, if that is empty.
 * @param {string} name
 * @param {Page} page
 * @param {{ beat?: number, presents?: boolean }} [how] `beat`: in which it begins; `presents`: before an audience
 */
export async function visitLesson(name, page, how = {}) {
  beginVisit(page);
  if (name === "") return await visitCourse(page);
  await show(await openLesson(name), page, { from: isOurs(name) ? "" : name, ...how });
}

/**
 * Opens a lesson from a file.
 * @param {File} file
 * @param {Page} page
 */
export async function visitFile(file, page) {
  beginVisit(page);
  await show(await readLessonFile(file), page, { from: `file ${file.name}` });
}

/**
 * Leaves what is on the page: a lesson, its list or the editor is being opened.
 * @param {Pick<Page, "controller" | "player">} page
 */
export function beginVisit({ controller, player }) {
  player.pause();
  const opening = { busy: true, problem: "", findings: [] };
  controller.store.set({
    room: "lesson",
    layout: "figure",
    unfolded: [],
    lesson: null,
    course: null,
    lessonOpening: opening,
  });
}

/** @param {Page} page */
async function visitCourse({ controller: { store } }) {
  const { COURSE } = await import("../lessons/course.js");
  const course = COURSE.filter(({ lang }) => lang === "en").map((one) => ({
    ...(lessonOf(COURSE, one.id) ?? one),
    kept: keptLesson(one.id),
  }));
  store.set({ lessonOpening: null, course });
  void atRest().then(fetchNext);
}

/** Has the browser's cache what the lesson needs that is opened next: each lesson is a page of its own. */
async function fetchNext() {
  if (!(LESSON instanceof URL) || savesData()) return;
  try {
    await (await fetch(LESSON, { priority: "low" })).arrayBuffer();
  } catch {
    // The lesson asks again.
  }
}

/**
 * @param {Opened} opened
 * @param {Page} page
 * @param {{ from: string, beat?: number, presents?: boolean }} how `from`: where another author's is from
 */
async function show(opened, { controller, player, openSandbox, seconds, arrived, tell, carried, keeps }, how) {
  const { store } = controller;
  if (!("lesson" in opened)) return void store.set({ lessonOpening: { busy: false, ...opened } });
  const random = (/** @type {number} */ to) => crypto.getRandomValues(new Uint32Array(1))[0] % to;
  const now = () => performance.now();
  const { asksSure } = readPrefs();
  const keepSure = (/** @type {boolean} */ asks) => writePrefs({ asksSure: asks });
  const settings = { asksSure, keepSure, addressed, rest: atRest };
  const kept = (/** @type {string} */ key) => carried ?? keptLesson(key);
  /** @param {string} key @param {import("./progress.js").Progress} progress */
  const keep = (key, progress) => {
    keepLesson(key, progress);
    keeps?.(progress);
  };
  const world = { kept, keep, openSandbox, random, seconds, now, tell, ...settings };
  const way = createLesson(controller, player, world);
  arrived(way);
  await way.open(opened.lesson, how);
}

/**
 * Names what is presented in the page's address: a reload goes on there.
 * @param {number | null} beat null: nothing is presented
 */
function addressed(beat) {
  const url = new URL(location.href);
  url.searchParams.delete("present");
  url.searchParams.delete("step");
  const query = [url.search.slice(1), ...(beat === null ? [] : ["present", `step=${beat + 1}`])].filter(Boolean);
  url.search = query.join("&");
  try {
    history.replaceState(history.state, "", url);
  } catch {
    // A page in one file has an address that may not change.
  }
}
