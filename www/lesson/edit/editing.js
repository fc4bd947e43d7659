// The editor of a lesson: a text, what is wrong with it, and the beat in which the cursor stands on the player.
//
// In: what an author types, and where the cursor stands. Out: the state of the editor; `state.lesson` of the page,
// which the player shows. The preview follows a text that is a lesson; while it is none, the last one stays.

import { createChecking } from "./checking.js";
import { isBlock } from "./completions.js";
import { placeOf, sourceOf } from "./place.js";
import { createStore } from "../../store.js";

/** @typedef {import("./place.js").Place} Place */
/** @typedef {import("../../../lsmscope_lesson.js").LessonMoment} Moment */

/**
 * @typedef {object} EditingState
 * @property {string} text
 * @property {string} from Where a text that was put in as a whole is from: the editor then has another document.
 * @property {number} opened Counts these.
 * @property {import("./checking.js").Finding[]} findings
 * @property {import("./checking.js").Checked["check"]} check
 * @property {number} variants How many are checked.
 * @property {Place} place
 * @property {"stop" | "figure" | ""} names What the moments of the block at the cursor are for; empty if it has none.
 * @property {Moment[]} moments
 * @property {boolean} isLesson Whether the text is one: while it is none, it has no moments.
 * @property {boolean} isStale Whether the preview is of an older text, as this one is no lesson.
 * @property {boolean} hasPreview
 * @property {number} variant Which one the preview shows.
 * @property {boolean} hasBefore Whether a text was there before another was put in its place, in this visit or an
 *   earlier one.
 * @property {boolean} isKept Whether the draft is there after a reload.
 * @property {string} problem What went wrong with a file, or an address.
 * @property {"text" | "preview"} pane Which of the two is in view, where there is room for one.
 */

const NO_PLACE = /** @type {Place} */ ({ part: "text", beat: 0, block: -1, info: "", key: "", before: "" });

/** Milliseconds without a change, before the preview begins again. */
const PAUSE = 500;

/**
 * @param {object} world
 * @param {import("../../../lsmscope_lesson.js").Vocabulary} world.words
 * @param {Parameters<typeof createChecking>[0]["read"]} world.read
 * @param {typeof import("../open-lesson.js").textOfFile} world.textOfFile
 * @param {import("../lesson.js").LessonController} world.player
 * @param {() => import("../lesson-state.js").LessonState | null} world.shown What the player shows.
 * @param {ReturnType<typeof import("./draft.js").createDrafts>} world.drafts
 * @param {Parameters<typeof createChecking>[0]["wait"]} world.wait
 */
