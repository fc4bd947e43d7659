// A lesson before an audience: the lecturer turns screens, by keys or a clicker, and counts hands.
//
// In: what the lecturer does. Out: `show` of the lesson's state; the stage. Before the screen that tells, the window of
// a question has not run: neither the page nor the timeline has its answer; going back before it opens the beat's
// database anew. Nothing is graded as an answer of the learner's, kept or reported: leaving forgets the votes.

import { rightAnswer } from "./right-answer.js";
import { beatsOf, runsOf, screensOf } from "./screens.js";
import { stepsOf } from "./steps.js";
import { counted, noVotes } from "./votes.js";
import { wrongAnswer } from "./wrong-answer.js";

/** @typedef {import("./lesson-context.js").LessonContext} LessonContext */
/** @typedef {import("./screens.js").Screen} Screen */
/** @typedef {import("./lesson-state.js").Show} Show */

/**
 * @param {LessonContext} context
 * @param {object} way
 * @param {(opening: { preset: string, options: Record<string, string> }) => Promise<boolean>} way.fresh
 * @param {ReturnType<typeof import("./playing.js").createPlaying>} way.playing
 * @param {ReturnType<typeof import("./trying.js").createTrying>} way.trying
 * @param {() => Promise<void>} way.learn Goes back to the learner's own way through the lesson.
 * @param {(beat: number | null) => void} way.addressed Names the beat in the address; null: no presentation.
 */
