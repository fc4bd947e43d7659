// How far a script is that one follows, and the ways out of it: all the rest at once, or no more of it. One that the
// person has left, by a command of their own, says so, and can be gone on with.

import { hidesAhead } from "../ahead.js";
import { Icon, html } from "./ui.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../controller.js").Controller} Controller */
/** @typedef {import("../player.js").Player} Player */

/**
 * How far the script in the queue is: how many of its lines have begun, of how many; null where none has, or all of
 * them are over.
 * @param {Pick<State, "stage" | "shown">} state
 */
export function progressOf({ stage, shown }) {
  const { queue, queued, position } = stage;
  const begun = queued.length - queue.length;
  if (begun <= 0 || (queue.length === 0 && position >= shown.length)) return null;
  return { begun, of: queued.length };
}

/** @param {{ controller: Controller, player: Player, state: State }} props */
export function ScriptBar({ controller, player, state }) {
  const { queue, queueTitle, following } = state.stage;
  const progress = progressOf(state);
  if (!progress) return null;
  const name = queueTitle || "The script";
  const of = hidesAhead(state) ? "" : ` of ${progress.of}`;
  const leave = html`<button
    class="plain"
    aria-label=${`Leave: ${name}`}
    title="Leave it: what is left of it is not run"
    disabled=${queue.length === 0}
    onClick=${() => {
      player.pause();
      controller.leaveScript();
    }}
  >
    <${Icon} name="cross" />
  </button>`;
  if (!following)
    return html`<p class="script-bar left-behind" role="status">
      <span class="roomy">You left <b>${name}</b> at command ${progress.begun}${of}.</span>
      <span class="scarce">Left at ${progress.begun}${of}.</span>
      <button
        class="link"
        title="Follow it again: its next command runs at the end of the timeline"
        disabled=${state.busy}
        onClick=${() => {
          controller.goOnWithScript();
          player.play();
        }}
      >
        Go on<span class="roomy"> with it</span>
      </button>
      ${leave}
    </p>`;
  return html`<p class="script-bar" aria-label=${`${name}: command ${progress.begun}${of}`}>
    <span>
      <span class="named"><b>${name}</b>: </span><span class="roomy">command </span>${" "}
      <span class="numbers">${progress.begun}${of}</span>
    </span>
    <button
      class="plain"
      aria-label=${`Run the rest: ${name}`}
      title="Run the rest of it at once"
      disabled=${state.busy || queue.length === 0}
      onClick=${() => {
        player.pause();
        controller.runRest();
      }}
    >
      <${Icon} name="last" />
    </button>
    ${leave}
  </p>`;
}
