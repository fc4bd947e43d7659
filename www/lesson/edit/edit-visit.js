// A visit of the editor: with the draft of the last visit, or a copy of a lesson.
//
// In: what the address names. Out: the editor, with the player beside it.

import { createDrafts } from "./draft.js";
import { createEditing } from "./editing.js";
import { createLesson } from "../lesson.js";
import { problemWords } from "../lesson-context.js";
import { beginVisit } from "../lesson-visit.js";
import { textOf, textOfFile } from "../open-lesson.js";
import { loadLessons } from "../../wasm.js";

/** @typedef {import("./editing.js").Editing} Editing */
/** @typedef {import("../lesson-visit.js").Page} Page */

/**
 * @param {string} name The lesson to begin with; empty for the draft, or nothing.
 * @param {Page} page
 * @returns {Promise<Editing | null>} null where it cannot be opened, which the state says
 */
export async function visitEditor(name, { controller, player, openSandbox, seconds, arrived }) {
  const { store } = controller;
  beginVisit({ controller, player });
  const drafts = createDrafts();
  let Lesson;
  try {
    ({ Lesson } = await loadLessons());
  } catch (error) {
    store.set({ lessonOpening: { busy: false, problem: problemWords(error), findings: [] } });
    return null;
  }
  /** @type {Editing} */
  const editing = createEditing({
    words: Lesson.vocabulary(),
    read: (text) => Lesson.read(text),
    textOfFile,
    player: createLesson(controller, player, {
      // An author begins anew with each change, in the variant that is chosen.
      kept: () => null,
      keep: () => {},
      random: () => editing.store.get().variant,
      openSandbox,
      seconds,
      now: () => performance.now(),
    }),
    shown: () => store.get().lesson,
    drafts,
    wait,
  });
  arrived(editing.player);
  const draft = drafts.take();
  // A reload goes on with what was made of the lesson.
  const goesOn = name === "" || draft?.from === name;
  const found = goesOn ? null : await textOf(name);
  if (found && "text" in found) editing.open(found.text, name);
  else editing.open(draft?.text ?? "", draft?.from ?? "");
  if (found && "problem" in found) editing.complain(found.problem);
  return editing;
}

/**
 * @param {() => void} act
 * @param {number} milliseconds
 */
function wait(act, milliseconds) {
  const timer = setTimeout(act, milliseconds);
  return () => clearTimeout(timer);
}
