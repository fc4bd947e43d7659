// The scrubber: the position among all events, with marks for what is worth going to, and the buttons of a debugger.

import { titleSaid } from "../kept-titles.js";
import { hidesAhead } from "../ahead.js";
import { number } from "../format.js";
import { tick } from "../first-steps.js";
import { decimal, say } from "../words.js";
import { pressable, useHeldFocus } from "./focus.js";
import { ScrubberTrack, marksAt, thinned } from "./scrubber-track.js";
import { Icon, html, useRef, useState } from "./ui.js";
import { WriteAmplification } from "./write-amplification.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../controller.js").Controller} Controller */
/** @typedef {import("../player.js").Player} Player */
/** @typedef {import("./ui.js").ChoiceEvent} ChoiceEvent */
/** @typedef {import("./ui.js").FieldEvent} FieldEvent */

const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16];
/** Among the panels, where steps come at one pace, a long history can be run through. */
const FAST_SPEEDS = [...SPEEDS, 100];

/** Where playing pauses by itself. */
const PAUSES = /** @type {const} */ ([
  ["", say("at the end")],
  ["operation", say("after each operation")],
  ["decision", say("at each decision")],
]);

const TARGETS = [
  ["flush", say("to flush")],
  ["compaction", say("to compaction")],
  ["stall", say("to stall")],
  ["false_positive", say("to false positive")],
  ["recovery", say("to recovery")],
  ["crash", say("to power cut")],
  ["key", say("to key…")],
];

/** @param {{ controller: Controller, player: Player, state: State }} props */
export function Scrubber({ controller, player, state }) {
  const { position, history } = state.stage;
  const { view, length, track, fullAt } = state.shown;
  const hides = hidesAhead(state);
  return html`<section class="scrubber" role="region" aria-label=${say("Timeline")}>
    ${
      history
        ? null
        : html`<${Branches}
            controller=${controller}
            branches=${state.branches}
            branch=${state.branch}
            busy=${state.busy}
          />`
    }
    <div
      class="where"
      title=${hides ? say("events that have happened") : say("events that have happened, of all recorded")}
    >
      ${length < 1000 ? html`<span class="wide-only">${say("event")} </span>` : null}
      <b>${number(position)}</b>
      ${
        hides
          ? html` <button
              class="plain"
              aria-label=${say("Show what is ahead")}
              title=${say("What is ahead is hidden: show it")}
              onClick=${() => controller.hideAhead(false)}
            >
              <${Icon} name="hidden" />
            </button>`
          : html`<span class=${length < 10_000 ? "" : "wide-only"}> / ${number(length)}</span>`
      }
      ${
        fullAt === null
          ? null
          : html`<small
              title=${say(
                "The timeline is full: from there on it records flushes and compactions, no single writes and reads",
              )}
            >
              ${say("jobs only from {event}", { event: fullAt })}
            </small>`
      }
    </div>
    <${Slider} track=${track} length=${length} position=${position}>
      <input
        type="range"
        aria-label=${say("Position")}
        aria-valuetext=${
          hides ? say("event {n}", { n: position }) : say("event {n} of {length}", { n: position, length })
        }
        min=${view?.start ?? 0}
        max=${length}
        value=${position}
        onInput=${(/** @type {FieldEvent} */ e) => {
          player.pause();
          controller.seek(e.currentTarget.valueAsNumber);
        }}
      />
    <//>
    <${Buttons} controller=${controller} player=${player} state=${state} />
  </section>`;
}

/**
 * The line with its marks; what those at the pointer are is said by a tooltip.
 * @param {{
 *   track: State["shown"]["track"],
 *   length: number,
 *   position: number,
 *   children?: import("./ui.js").Children,
 * }} props
 */
function Slider({ track, length, position, children }) {
  const [at, point] = useState("");
  const move = (/** @type {MouseEvent & { currentTarget: HTMLElement }} */ event) => {
    const box = event.currentTarget.getBoundingClientRect();
    point(track && length > 0 ? marksAt(track, thinned(track, length, box.width), event.clientX - box.left) : "");
  };
  return html`<div class="slider" title=${at} onPointerMove=${move} onPointerLeave=${() => point("")}>
    <${ScrubberTrack} track=${track} length=${length} />
    <i class="progress" style=${`transform:scaleX(${length === 0 ? 0 : position / length})`}></i>
    ${children}
  </div>`;
}

/**
 * Histories that began with the same open: one tab each, once there are two.
 * @param {{ controller: Controller, branches: State["branches"], branch: number, busy: boolean }} props
 */
function Branches({ controller, branches, branch, busy }) {
  if (branches.length < 2) return null;
  return html`<div class="branches" role="group" aria-label=${say("Branches")}>
    ${branches.map(
      ({ id, title }) => html`<span key=${id} class=${id === branch ? "branch on" : "branch"}>
        <button
          aria-pressed=${id === branch ? "true" : "false"}
          disabled=${busy}
          onClick=${() => controller.branches.go(id)}
        >
          ${titleSaid(title)}
        </button>
        ${
          id === branch || id === 1
            ? null
            : html`<button
                class="plain"
                aria-label=${say("Close the branch {title}", { title: titleSaid(title) })}
                title=${say("Close this branch")}
                onClick=${() => controller.branches.drop(id)}
              >
                <${Icon} name="cross" />
              </button>`
        }
      </span>`,
    )}
  </div>`;
}

