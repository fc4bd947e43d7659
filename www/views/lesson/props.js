// What the views of a lesson are given.

/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../lesson/lesson-state.js").LessonState} LessonState */
/** @typedef {import("../../lesson/lesson.js").LessonController} LessonController */
/**
 * @typedef {object} LessonProps
 * @property {import("../../controller.js").Controller} controller
 * @property {import("../../player.js").Player} player
 * @property {LessonController} lessons
 * @property {LessonState} lesson
 * @property {State} state
 * @property {boolean} [within] Whether the lesson is a part of a page: of the editor.
 */

export {};