export function createPresenting(context, { fresh, playing, trying, learn, addressed }) {
  const { controller, player, store, state, set } = context;
  /**
   * Where a presentation was left, and where the learner was then: until they go on, it begins there again.
   * @type {{ lesson: string, learner: number, beat: number, at: number, all: boolean } | null}
   */
  let left = null;
  /** How many of the beat's runs the database on the stage has had. */
  let ran = 0;

  const show = () => /** @type {Show} */ (state().show);
  /** @param {Partial<Show>} patch */
  const put = (patch) => set({ show: { ...show(), ...patch } });
  const screen = () => /** @type {Screen | undefined} */ (show().screens[show().at]);

  /** What is done comes one after the other: a clicker is faster than the engine. */
  let done = Promise.resolve();
  /** @template {unknown[]} A @param {(...args: A) => unknown} act */
  const inTurn =
    (act) =>
    (/** @type {A} */ ...args) =>
      (done = done.then(async () => void (state()?.show && (await act(...args)))).catch(ignored));

  /** Begins where it was left; else at the beat that is open, or at the next one of the lecture. */
  async function begin() {
    const { outline, beat, phase } = state();
    if (state().show || outline.kind === "article") return;
    const again = left && left.lesson === outline.id && left.learner === beat ? left : null;
    const beats = beatsOf(outline, again?.all ?? false);
    const from = phase === "over" ? beats[0] : (beats.find((one) => one >= beat) ?? beats[0]);
    set({ phase: "presenting", show: { ...BEGUN, beats, all: again?.all ?? false } });
    await open(again?.beat ?? from, again?.at);
  }

  /**
   * Opens a beat at a screen, by its number.
   * @param {number} beat
   * @param {number} [at] Past the last: at the last one.
   */
  async function open(beat, at = 0) {
    const isCurrent = context.enter();
    player.pause();
    const { beats } = show();
    put({ screens: [], at: 0, isRunning: false, rights: {} });
    set({ beat, presented: null, steps: [] });
    addressed(beat);
    const presented = await context.file()?.present(state().variant, beat);
    if (!isCurrent() || !presented || !(await fresh(presented.opening)) || !isCurrent()) return;
    ran = 0;
    const steps = stepsOf(presented.items);
    set({ presented, steps });
    const screens = screensOf(steps, beat === beats.at(-1));
    await turn(screens, Math.min(at, screens.length - 1));
  }

  /**
   * Shows a screen of the beat, when all before it has run.
   * @param {Screen[]} screens
   * @param {number} at
   */
  async function turn(screens, at) {
    const isCurrent = context.enter();
    player.pause();
    const to = screens[at];
    const last = screen();
    const isOn = at === 0 || (last !== undefined && at > show().at);
    const isBack = to.ran < ran;
    // Nothing of what is taken back stays; and what runs now is not told before it is played.
    put({ screens, at, isBack, isRunning: to.kind === "told", ...(isBack ? { rights: {} } : {}) });
    if (isBack && !(await takeBack(isCurrent))) return;
    const had = ran;
    if (!(await runTo(to.ran, isCurrent))) return;
    const isNew = isOn && !isBack && to.ran > had;
    if (to.kind === "told") return await tell(to, isNew || (isOn && last?.kind === "told"), isCurrent);
    const seen = runsOf(state().steps).slice(had, to.ran);
    if (to.kind === "try") {
      set({ step: to.step, attempt: null, begun: null, wrong: "" });
      void trying.begin();
    }
    playing.playFrom(isNew ? seen.find(({ from }) => from !== null)?.from : null);
  }

  /** A database in which nothing of the beat has run. @param {() => boolean} isCurrent */
  async function takeBack(isCurrent) {
    const { presented } = state();
    if (!presented || !(await fresh(presented.opening)) || !isCurrent()) return false;
    ran = 0;
    put({ isBack: false });
    return true;
  }

  /**
   * Runs the beat up to a number of runs.
   * @param {number} wanted
   * @param {() => boolean} isCurrent
   */
  async function runTo(wanted, isCurrent) {
    const { steps, presented } = state();
    const runs = runsOf(steps);
    while (ran < wanted) {
      const { lines, fresh: isFresh } = runs[ran];
      ran += 1;
      if (isFresh && presented) await fresh(presented.opening);
      if (!isCurrent()) return false;
      await controller.runAll(lines);
      if (!isCurrent()) return false;
    }
    return true;
  }

  /**
   * Tells what happened, when it has been played up to what decides.
   * @param {Screen} told
   * @param {boolean} plays
   * @param {() => boolean} isCurrent
   */
  async function tell({ asked }, plays, isCurrent) {
    if (!asked) return;
    const { id, block, question } = asked;
    const { beat, variant, steps } = state();
    const place = { variant, beat, block };
    const found = show().rights[id] ?? (await revealed(place, question, show().votes[id] ?? []).catch(() => null));
    if (!isCurrent()) return;
    if (!found) return put({ isRunning: false });
    // It takes its room now, unseen: the stage does not change its size when what decides has been played.
    put({ rights: { ...show().rights, [id]: found } });
    const { stop } = found.grade;
    const done = () => isCurrent() && put({ isRunning: false });
    const isFirst = steps.some(({ questions }) => questions[0]?.id === id);
    const from = isFirst ? question.from : store.get().stage.position;
    if (plays && stop > from) return void playing.playTo(from, stop, done);
    controller.seek(Math.max(stop, question.from));
    done();
  }

  /**
   * What is right, and what most of those said who were wrong.
   * @param {{ variant: number, beat: number, block: number }} place
   * @param {import("./steps.js").Prediction} question
   * @param {import("./votes.js").Row[]} votes
   * @returns {Promise<import("./lesson-state.js").Revealed | null>}
   */
  async function revealed(place, question, votes) {
    const named = votes.map(({ answer }) => answer);
    const right = await rightAnswer(context.file(), place, question, named);
    return right && { ...right, wrong: await wrongAnswer(context.file(), place, right, votes) };
  }

  /** The next screen; of what plays, its end. */
  async function next() {
    const { screens, at, blank, isRunning, beats } = show();
    if (blank) return put({ blank: false });
    if (isRunning) return player.pause();
    if (at + 1 < screens.length) return await turn(screens, at + 1);
    const then = beats.find((one) => one > state().beat);
    if (screens.length > 0 && then !== undefined) await open(then);
  }

  /** The screen before. */
  async function back() {
    const { screens, at, blank, beats } = show();
    if (blank) return put({ blank: false });
    if (at > 0) return await turn(screens, at - 1);
    const before = beats.findLast((one) => one < state().beat);
    if (before !== undefined) await open(before, Infinity);
  }

  /** To the first screen of all. */
  async function home() {
    if (show().blank) put({ blank: false });
    await open(show().beats[0]);
  }

  /**
   * To the next screen of this step that is of a kind, if a question is on.
   * @param {(one: Screen) => boolean} is
   */
  async function skipTo(is) {
    const { screens, at } = show();
    const now = screen();
    const to = screens.findIndex((one, index) => index > at && one.step === now?.step && is(one));
    if (now?.asked && to >= 0) await turn(screens, to);
  }

  /** Counts hands: the next vote; beside what happened, shows or hides both. */
  async function vote() {
    const now = screen();
    if (show().blank || !now) return;
    if (now.kind === "told") return put({ showsVotes: !show().showsVotes });
    // A vote that is open is ended.
    if (now.kind === "vote") return await next();
    await skipTo(({ kind }) => kind === "vote");
  }

  /** Shows what happens. A first vote is hidden before: it is talked about, and the answer does not come with it. */
  async function reveal() {
    const now = screen();
    if (show().blank || !now) return;
    if (now.kind === "vote" && now.round === "first") return await next();
    if (now.kind === "told") return await next();
    // Another question of the same run is asked before.
    await skipTo(({ kind }) => kind === "told" || kind === "ask");
  }

  /**
   * @param {string} id of the question
   * @param {number} row
   * @param {Partial<import("./votes.js").Row>} patch
   */
  function count(id, row, patch) {
    const question = screen()?.asked?.question;
    if (!question) return;
    const { votes } = show();
    const isOpen = question.kind === "number" || noVotes(question)[0].answer === "";
    put({ votes: { ...votes, [id]: counted(votes[id] ?? noVotes(question), row, patch, isOpen) } });
  }

  /** Shows all beats, or those of the lecture alone. */
  async function toggleAll() {
    const { outline, beat } = state();
    const all = !show().all;
    const beats = beatsOf(outline, all);
    put({ all, beats });
    if (!beats.includes(beat)) return await open(beats.find((one) => one > beat) ?? beats[beats.length - 1]);
    const screens = screensOf(state().steps, beat === beats.at(-1));
    // The screen of the end is there in the last beat alone.
    put({ screens, at: Math.min(show().at, screens.length - 1) });
  }

  /** One event on or back, of what has happened. @param {1 | -1} by */
  function step(by) {
    if (show().isRunning || show().isBack) return;
    player.pause();
    controller.seek(Math.max(0, Math.min(store.get().stage.position + by, store.get().shown.length)));
  }

  /**
   * Runs a line at a challenge, as the audience says.
   * @param {string} line
   */
  function type(line) {
    // Any other screen begins with a database of its own.
    ran = DIRTY;
    return trying.type(line);
  }

  /** Closes what lies above; else ends it. */
  const escape = () => (show().showsKeys ? put({ showsKeys: false }) : leave());

  /** Ends it: what was counted is forgotten, and the lesson is where the learner left it. */
  async function leave() {
    context.enter();
    player.pause();
    addressed(null);
    const { beat, outline } = state();
    const { at, all } = show();
    const isOver = screen()?.kind === "end";
    set({ show: null });
    await learn();
    left = isOver ? null : { lesson: outline.id, learner: state().beat, beat, at, all };
  }

  return {
    begin,
    next: inTurn(next),
    back: inTurn(back),
    home: inTurn(home),
    vote: inTurn(vote),
    reveal: inTurn(reveal),
    toggleAll: inTurn(toggleAll),
    count,
    type,
    step,
    leave,
    escape,
    blank: () => put({ blank: !show().blank }),
    keys: () => put({ showsKeys: !show().showsKeys }),
  };
}

/** More runs than a beat has: the database on the stage has had lines of its own. */
const DIRTY = Number.MAX_SAFE_INTEGER;

const ignored = () => {};

/** @type {Show} */
const BEGUN = {
  all: false,
  beats: [],
  screens: [],
  at: 0,
  isRunning: false,
  isBack: false,
  blank: false,
  showsVotes: true,
  showsKeys: false,
  votes: {},
  rights: {},
};

/** @typedef {ReturnType<typeof createPresenting>} Presenting */
