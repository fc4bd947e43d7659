// Scripts: the ready-made ones, with what each shows, and one of a person's own. A press plays it on a database in
// which nothing has been done yet; what was done before stays on a branch.

import { lines } from "../command-lines.js";
import { foldIn } from "../folds.js";
import { count } from "../format.js";
import { titleSaid } from "../kept-titles.js";
import { SCRIPTS } from "../scripts.js";
import { say } from "../words.js";
import { Icon, html, memo } from "./ui.js";

/**
 * @typedef {object} ScriptsProps
 * @property {import("../controller.js").Controller} controller
 * @property {import("../player.js").Player} player
 * @property {string} draft The script of one's own.
 * @property {boolean} ready
 * @property {boolean} runs Whether anything has run.
 * @property {boolean} hides Whether what is ahead is hidden: one's own script may be.
 */

/** @param {ScriptsProps} props */
function ScriptList({ controller, player, draft, ready, runs, hides }) {
  const own = lines(draft);
  const { store } = controller;
  /** @param {{ lines: string[], title: string }} script */
  async function play(script) {
    player.pause();
    if (!(await controller.begin(script))) return;
    show();
    player.play();
  }
  /** The stage comes into view, where the list stands in its place. */
  function show() {
    store.setIn("tabs", { pane: "stage" });
    if (store.get().layout === "figure") foldIn(controller, "left");
  }
  function queue() {
    controller.enqueue(draft, "Your script");
    show();
  }
  return html`<section class="scripts scroll" role="region" aria-label=${say("Scripts")}>
    <p class="quiet">
      ${
        runs
          ? say("Each plays on a database in which nothing has been done. Commands of your own stay, on a branch.")
          : say("Each plays on a database in which nothing has been done.")
      }
    </p>
    <label class="hide-ahead">
      <input
        type="checkbox"
        checked=${hides}
        onChange=${(/** @type {import("./ui.js").FieldEvent} */ e) => controller.hideAhead(e.currentTarget.checked)}
      />
      ${say("Hide what is ahead: then say what comes next, before you step")}
    </label>
    <ul>
      ${SCRIPTS.map(
        (script) => html`<li key=${script.name}>
          <${Row}
            title=${titleSaid(script.title)}
            length=${script.lines.length}
            ready=${ready}
            play=${() => play(script)}
          />
          <p>${script.about}</p>
        </li>`,
      )}
      <li>
        <${Row}
          title=${say("Your own script")}
          length=${own.length}
          ready=${ready && own.length > 0}
          play=${() => play({ lines: own, title: "Your script" })}
        />
        ${
          hides
            ? null
            : html`<textarea
          rows="7"
          aria-label=${say("Your own script")}
          placeholder=${`${say("One command a line:")}\nput user:1 Alice\nget user:1`}
          spellcheck=${false}
          value=${draft}
          onInput=${(/** @type {import("./ui.js").AreaEvent} */ e) =>
            store.setIn("forms", { script: e.currentTarget.value })}
        ></textarea>`
        }
        <button
          disabled=${own.length === 0}
          title=${say("Its lines run one by one as you step past the end of the timeline")}
          onClick=${queue}
        >
          ${say("Queue it on this database")}
        </button>
      </li>
    </ul>
  </section>`;
}

export const Scripts = memo(ScriptList);

/** @param {{ title: string, length: number, ready: boolean, play: () => unknown }} props */
function Row({ title, length, ready, play }) {
  return html`<div class="script-head">
    <h3>${title}</h3>
    <small>${count(length, "command")}</small>
    <button class="primary" aria-label=${say("Play {title}", { title })} disabled=${!ready} onClick=${play}>
      <${Icon} name="play" />${say("Play")}
    </button>
  </div>`;
}
