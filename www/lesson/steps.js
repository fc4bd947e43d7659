// How a beat goes on: in steps. A step is what is shown and run up to the next thing that the learner does: a question
// or several that share a window, a challenge, a line to type. What stands behind it comes when it is done; the last
// words of a beat at once, as nothing has to run for them.
//
// In: a beat as the engine presents it. Out: its steps.

/** @typedef {import("../../lsmscope_lesson.js").PresentedItem} Item */
/** @typedef {Extract<Item, { type: "block" }>} BlockItem */
/** @typedef {import("../../lsmscope_lesson.js").PresentedBlock} Content */
/** @typedef {Extract<Content, { type: "predict" }>} Prediction */
/** @typedef {Extract<Content, { type: "challenge" }>} Challenge */
/** @typedef {Extract<Content, { type: "lines" }>} Lines */

/**
 * A question with its place in the beat.
 * @typedef {{ block: number, id: string, question: Prediction }} Question
 */
/**
 * @typedef {object} Step
 * @property {Item[]} items What is shown, without what is asked.
 * @property {Lines[]} lines What runs first, in order.
 * @property {Question[]} questions Asked before the window runs; all of one window.
 * @property {{ block: number, id: string, challenge: Challenge } | null} challenge
 * @property {{ block: number, lines: string[] } | null} typed What the learner has to type.
 * @property {Item[]} after What is shown when that is done.
 * @property {string[]} hide What is masked until the answer.
 */

/**
 * @param {Item[]} items
 * @returns {Step[]} at least one
 */
export function stepsOf(items) {
  const steps = [emptyStep()];
  let isDone = false;
  for (const item of items) {
    const content = item.type === "block" ? item.content : null;
    const shares = content?.type === "predict" && content.shares;
    if (isDone && !shares) steps.push(emptyStep());
    if (isDone && !shares) isDone = false;
    const step = /** @type {Step} */ (steps.at(-1));
    isDone = put(step, item) || isDone;
  }
  const [last, before] = [steps.at(-1), steps.at(-2)];
  if (last && before && !asks(last) && last.lines.length === 0) before.after = /** @type {Step} */ (steps.pop()).items;
  return steps;
}

/** @returns {Step} */
const emptyStep = () => ({ items: [], lines: [], questions: [], challenge: null, typed: null, after: [], hide: [] });

/**
 * Whether there is something to do.
 * @param {Step} step
 */
export const asks = ({ questions, challenge, typed }) => questions.length > 0 || challenge !== null || typed !== null;

/**
 * The controls that a beat has, where it names some.
 * @param {Item[]} items
 * @returns {string[] | null}
 */
export function controlsOf(items) {
  const named = items.flatMap((item) => (item.type === "block" && item.content.type === "show" ? [item.content] : []));
  return named.length > 0 ? named.flatMap(({ controls }) => controls) : null;
}

/**
 * The options that a beat has knobs for; all if it names none.
 * @param {Item[]} items
 * @returns {string[]}
 */
export const knobsOf = (items) =>
  items.flatMap((item) => (item.type === "block" && item.content.type === "show" ? item.content.knobs : []));

/**
 * Puts an item into a step; whether the step ends with it.
 * @param {Step} step
 * @param {Item} item
 */
function put(step, item) {
  if (item.type === "text") {
    step.items.push(item);
    return false;
  }
  const { block, id, content } = item;
  switch (content.type) {
    case "predict":
      step.questions.push({ block, id: id ?? String(block), question: content });
      step.hide.push(...content.hide);
      return true;
    case "challenge":
      step.challenge = { block, id: id ?? String(block), challenge: content };
      return true;
    case "lines":
      if (content.role === "type") step.typed = { block, lines: content.lines };
      else step.lines.push(content);
      if (content.role === "run") step.items.push(item);
      return content.role === "type";
    case "note":
    case "show":
      return false;
    default:
      step.items.push(item);
      return false;
  }
}

/**
 * What a lesson asks, by id: for the score.
 * @param {import("../../lsmscope_lesson.js").LessonOutline} outline
 */
export function askedBy({ beats }) {
  const ids = (/** @type {string} */ word) =>
    beats.flatMap(({ blocks }) =>
      blocks.flatMap(({ name, id }) => (name.split(" ")[0] === word && id !== undefined && id !== null ? [id] : [])),
    );
  return { questions: ids("predict"), challenges: ids("challenge") };
}

/**
 * The beat that asks a question.
 * @param {import("../../lsmscope_lesson.js").LessonOutline} outline
 * @param {string} id
 */
export const beatOf = ({ beats }, id) => beats.findIndex(({ blocks }) => blocks.some((block) => block.id === id));
