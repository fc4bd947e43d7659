// A lesson on the page: the way through its beats, questions and challenges. The engine asks, runs and grades; this
// decides when.
//
//   preparing   the beat's database is opened, and its lines run
//   asking      the learner answers, types, or reads on
//   running     the window of the questions runs, and plays up to what decides them
//   told        beside what was said stands what happened
//   over        behind the last beat: the score, and all pairs of said and happened
//   reading     an article (reading.js)
//   presenting  before an audience (presenting.js)
//
// In: what a learner does. Out: `state.lesson`; the stage. `answering.js` has the questions, `trying.js` the
// challenges.
//
// A beat that was answered before is shown again as it was left: back, and a reload, lose nothing.

import { createAnswering } from "./answering.js";
import { emptyDraft } from "./answers.js";
import { createContext } from "./lesson-context.js";
import { openOwnStage } from "./own-stage.js";
import { createPlaying } from "./playing.js";
import { createPresenting } from "./presenting.js";
import { begun, isDone, minutesOf, readProgress, score, variantOf, written } from "./progress.js";
import { createReading } from "./reading.js";
import { reportsOf } from "./reports.js";
import { askedBy, asks, beatOf, stepsOf } from "./steps.js";
import { createTrying } from "./trying.js";
import { nextTurn } from "../turns.js";

/** @typedef {import("./lesson-context.js").LessonFile} LessonFile */
/** @typedef {import("./progress.js").Progress} Progress */

/**
 * @param {import("../controller.js").Controller} controller
 * @param {import("../player.js").Player} player
 * @param {object} world
 * @param {(key: string) => unknown} world.kept What was kept of a lesson.
 * @param {(key: string, progress: Progress) => void} world.keep
 * @param {(config: import("../sandbox.js").OpenConfig) => Promise<import("../sandbox.js").Sandbox>} world.openSandbox
 * @param {(to: number) => number} world.random A whole number below `to`: which variant a learner gets.
 * @param {(position: number) => number} world.seconds How long the event that leads to a position is shown.
 * @param {() => number} world.now Milliseconds.
 * @param {boolean} [world.asksSure] Whether a learner is asked how sure they are.
 * @param {(asksSure: boolean) => void} [world.keepSure] Remembers that.
 * @param {() => Promise<void>} [world.rest] Resolves when the page has come to rest: nothing plays before.
 * @param {(beat: number | null) => void} [world.addressed] Names a beat that is presented in the page's address.
 * @param {(message: import("./lesson-context.js").Told) => void} [world.tell] Tells a host what was done.
 */