/** @param {{ controller: Controller, player: Player, state: State }} props */
function Buttons({ controller, player, state }) {
  const { position, queue, script, history } = state.stage;
  const { length, ahead, view, openings } = state.shown;
  const atStart = position === 0;
  const atEnd = !ahead && position >= length && queue.length === 0;
  const step = (/** @type {() => unknown} */ act) => () => {
    player.pause();
    act();
  };
  const button = (
    /** @type {string} */ label,
    /** @type {string} */ icon,
    /** @type {boolean} */ off,
    /** @type {() => unknown} */ act,
    extra = "",
  ) => html`<button class=${`square ${extra}`} title=${label} ...${pressable(off, step(act))}>
    <${Icon} name=${icon} />
  </button>`;
  const toEnd = () => controller.seek(controller.store.get().shown.length);
  // In the first view they are not there before anything has been done; their place is.
  const unused = (/** @type {string} */ name) => (script.length === 0 ? `${name} unused` : name);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useHeldFocus(box, () => (state.busy ? null : document.getElementById("play")));
  return html`<div class="buttons" ref=${box}>
    <button
      class=${unused("undo")}
      title=${say("Before the last operation (Ctrl+Z); a new command begins a branch there")}
      ...${pressable(atStart, step(controller.undo))}
    >
      <${Icon} name="undo" />${say("Undo")}
    </button>
    <button
      class=${unused("start-over")}
      aria-label=${say("Start over")}
      disabled=${(atStart && script.length === 0) || state.busy || history !== null}
      title=${say("Open the database anew, with the script in the queue; what else was run stays on a branch")}
      onClick=${step(controller.startOver)}
    >
      <${Icon} name="restart" /><span class="wide-only">${say("Start over")}</span>
    </button>
    ${button(say("First step"), "first", atStart, () => controller.seek(0), "extra")}
    ${button(say("Previous operation"), "previousOperation", atStart, () => controller.back("operation"), "extra")}
    ${button(say("Step back"), "back", atStart, () => {
      tick(controller, "back");
      controller.back("event");
    })}
    <button id="play" class="primary play" onClick=${player.toggle} disabled=${state.phase !== "open"}>
      <${Icon} name=${state.playing ? "pause" : "play"} />${state.playing ? say("Pause") : say("Play")}
    </button>
    ${button(say("Step forward"), "forward", atEnd, () => {
      if (state.busy) return;
      tick(controller, "forward");
      return controller.forward("event");
    })}
    ${button(
      say("Next operation"),
      "nextOperation",
      atEnd,
      () => state.busy || controller.forward("operation"),
      "extra",
    )}
    ${button(say("Last step"), "last", !ahead && position >= length, toEnd, "extra")}
    <label class="speed">
      <span class="sr">${say("Speed")}</span>
      <select
        value=${state.speed}
        onChange=${(/** @type {ChoiceEvent} */ e) => controller.store.set({ speed: Number(e.currentTarget.value) })}
      >
        ${(state.layout === "figure" ? SPEEDS : FAST_SPEEDS).map(
          (speed) => html`<option key=${speed} value=${speed}>${decimal(String(speed))}×</option>`,
        )}
      </select>
    </label>
    <label class="pause-at">
      <span>${say("Pause")}</span>
      <select
        aria-label=${say("Pause")}
        value=${state.pauseAt}
        onChange=${(/** @type {ChoiceEvent} */ e) =>
          controller.prefer({ pauseAt: /** @type {State["pauseAt"]} */ (e.currentTarget.value) })}
      >
        ${PAUSES.map(([at, title]) => html`<option key=${at} value=${at}>${title}</option>`)}
      </select>
    </label>
    <${RunTo} controller=${controller} form=${state.forms.runTo} step=${step} />
    ${
      view && state.layout === "figure" && !history && !state.unfolded.includes("charts")
        ? html`<${WriteAmplification} view=${view} openings=${openings} expected=${controller.expectedWrites} among />`
        : null
    }
  </div>`;
}

/**
 * @param {{
 *   controller: Controller,
 *   form: State["forms"]["runTo"],
 *   step: (act: () => unknown) => () => void,
 * }} props
 */
function RunTo({ controller, form, step }) {
  const what = form.what === "key" ? `key:${form.key}` : form.what;
  const off = form.what === "key" && form.key === "";
  const change = (/** @type {Partial<State["forms"]["runTo"]>} */ patch) =>
    controller.store.setIn("forms", { runTo: { ...form, ...patch } });
  return html`<span class="run-to">
    <button
      class="square"
      title=${say("Back to the previous one")}
      disabled=${off}
      onClick=${step(() => controller.find(what, true))}
    >
      <${Icon} name="back" />
    </button>
    <select
      aria-label=${say("Run to")}
      value=${form.what}
      onChange=${(/** @type {ChoiceEvent} */ e) => change({ what: e.currentTarget.value })}
    >
      ${TARGETS.map(([name, title]) => html`<option key=${name} value=${name}>${title}</option>`)}
    </select>
    ${
      form.what === "key"
        ? html`<input
            class="run-key"
            type="text"
            aria-label=${say("Key to run to")}
            placeholder=${say("key")}
            value=${form.key}
            onInput=${(/** @type {FieldEvent} */ e) => change({ key: e.currentTarget.value })}
          />`
        : null
    }
    <button
      class="square"
      title=${say("On to the next one")}
      disabled=${off}
      onClick=${step(() => controller.find(what, false))}
    >
      <${Icon} name="forward" />
    </button>
  </span>`;
}
