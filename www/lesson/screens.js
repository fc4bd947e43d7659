// A lecture: a beat as screens, which one key turns. Before an audience nothing scrolls, so what a learner reads on one
// page is cut; and each question goes the way of peer instruction: it is asked, voted on, talked about, voted on once
// more, and only then run (Crouch and Mazur, American Journal of Physics 69, 2001).
//
// In: the steps of a beat. Out: its screens, and what has run before each. A screen before a run has nothing of it.

import { wordsOf } from "./answers.js";

/** @typedef {import("../../lsmscope_lesson.js").LessonOutline} Outline */
/** @typedef {import("../../lsmscope_lesson.js").Node} Node */
/** @typedef {import("./steps.js").Item} Item */
/** @typedef {import("./steps.js").Question} Question */
/** @typedef {import("./steps.js").Step} Step */

/**
 * Lines that run between two screens.
 * @typedef {object} Run
 * @property {string[]} lines
 * @property {number | null} from The position from which they are played; null if they are not to be seen.
 * @property {boolean} fresh Whether they begin with a database of their own.
 */
/**
 * @typedef {object} Screen
 * @property {"tell" | "ask" | "vote" | "talk" | "told" | "try" | "end"} kind
 * @property {number} step Of the beat.
 * @property {Item[]} items What is told.
 * @property {boolean} wide Whether its figures or tables take the room of the stage.
 * @property {Question | null} asked
 * @property {"first" | "second"} round Of a vote.
 * @property {number} ran The number of runs before it.
 */

/** Letters that one screen has room for, beside the stage. */
const ROOM = 430;
/** What a paragraph, a row or an option costs besides its letters. */
const LINE = 45;
/** The most options that are voted on by name. */
const MAX_OPTIONS = 6;

/**
 * The beats of a lecture: those with a star, else all.
 * @param {Outline} outline
 * @param {boolean} all Also those without.
 * @returns {number[]}
 */
export function beatsOf({ beats }, all) {
  const every = [...beats.keys()];
  const starred = every.filter((at) => beats[at].lecture);
  return all || starred.length === 0 ? every : starred;
}

/**
 * What runs in a beat, in order.
 * @param {Step[]} steps
 * @returns {Run[]}
 */
export const runsOf = (steps) => steps.flatMap((step) => [...before(step), ...behind(step)]);

/** @param {Step} step @returns {Run[]} */
function before({ lines, challenge }) {
  const own = lines.map(({ role, lines: these, from }) => ({
    lines: these,
    from: role === "run" ? from : null,
    fresh: false,
  }));
  const { start } = challenge?.challenge ?? {};
  return start ? [...own, { lines: start, from: null, fresh: true }] : own;
}

/** @param {Step} step @returns {Run[]} */
function behind({ questions, typed }) {
  if (typed) return [{ lines: typed.lines, from: null, fresh: false }];
  const [first] = questions;
  return first ? [{ lines: first.question.lines, from: first.question.from, fresh: false }] : [];
}

/**
 * @param {Step[]} steps
 * @param {boolean} isLast Whether the lesson ends with this beat.
 * @returns {Screen[]} at least one
 */
export function screensOf(steps, isLast) {
  /** @type {Screen[]} */
  const screens = [];
  let ran = 0;
  for (const [at, step] of steps.entries()) {
    const put = (/** @type {Partial<Screen>} */ screen) =>
      screens.push({ kind: "tell", step: at, items: [], wide: false, asked: null, round: "first", ran, ...screen });
    ran += before(step).length;
    const [first] = step.questions;
    const pages = pagesOf(step.items, first ? weightOf(first.question) : 0);
    const beside = first && pages.length > 0 && !pages[pages.length - 1].wide && pages.pop();
    for (const page of pages) put(page);
    for (const asked of step.questions) {
      put({ kind: "ask", asked, items: asked === first && beside ? beside.items : [] });
      put({ kind: "vote", asked, round: "first" });
      put({ kind: "talk", asked });
      put({ kind: "vote", asked, round: "second" });
    }
    if (step.challenge || step.typed) put({ kind: "try" });
    ran += behind(step).length;
    for (const asked of step.questions) put({ kind: "told", asked });
    for (const page of pagesOf(step.after, 0)) put(page);
  }
  if (isLast)
    screens.push({ kind: "end", step: steps.length, items: [], wide: false, asked: null, round: "first", ran });
  return screens;
}

