// What folds in from the edges of the figure: which parts there are, and folding one out or in.

import { say } from "./words.js";

/**
 * What of the page's state it is about.
 * @typedef {{ unfolded: string[], tabs: { left: string, right: string } }} Unfolded
 */
/**
 * @typedef {object} Folding
 * @property {{ get: () => Unfolded, setIn: (part: "tabs", patch: object) => void }} store
 * @property {(patch: { unfolded: string[] }) => void} prefer
 */

/**
 * @typedef {object} Fold
 * @property {"left" | "right"} side
 * @property {"scripts" | "operate" | "workload" | "options" | "explain" | "inspect"} tab The tab of that side.
 * @property {string} title
 * @property {string} key
 */

/** @type {Fold[]} */
export const FOLDS = [
  { side: "left", tab: "scripts", title: say("Scripts"), key: "s" },
  { side: "left", tab: "operate", title: say("Console"), key: "c" },
  { side: "left", tab: "workload", title: say("Workload"), key: "w" },
  { side: "left", tab: "options", title: say("Options"), key: "o" },
  { side: "right", tab: "explain", title: say("Why"), key: "y" },
  { side: "right", tab: "inspect", title: say("Inspect"), key: "i" },
];

/** The key of the charts. */
export const CHARTS_KEY = "h";

/**
 * Whether a side is folded out.
 * @param {string[]} unfolded
 * @param {"left" | "right"} side
 */
export function isOpen(unfolded, side) {
  return FOLDS.some((part) => part.side === side && unfolded.includes(part.tab));
}

/**
 * The tabs that begin in view: those that were folded out at the last visit.
 * @param {string[]} unfolded
 */
export function openTabs(unfolded) {
  const open = FOLDS.filter((part) => unfolded.includes(part.tab));
  return Object.fromEntries(open.map(({ side, tab }) => [side, tab]));
}

/**
 * Whether a part is in view.
 * @param {Unfolded} state
 * @param {Fold} part
 */
export function isUnfolded({ unfolded, tabs }, { side, tab }) {
  return isOpen(unfolded, side) && tabs[side] === tab;
}

/** Whether what is folded out takes the figure's place: one part at a time (see styles/figure.css). */
const isNarrow = () => globalThis.matchMedia?.("(width <= 700px)").matches ?? false;

/**
 * Folds a part out, or in again if it is in view.
 * @param {Folding} controller
 * @param {Fold} part
 */
export function fold({ store, prefer }, part) {
  const state = store.get();
  const gives = (/** @type {Fold} */ one) => isNarrow() || one.side === part.side;
  const others = state.unfolded.filter((tab) => !FOLDS.some((one) => one.tab === tab && gives(one)));
  const open = isUnfolded(state, part);
  if (!open) store.setIn("tabs", { [part.side]: part.tab });
  prefer({ unfolded: open ? others : [...others, part.tab] });
}

/**
 * Folds a side in.
 * @param {Folding} controller
 * @param {"left" | "right"} side
 */
export function foldIn({ store, prefer }, side) {
  prefer({
    unfolded: store.get().unfolded.filter((tab) => !FOLDS.some((one) => one.tab === tab && one.side === side)),
  });
}

/**
 * Folds the charts out, or in.
 * @param {Folding} controller
 */
export function foldCharts({ store, prefer }) {
  const { unfolded } = store.get();
  const others = unfolded.filter((part) => part !== "charts");
  prefer({ unfolded: others.length < unfolded.length ? others : [...unfolded, "charts"] });
}
