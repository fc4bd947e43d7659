// How far a script is that one follows, and the ways out of it: all the rest at once, or no more of it. One that the
// person has left, by a command of their own, says so, and can be gone on with.

import { titleSaid } from "../kept-titles.js";
import { hidesAhead } from "../ahead.js";
import { say, sayParts } from "../words.js";
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
  const name = titleSaid(queueTitle) || say("The script");
  const at = hidesAhead(state)
    ? String(progress.begun)
    : say("{part} of {whole}", { part: progress.begun, whole: progress.of });
  const leave = html`<button
    class="plain"
    aria-label=${say("Leave: {name}", { name })}
    title=${say("Leave it: what is left of it is not run")}
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
      <span class="roomy">${sayParts("You left {name} at command {at}.", { name: html`<b>${name}</b>`, at })}</span>
      <span class="scarce">${say("Left at {at}.", { at })}</span>
      <button
        class="link"
        title=${say("Follow it again: its next command runs at the end of the timeline")}
        disabled=${state.busy}
        onClick=${() => {
          controller.goOnWithScript();
          player.play();
        }}
      >
        <span class="roomy">${say("Go on with it")}</span>
        <span class="scarce">${say("Go on")}</span>
      </button>
      ${leave}
    </p>`;
  return html`<p class="script-bar" aria-label=${say("{name}: command {at}", { name, at })}>
    <span>
      <span class="named"><b>${name}</b>: </span><span class="roomy">${say("command")} </span>${" "}
      <span class="numbers">${at}</span>
    </span>
    <button
      class="plain"
      aria-label=${say("Run the rest: {name}", { name })}
      title=${say("Run the rest of it at once")}
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
