// A lesson in a frame: what its host is told of it, and a learning platform.
//
// In: what a learner does (`tell`). Out: messages `ready`, `step` with the beat, `answered`, `complete`, `error`; a
// question's result and the score for a reporter. A host is told no more than a learner has seen.

import { tellHeight } from "./height.js";
import { hostOf, readyMessage, takeLanguage, takeTheme } from "./host.js";
import { createChannel } from "./messages.js";

/** Heights at which a lesson reads well, in pixels: the stage beside the text, and above it. */
const [BESIDE, ABOVE] = [600, 780];
/** The least width in which both stand beside each other. */
const MIN_BESIDE = 700;

/**
 * @param {object} page
 * @param {import("./settings.js").FrameSettings} page.settings
 * @param {import("../store.js").Store<import("../state.js").State>} page.store
 * @param {import("./visit.js").Visit | null} page.visit Null where nothing is reported.
 */
export function connectLesson({ settings, store, visit }) {
  const host = hostOf(settings);
  const { send } = host ? createChannel({ self: window, host, act }) : { send: () => {} };

  /** @param {import("./messages.js").Message} message */
  async function act({ type, theme, lang }) {
    if (type === "lang") return await takeLanguage(lang, async () => location.hash);
    if (type !== "theme") throw new Error("this is a lesson: it cannot be asked for that");
    takeTheme(store, theme);
    return {};
  }

  /** The number of a question in its lesson. @param {string} id */
  function numberOf(id) {
    const blocks = store.get().lesson?.outline.beats.flatMap((beat) => beat.blocks) ?? [];
    return blocks.filter((block) => /^(predict|challenge)/.test(block.name)).findIndex((block) => block.id === id);
  }

  /** @param {import("../lesson/lesson-context.js").Told} message */
  function tell(message) {
    if (message.type === "beat") {
      const { beats } = /** @type {import("../lesson/lesson-state.js").LessonState} */ (store.get().lesson).outline;
      return send({ type: "step", beat: message.beat, of: beats.length, title: beats[message.beat].title });
    }
    send({ ...message });
    if (message.type === "complete") return visit?.reporter.complete(message.score);
    const number = numberOf(message.id);
    if (number >= 0) visit?.reporter.answered(number, message.right ? "right" : "wrong");
  }

  /** The lesson is there, or is not. @param {string} version */
  function ready(version) {
    const { lesson, lessonOpening } = store.get();
    const lessons = lesson ? [lesson.outline.id] : [];
    send(readyMessage(version, lessons));
    if (lessonOpening) send({ type: "error", code: "lesson", text: lessonOpening.problem });
    if (!host || !settings.tellsHeight) return;
    const wanted = (/** @type {number} */ width) => (width > MIN_BESIDE ? BESIDE : ABOVE);
    tellHeight({ self: window, host, send, dialects: settings.dialects, wanted });
  }

  return { tell, ready };
}