export function createLesson(controller, player, world) {
  const { kept, keep, openSandbox, random, seconds, now, asksSure = false } = world;
  const { keepSure = () => {}, addressed = () => {}, tell = () => {}, rest } = world;
  /** Under which name progress is kept: lessons of two authors may have one id. */
  let key = "";
  let isForeign = false;
  const context = createContext(controller, player, { keep: (progress) => keep(key, progress), tell, now });
  const { store, state, set, advance } = context;
  const playing = createPlaying(context, seconds, rest);
  const answering = createAnswering(context, playing);
  const trying = createTrying(context);
  const reading = createReading(context);
  const learn = () => enter(Math.min(state().progress.beat, state().outline.beats.length - 1));
  const presenting = createPresenting(context, { fresh, playing, trying, learn, addressed });

  /**
   * Begins a lesson, or goes on with it.
   * @param {LessonFile} lesson
   * @param {{ from?: string, beat?: number, presents?: boolean }} [how] `from`: the address of another author's;
   *   `beat`: begins there; `presents`: before an audience
   */
  async function open(lesson, { from = "", beat, presents = false } = {}) {
    context.take(lesson);
    const outline = lesson.outline();
    key = from || outline.id;
    isForeign = from !== "";
    const progress = readProgress(kept(key), outline.id) ?? begun(outline.id, random(outline.variants));
    const { variant } = progress;
    store.set({
      room: "lesson",
      lessonOpening: null,
      lesson: {
        ...CLEARED,
        outline,
        phase: "preparing",
        beat: 0,
        variant,
        again: [],
        progress,
        asksSure,
        show: null,
      },
    });
    if (outline.kind === "article") return await reading.read();
    // An audience has not been where the learner was.
    const wanted = Number.isSafeInteger(beat) ? Number(beat) : presents ? 0 : progress.beat;
    const at = Math.max(0, Math.min(wanted, outline.beats.length - 1));
    if (!presents) return await enter(at);
    set({ beat: at });
    await presenting.begin();
  }

  /**
   * Opens the database of a beat and runs what comes first.
   * @param {number} beat
   * @param {{ variant?: number, anew?: boolean }} [how] `variant`: another than the one in which it was answered last;
   *   `anew`: what was answered is asked again
   */
  async function enter(beat, { variant, anew = false } = {}) {
    const file = context.file();
    if (!file) return;
    const isCurrent = context.enter();
    player.pause();
    const { progress, outline } = state();
    const ids = outline.beats[beat].blocks.flatMap(({ id }) => id ?? []);
    const taken = variant ?? variantOf(progress, ids);
    set({ ...CLEARED, phase: "preparing", beat, variant: taken, anew });
    advance({ ...progress, beat });
    // Each is long enough for a turn of its own: to draw what is left, to present, to draw that, to open a database.
    await nextTurn();
    const presented = await file.present(taken, beat);
    await nextTurn();
    if (!isCurrent()) return;
    // The text does not wait for the engine.
    set({ presented, steps: stepsOf(presented.items), varies: othersOf(beat, taken).length > 0 });
    await nextTurn();
    if (!isCurrent() || !(await fresh(presented.opening)) || !isCurrent()) return;
    context.tell({ type: "beat", beat });
    await begin(0);
  }

  /** @param {{ preset: string, options: Record<string, string> }} opening */
  async function fresh({ preset, options }) {
    const isOpen = await controller.open({ backend: "memory", preset, options });
    if (isOpen) controller.current()?.setWary(isForeign);
    return isOpen;
  }

  /**
   * Runs the lines of a step, and asks.
   * @param {number} at
   * @returns {Promise<void>}
   */
  async function begin(at) {
    const isCurrent = context.isCurrent();
    set({ step: at, phase: "preparing", attempt: null, begun: null, wrong: "" });
    const { lines, questions, challenge } = context.step();
    for (const { lines: these } of lines) {
      await controller.runAll(these);
      if (!isCurrent()) return;
    }
    const { presented, steps } = state();
    if (challenge?.challenge.start && presented) {
      await fresh(presented.opening);
      await controller.runAll(challenge.challenge.start);
    }
    if (!isCurrent()) return;
    if (!state().anew && (await answering.tellAgain(questions)))
      return at + 1 < steps.length ? await begin(at + 1) : undefined;
    if (!isCurrent()) return;
    const drafts = Object.fromEntries(questions.map(({ id, question }) => [id, emptyDraft(question)]));
    set({ phase: "asking", drafts: { ...state().drafts, ...drafts } });
    void trying.begin();
    playing.playFrom(lines.find(({ role }) => role === "run")?.from);
  }

  /**
   * A database of its own, for a figure in a text.
   * @param {Omit<Parameters<typeof openOwnStage>[1], "isForeign">} wanted
   */
  const stageOf = (wanted) => openOwnStage(openSandbox, { ...wanted, isForeign });

  /** Whether the step leaves nothing to be done. */
  function isThrough() {
    const { phase, progress } = state();
    if (phase === "told") return true;
    // Views may still show the beat before, while the next is being prepared.
    if (phase !== "asking") return false;
    const step = context.step();
    const isPassed = step.challenge !== null && isDone(progress, step.challenge.id);
    return !asks(step) || isPassed;
  }

  /** What stands behind this step: of the beat, else the next beat, else the end. */
  async function next() {
    const { steps, step: at, beat, outline, again } = state();
    if (at + 1 < steps.length) {
      // Steps are of one database: it goes on where the last one ended.
      controller.seek(store.get().shown.length);
      return await begin(at + 1);
    }
    if (again.length > 0) return await repeat(again.slice(1));
    if (beat + 1 < outline.beats.length) return await enter(beat + 1);
    await finish();
  }

  /**
   * Questions that were answered wrong come once more, with other numbers; then the lesson is over.
   * @returns {Promise<void>}
   */
  async function finish() {
    const open = missed();
    if (open.length > 0) return await repeat(open);
    end();
  }

  /** What is missed in which progress: views ask in each drawing, and each question takes all variants of its beat. */
  let lastMissed = { progress: /** @type {Progress | null} */ (null), ids: /** @type {string[]} */ ([]) };

  /** Questions that come once more at the end; none where there are no other numbers. */
  function missed() {
    const { progress } = state();
    if (lastMissed.progress !== progress) lastMissed = { progress, ids: missedNow() };
    return lastMissed.ids;
  }

  function missedNow() {
    const { outline, progress } = state();
    const isOpen = (/** @type {string} */ id) => progress.tries[id]?.length === 1 && !isDone(progress, id);
    const varies = (/** @type {string} */ id) =>
      othersOf(beatOf(outline, id), progress.tries[id][0].variant).length > 0;
    return askedBy(outline).questions.filter((id) => isOpen(id) && varies(id));
  }

  /** The end, whatever is left open. */
  function end() {
    const { outline, progress } = state();
    const { questions, challenges } = askedBy(outline);
    context.enter();
    player.pause();
    // What still played is at its end.
    controller.seek(store.get().shown.length);
    set({ phase: "over", again: [] });
    const { points, of } = score({ questions, challenges }, progress);
    context.tell({ type: "complete", score: of === 0 ? 1 : points / of, minutes: minutesOf(progress) });
  }

  /**
   * @param {string[]} ids
   * @returns {Promise<void>}
   */
  async function repeat(ids) {
    // Questions of one beat are asked together.
    const open = ids.filter((id) => state().progress.tries[id]?.length === 1);
    set({ again: open });
    if (open.length === 0) return await finish();
    const beat = beatOf(state().outline, open[0]);
    await enter(beat, { variant: otherVariant(beat, state().progress.tries[open[0]][0].variant), anew: true });
  }

  /**
   * The variants in which a beat has other numbers than in this one.
   * @param {number} beat
   * @param {number} variant
   */
  const othersOf = (beat, variant) => context.file()?.other_variants(variant, beat) ?? [];

  /**
   * One in which a beat has other numbers, where there is any.
   * @param {number} beat
   * @param {number} variant
   */
  function otherVariant(beat, variant) {
    const others = othersOf(beat, variant);
    return others.length > 0 ? others[random(others.length)] : variant;
  }

  /** The same beat again, with other numbers where there are any. */
  const retry = () => enter(state().beat, { variant: otherVariant(state().beat, state().variant), anew: true });

  /** Back to where the beat was: after something of one's own. */
  const resume = () => enter(state().beat, { variant: state().variant });

  /** From the beginning: answers are forgotten. */
  const restart = () => goOn(begun(state().outline.id, random(state().outline.variants)));

  /**
   * Goes on where another visit ended, if it was one of this lesson.
   * @param {unknown} value What a host has kept.
   */
  async function takeUp(value) {
    const progress = readProgress(value, state().outline.id);
    if (progress) await goOn(progress);
    return progress !== null;
  }

  /** @param {Progress} progress */
  async function goOn(progress) {
    const { outline } = state();
    advance(progress);
    set({ ...CLEARED, again: [], variant: progress.variant });
    if (outline.kind === "article") return await reading.read();
    await enter(Math.min(progress.beat, outline.beats.length - 1));
  }

  /** What is reported of challenges, for the end and the hand-in. */
  async function reports() {
    const file = context.file();
    return file ? await reportsOf(file, state().outline, state().progress) : [];
  }

  return {
    open,
    enter,
    isThrough,
    next,
    missed,
    end,
    back: () => enter(Math.max(0, state().beat - 1)),
    retry,
    resume,
    restart,
    takeUp,
    reading: { draft: reading.draft, commit: reading.commit },
    type: trying.type,
    draft: answering.draft,
    isAnswered: answering.isAnswered,
    commit: answering.commit,
    hint: answering.hint,
    skip: answering.skip,
    stageOf,
    presenting,
    keyLife: controller.keyLife,
    reports,
    writeSentences: (/** @type {string} */ id, /** @type {string} */ text) =>
      advance(written(state().progress, id, text)),
    /** To a line of one's own, off the path. */
    leavePath: () => set({ mine: true }),
    askSure: (/** @type {boolean} */ asks) => {
      set({ asksSure: asks });
      keepSure(asks);
    },
  };
}

/** What a beat begins without. */
const CLEARED = {
  presented: null,
  steps: [],
  step: 0,
  drafts: {},
  grades: {},
  hints: {},
  attempt: null,
  begun: null,
  wrong: "",
  mine: false,
  anew: false,
  varies: false,
  parts: [],
};

/** @typedef {ReturnType<typeof createLesson>} LessonController */