export function createEditing({ words, read, textOfFile, player, shown, drafts, wait }) {
  const store = createStore(
    /** @type {EditingState} */ ({
      text: "",
      from: "",
      opened: 0,
      findings: [],
      check: "done",
      variants: 0,
      place: NO_PLACE,
      names: "",
      moments: [],
      isLesson: false,
      isStale: false,
      hasPreview: false,
      variant: 0,
      hasBefore: drafts.hasBefore(),
      isKept: true,
      problem: "",
      pane: "text",
    }),
  );
  const { get, set } = store;
  const checking = createChecking({ read, arrived, tell: set, wait });
  let stopPreview = () => {};
  let stopMoments = () => {};
  /** What the player shows: the source of its beat. */
  let previewed = "";
  /** Openings of the player, one after the other. @type {Promise<void>} */
  let opening = Promise.resolve();

  /** @param {import("./checking.js").Held | null} lesson */
  function arrived(lesson) {
    set({ isLesson: lesson !== null, isStale: lesson === null && get().hasPreview });
    // Those of a text that is gone would name what is not there.
    if (!lesson) set({ moments: [] });
    follow();
  }

  /** Has the player show the beat of the cursor, and lists its moments, after a pause. */
  function follow() {
    stopPreview();
    stopMoments();
    if (!checking.lesson()) return;
    stopPreview = wait(() => (opening = opening.then(preview).catch(() => {})), PAUSE);
    stopMoments = wait(() => void list(), PAUSE);
  }

  async function preview() {
    const lesson = checking.lesson();
    const { text, place, variant, hasPreview } = get();
    if (!lesson) return;
    const { beats, kind, variants } = lesson.file.outline();
    const beat = Math.max(0, Math.min(place.beat, beats.length - 1));
    const source = `${variant} ${kind === "article" ? text : sourceOf(text, beat)}`;
    if (hasPreview && source === previewed) {
      const now = shown();
      if (kind !== "article" && now && now.phase !== "over" && now.beat !== beat) await player.enter(beat);
      return;
    }
    previewed = source;
    set({ hasPreview: true, variant: Math.min(variant, variants - 1) });
    await player.open(lesson.take(), { from: "editor", beat });
  }

  /** Lists the moments that the block at the cursor can name. */
  async function list() {
    const lesson = checking.lesson();
    const { place, text } = get();
    const { beat, block } = place;
    const names = namesOf(place);
    if (!lesson || names === "") return set({ names, moments: [] });
    const file = lesson.take();
    try {
      const moments = await file.moments(get().variant, beat, block);
      if (get().text === text && get().place.block === block && get().place.beat === beat) set({ names, moments });
    } catch {
      // The check says what is wrong with the lines.
      set({ names, moments: [] });
    } finally {
      file.free();
    }
  }

  /** @param {string} text */
  function change(text) {
    if (text === get().text) return;
    set({ text, problem: "" });
    keep(text, true);
    checking.change(text);
  }

  /**
   * @param {string} text
   * @param {boolean} isOwn
   */
  function keep(text, isOwn) {
    if (text.trim() === "") drafts.throwAway();
    else drafts.keep({ text, from: get().from, isOwn });
    set({ isKept: drafts.isKept() });
  }

  /**
   * Puts a text in the place of the one that is there, which can be brought back if it was typed.
   * @param {string} text
   * @param {string} from
   */
  function open(text, from) {
    const draft = drafts.take();
    if (draft?.text !== text) drafts.setAside();
    put(text, from, draft?.text === text && draft.isOwn);
  }

  /**
   * @param {string} text
   * @param {string} from
   * @param {boolean} isOwn Whether its author has typed in it.
   */
  function put(text, from, isOwn) {
    set({ hasBefore: drafts.hasBefore() });
    previewed = "";
    set({ from, opened: get().opened + 1, place: NO_PLACE, moments: [], names: "", variant: 0, isStale: false });
    if (text.trim() === "") set({ hasPreview: false });
    set({ text });
    keep(text, isOwn);
    if (text.trim() === "") set({ findings: [], check: "done", variants: 0, problem: "" });
    else checking.change(text);
  }

  /** @param {number} offset */
  function moveTo(offset) {
    const place = placeOf(get().text, offset, (info) => isBlock(words, info));
    const { beat, block, part } = get().place;
    set({ place });
    // The moments of a block are not for a place outside of it.
    if (namesOf(place) === "") set({ names: "", moments: [] });
    if (place.beat !== beat || place.block !== block || place.part !== part) follow();
  }

  /** @param {number} variant */
  function showVariant(variant) {
    set({ variant });
    follow();
  }

  return {
    store,
    words,
    player,
    change,
    open,
    moveTo,
    showVariant,
    /** @param {EditingState["pane"]} pane */
    show: (pane) => set({ pane }),
    /** @param {string} problem */
    complain: (problem) => set({ problem }),
    /** @param {File} file */
    async openFile(file) {
      const found = await textOfFile(file);
      if ("text" in found) open(found.text, file.name);
      else set({ problem: found.problem });
    },
    /** Brings back the text that was there before another was put in its place. */
    bringBack() {
      const before = drafts.bringBack();
      if (before) put(before.text, before.from, before.isOwn);
    },
  };
}

/**
 * What the moments of the block at a place are for.
 * @param {Place} place
 * @returns {EditingState["names"]}
 */
function namesOf({ block, info, part }) {
  const word = part === "text" || block < 0 ? "" : info.trim().split(/\s/)[0];
  return word === "predict" ? "stop" : word === "figure" ? "figure" : "";
}

/** @typedef {ReturnType<typeof createEditing>} Editing */
