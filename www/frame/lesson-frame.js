// A lesson in a frame: what its host is told of it, and a learning platform.
//
// In: what a learner does (`tell`), and their progress (`keeps`). Out: messages `ready`, `step` with the beat,
// `answered`, `complete`, `state`, `error`; for a reporter, results, the score and where the learner is. A host is told
// no more than a learner has seen. A frame keeps nothing itself: `state` is the progress as a fragment, with which the
// host opens the next visit (`carried`), or has this one go on (`load`).

import { tellHeight } from "./height.js";
import { hostOf, readyMessage, takeLanguage, takeTheme } from "./host.js";
import { MAX_STATE, createChannel } from "./messages.js";
import { progressLink, readProgressLink } from "../lesson/progress-link.js";

/** Heights at which a lesson reads well, in pixels: the stage beside the text, and above it. */
const [BESIDE, ABOVE] = [600, 780];
/** The least width in which both stand beside each other. */
const MIN_BESIDE = 700;

/**
 * @param {object} page
 * @param {import("./settings.js").FrameSettings} page.settings
 * @param {import("../store.js").Store<import("../state.js").State>} page.store
 * @param {import("./visit.js").Visit | null} page.visit Null where nothing is reported.
 * @param {() => import("../lesson/lesson.js").LessonController | null} page.lessons Null before there is a lesson.
 */
export function connectLesson({ settings, store, visit, lessons }) {
  const host = hostOf(settings);
  const { send } = host ? createChannel({ self: window, host, act }) : { send: () => {} };
  /** The progress that was told last, as a fragment. */
  let state = "";
  /** The version that `ready` names, once it has been said. */
  let version = "";
  /** @type {() => void} */
  let begin = () => {};
  /** What is told comes one after the other, and after `ready`. @type {Promise<void>} */
  let turn = new Promise((resolve) => {
    begin = resolve;
  });
  /** @type {(() => void) | undefined} */
  let tellAgain;

  /** @param {import("./messages.js").Message} message */
  async function act(message) {
    switch (message.type) {
      case "lang":
        return await takeLanguage(message.lang, async () => state || location.hash);
      case "theme":
        takeTheme(store, message.theme);
        return {};
      case "state":
        await turn;
        return { state };
      case "load":
        if (await lessons()?.takeUp(await readProgressLink(String(message.state ?? "")))) return {};
        throw new Error("this is no progress of this lesson");
      // Out of sight, what plays comes to its end: a lesson goes on by itself no further than that.
      case "pause":
        return {};
      case "restart":
        return restart(message);
      default:
        throw new Error("this is a lesson: it cannot be asked for that");
    }
  }

  /**
   * Becomes the frame of another element with the same lesson, with nothing of the learner of the one before.
   * @param {import("./messages.js").Message} message
   */
  async function restart(message) {
    takeTheme(store, message.theme);
    const way = lessons();
    if (!(await way?.takeUp(await readProgressLink(String(message.state ?? ""))))) await way?.restart();
    sayReady();
  }

  /** What the lesson asks, in order. */
  function asked() {
    const blocks = store.get().lesson?.outline.beats.flatMap((beat) => beat.blocks) ?? [];
    return blocks.filter(({ name }) => /^(predict|challenge)/.test(name));
  }

  /** @param {import("../lesson/lesson-context.js").Told} message */
  function report(message) {
    if (message.type === "beat") {
      const { beats } = /** @type {import("../lesson/lesson-state.js").LessonState} */ (store.get().lesson).outline;
      return send({ type: "step", beat: message.beat, of: beats.length, title: beats[message.beat].title });
    }
    send({ ...message });
    if (message.type === "complete") return visit?.reporter.complete(message.score);
    const number = asked().findIndex(({ id }) => id === message.id);
    // A line on the way to passing a challenge is no wrong answer.
    if (number < 0 || (!message.right && asked()[number].name.startsWith("challenge"))) return;
    visit?.reporter.answered(number, message.right ? "right" : "wrong");
  }

  /** @param {import("../lesson/progress.js").Progress} progress */
  async function carry(progress) {
    const next = await progressLink(progress, MAX_STATE);
    if (!next || next === state) return;
    state = next;
    send({ type: "state", state });
    if (visit && next.length <= visit.reporter.longest) visit.reporter.progress(next);
  }

  function sayReady() {
    const { lesson, lessonOpening } = store.get();
    const ids = lesson ? [lesson.outline.id] : [];
    send(readyMessage(version, ids));
    if (lessonOpening) send({ type: "error", code: "lesson", text: lessonOpening.problem });
    if (!host || !settings.tellsHeight) return;
    const wanted = (/** @type {number} */ width) => (width > MIN_BESIDE ? BESIDE : ABOVE);
    if (tellAgain) tellAgain();
    else tellAgain = tellHeight({ self: window, host, send, dialects: settings.dialects, wanted });
  }

  return {
    /**
     * What a visit before has left at the host: it may be anything.
     * @param {string} link The fragment of the frame's address.
     */
    carried: (link) => readProgressLink(visit?.kept || link),
    /** @param {import("../lesson/progress.js").Progress} progress */
    keeps: (progress) => void (turn = turn.then(() => carry(progress))),
    /** @param {import("../lesson/lesson-context.js").Told} message */
    tell: (message) => void (turn = turn.then(() => report(message))),
    /** The lesson is there, or is not. @param {string} ours The page's version. */
    ready(ours) {
      version = ours;
      sayReady();
      begin();
    },
  };
}

/** @typedef {ReturnType<typeof connectLesson>} LessonHost */