/**
 * The tree that a step asks about, as a card: it has the place of the stage.
 * @param {Step | undefined} step
 * @returns {string | null}
 */
export function cardOf(step) {
  const cards = step?.items.flatMap((item) =>
    item.type === "block" && item.content.type === "policy" ? [item.content.text] : [],
  );
  return cards?.at(-1) ?? null;
}

/**
 * Items page by page. What is asked stands below the last one, where both have room.
 * @param {Item[]} items
 * @param {number} asked The weight of what is asked.
 */
function pagesOf(items, asked) {
  /** @type {{ items: Item[], wide: boolean, weight: number }[]} */
  const pages = [];
  for (const item of items.flatMap(partsOf)) {
    if (item.type === "block" && item.content.type === "policy") continue;
    const weight = weightOfItem(item);
    const wide = isWide(item);
    const last = pages.at(-1);
    if (last && !wide && !last.wide && last.weight + weight <= ROOM) {
      last.items.push(item);
      last.weight += weight;
    } else pages.push({ items: [item], wide, weight });
  }
  const last = pages.at(-1);
  // An empty page: the question has one of its own.
  if (asked > 0 && last && (last.wide || last.weight + asked > ROOM)) pages.push({ items: [], wide: false, weight: 0 });
  return pages;
}

/**
 * A text as its paragraphs, each an item.
 * @param {Item} item
 * @returns {Item[]}
 */
const partsOf = (item) =>
  item.type === "text" ? item.nodes.map((node) => ({ type: /** @type {const} */ ("text"), nodes: [node] })) : [item];

/** @param {Item} item */
function isWide(item) {
  if (item.type === "text") return item.nodes.some(({ type }) => type === "table");
  return ["compare", "fork", "figure"].includes(item.content.type);
}

/** @param {Item} item */
function weightOfItem(item) {
  if (item.type === "text") return item.nodes.reduce((sum, node) => sum + weightOfNode(node), 0);
  const { content } = item;
  if (content.type === "lines") return LINE * (Math.min(content.lines.length, 8) + 1);
  // The life of a key has a screen of its own.
  return content.type === "life" ? ROOM : 0;
}

/** @param {Node} node @returns {number} */
function weightOfNode(node) {
  if (node.type === "list") return node.items.reduce((sum, item) => sum + wordsOf(item).length + LINE, 0);
  if (node.type === "code_block") return LINE * (node.text.split("\n").length + 1);
  return wordsOf([node]).length + LINE;
}

/** @param {import("./steps.js").Prediction} question */
function weightOf(question) {
  const options = optionsOf(question) ?? [];
  return options.reduce((sum, { words }) => sum + words.length + LINE, wordsOf(question.ask).length + LINE);
}

/**
 * What an audience votes on; null where each answer is named by the audience: numbers, and where there are very many.
 * @param {import("./steps.js").Prediction} question
 * @returns {{ value: string, words: string }[] | null}
 */
export function optionsOf(question) {
  const { kind } = question;
  if (kind === "number") return null;
  const named = kind === "order" ? question.cards : question.choices;
  const options =
    kind === "click"
      ? question.places.map(({ place }) => ({ value: place, words: place }))
      : kind === "scan"
        ? question.rows.map(({ row }) => ({ value: row, words: row }))
        : named.map(({ value, text }) => ({ value, words: wordsOf(text) }));
  return options.length > 0 && options.length <= MAX_OPTIONS ? options : null;
}
