// What the page knows of the lesson that is open: the shape of `state.lesson`.

/** @typedef {import("../../lsmscope_lesson.js").LessonOutline} Outline */
/** @typedef {import("../../lsmscope_lesson.js").PresentedBeat} Beat */
/** @typedef {import("../../lsmscope_lesson.js").Grade} Grade */
/** @typedef {import("../../lsmscope_lesson.js").Attempt} Attempt */
/** @typedef {import("./answers.js").Draft} Draft */
/** @typedef {import("./progress.js").Progress} Progress */
/** @typedef {import("./steps.js").Step} Step */

/**
 * A lesson before an audience.
 * @typedef {object} Show
 * @property {boolean} all Also beats that no star marks.
 * @property {number[]} beats Those that are shown.
 * @property {import("./screens.js").Screen[]} screens Of this beat; empty until they are there.
 * @property {number} at The one that is shown.
 * @property {boolean} isRunning Whether a window plays, and is not told yet.
 * @property {boolean} isBack Whether what had run is being taken back: the stage still has it.
 * @property {boolean} blank
 * @property {boolean} showsVotes Beside what happened.
 * @property {boolean} showsKeys
 * @property {Record<string, import("./votes.js").Row[]>} votes By the id of the question.
 * @property {Record<string, Revealed>} rights By the id of the question; only of what runs, or has run.
 */
/** @typedef {import("./right-answer.js").Right & { wrong: import("./wrong-answer.js").Wrong | null }} Revealed */

/**
 * @typedef {object} LessonState
 * @property {Outline} outline
 * @property {"preparing" | "asking" | "running" | "told" | "over" | "reading" | "presenting"} phase
 * @property {number} beat
 * @property {number} variant Of this beat, this time.
 * @property {Beat | null} presented
 * @property {Step[]} steps
 * @property {number} step How far the beat has come.
 * @property {Record<string, Draft>} drafts What is put in, by the id of the question.
 * @property {Record<string, Grade>} grades Of answers that were given in this beat, this time.
 * @property {Record<string, number>} hints How many are shown.
 * @property {Attempt | null} attempt At the challenge, or the line to type, of this step.
 * @property {Attempt | null} begun What holds of the challenge before the learner's first line.
 * @property {string} wrong What is wrong with an answer that could not be graded.
 * @property {boolean} mine Whether the learner has left the path.
 * @property {boolean} varies Whether the beat has other numbers in another variant.
 * @property {boolean} anew Whether what was answered before is asked again.
 * @property {string[]} again Questions that are asked once more, the next one first.
 * @property {Progress} progress
 * @property {(Beat & { steps: Step[] })[]} parts Of an article, as far as they are there.
 * @property {boolean} asksSure
 * @property {Show | null} show
 */

export {};
