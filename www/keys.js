// The keyboard: one map from keys to intents. It does nothing while a text field has the focus or a dialog is open.
// Keys that type a sign can be switched off, in the help, for those who dictate or press them by accident: then none
// does anything on the page, but for typing.

import { tick } from "./first-steps.js";
import { CHARTS_KEY, FOLDS, fold, foldCharts } from "./folds.js";
import { leaveInspector } from "./inspector-focus.js";
import { say } from "./words.js";

/** @typedef {import("./controller.js").Controller} Controller */

/**
 * The keys, for the help.
 * @type {[string, string][]}
 */
export const SHORTCUTS = [
  ["→ ←", say("next, previous event")],
  [say("Shift+→ Shift+←"), say("next, previous operation")],
  ["Alt+→ Alt+←", say("to where a flush or compaction begins or ends")],
  [say("Home End"), say("first, last event")],
  [say("Ctrl+Z Ctrl+Y"), say("undo: before the last operation; redo: behind it again")],
  [say("Space"), say("play, pause")],
  ["/", say("to the command box")],
  ["s c w o y i h", say("beside the figure: scripts, console, workload, options, why, inspector, charts")],
  ["Tab ↑ ↓", say("in the console: complete, earlier and later commands")],
  ["Esc", say("close, or leave the console")],
  ["↑ ↓ → ←", say("in the figure: from part to part")],
  ["+ - 0 < >", say("in the figure: nearer, further, all keys, earlier, later")],
  ["?", say("this help")],
];

/**
 * @param {Controller} controller
 * @param {{ toggle: () => void, pause: () => void }} player
 */
export function bindKeys(controller, player) {
  const { store } = controller;

  // Before any view hears of it: a figure, a chart and the simulator have keys of their own.
  document.addEventListener(
    "keydown",
    (event) => {
      if (typesSign(event) && !store.get().letterKeys && !types(/** @type {HTMLElement} */ (event.target)))
        event.stopPropagation();
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    // The document says whether a dialog is open: the store learns a task later that it has closed, and a key pressed
    // before that is not lost. The simulator has keys of its own; help is the same in both.
    if (store.get().room !== "sandbox" && event.key !== "?") return;
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.key === "Escape") return leave(target);
    if (types(target)) return;
    if (event.ctrlKey || event.metaKey) return undoing(event);
    const act = intent(event, target);
    if (!act) return;
    event.preventDefault();
    act();
  });

  /**
   * Ctrl+Z goes before the last operation, Ctrl+Shift+Z and Ctrl+Y behind it again.
   * @param {KeyboardEvent} event
   */
  function undoing(event) {
    const key = event.key.toLowerCase();
    if (event.altKey || (key !== "z" && key !== "y")) return;
    event.preventDefault();
    player.pause();
    if (key === "y" || event.shiftKey) controller.redo();
    else controller.undo();
  }

  /** @param {HTMLElement} target */
  function leave(target) {
    leaveInspector(target);
    if (types(target)) target.blur();
    else if (store.get().layout === "figure" && store.get().unfolded.length > 0) controller.prefer({ unfolded: [] });
    else if (store.get().stage.history && store.get().tabs.right === "explain") controller.histories.leave();
    else {
      store.setIn("stage", { selection: null });
      store.setIn("tabs", { right: "explain" });
    }
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement} target
   * @returns {(() => unknown) | null}
   */
  function intent(event, target) {
    const stride = event.altKey ? "job" : event.shiftKey ? "operation" : "event";
    switch (event.key) {
      case "ArrowRight":
        return () => stepping(() => (tick(controller, "forward"), controller.forward(stride)));
      case "ArrowLeft":
        return () => stepping(() => (tick(controller, "back"), controller.back(stride)));
      case "Home":
        return () => stepping(() => controller.seek(0));
      case "End":
        return () => stepping(() => controller.seek(store.get().shown.length));
      case " ":
        // A button that has the focus is pressed by Space, as everywhere.
        return target.closest("button, summary, a, [role=tab]") ? null : player.toggle;
      case "/":
        return () => toCommand(controller);
      case "?":
        return () => store.set({ dialog: "help" });
      default:
        return folding(event.key);
    }
  }

  /**
   * What a key folds out beside the figure, or in again.
   * @param {string} key
   */
  function folding(key) {
    if (store.get().layout !== "figure") return null;
    if (key === CHARTS_KEY) return () => foldCharts(controller);
    const found = FOLDS.find((one) => one.key === key);
    return found ? () => fold(controller, found) : null;
  }

  /** @param {() => unknown} step */
  function stepping(step) {
    player.pause();
    return step();
  }
}

/**
 * To the command box, which may be behind another tab.
 * @param {Controller} controller
 */
export function toCommand({ store }) {
  if (store.get().layout === "panels") store.setIn("tabs", { left: "operate", pane: "operate" });
  requestAnimationFrame(() => document.getElementById("command")?.focus());
}

/**
 * Whether a key types a letter or another sign; Space is pressed, as a button is.
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "metaKey">} event
 */
export const typesSign = ({ key, ctrlKey, altKey, metaKey }) =>
  [...key].length === 1 && key !== " " && !ctrlKey && !altKey && !metaKey;

/**
 * Whether keys mean text, or a choice, where the focus is.
 * @param {HTMLElement} target
 */
export function types(target) {
  if (target.isContentEditable || target.matches("textarea, select")) return true;
  return target.matches("input") && /** @type {HTMLInputElement} */ (target).type !== "range";
}
