// The first view: the figure, a sentence, and a field to type into; everything else folds in from the edges.

import { CHARTS_KEY, FOLDS, fold, foldCharts, isOpen, isUnfolded } from "../folds.js";
import { isSingleFile } from "../site-address.js";
import { say, sayParts } from "../words.js";
import { FigureStage } from "./figure.js";
import { FullVersion } from "./full-version.js";
import { Prompt } from "./console.js";
import { Driving } from "./driving.js";
import { PowerOff } from "./power-off.js";
import { Told } from "./prose.js";
import { ScriptBar } from "./script-bar.js";
import { letters, toldOf } from "./story.js";
import { ByWord, Icon, html, useCallback } from "./ui.js";

const CHARTS = { tab: "charts", title: say("Charts"), key: CHARTS_KEY };

const CONSOLE = /** @type {import("../folds.js").Fold} */ (FOLDS.find((one) => one.tab === "operate"));

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../controller.js").Controller} Controller */

/**
 * @typedef {object} FirstViewProps
 * @property {Controller} controller
 * @property {import("../player.js").Player} player
 * @property {State} state
 * @property {unknown} left What folds in from there.
 * @property {unknown} right
 */

/** @param {FirstViewProps} props */
export function FirstView({ controller, player, state, left, right }) {
  const { stage, shown, unfolded, forms, status } = state;
  const { view } = shown;
  const told = toldOf(view);
  const pick = useCallback(
    (/** @type {import("./figure.js").Selection} */ selection) => {
      controller.select(selection);
      const inspector = FOLDS.find((one) => one.tab === "inspect");
      if (inspector && !isUnfolded(controller.store.get(), inspector)) fold(controller, inspector);
    },
    [controller],
  );
  const seconds = useCallback((/** @type {number} */ position) => controller.seconds(position, letters), [controller]);
  const atEnd = !shown.ahead && stage.position >= shown.length - 1;
  const edges = (state.frame?.controls ?? "full") === "full";
  const typing = !(isOpen(unfolded, "left") && state.tabs.left === "operate");
  return html`<main class="main first">
    ${edges ? html`<${Edge} side="left" controller=${controller} state=${state} />` : null}
    ${isOpen(unfolded, "left") ? left : null}
    <div class="first-stage">
      ${view ? html`<${PowerOff} controller=${controller} view=${view} busy=${state.busy} atEnd=${atEnd} />` : null}
      ${state.frame && !edges && !isSingleFile() ? html`<${FullVersion} controller=${controller} />` : null}
      ${state.welcome ? html`<${Welcome} player=${player} />` : null}
      <${FigureStage}
        paint=${controller.figure}
        position=${stage.position}
        shown=${shown}
        label=${say("The engine after event {position}: {title}", { position: stage.position, title: told.title })}
        seconds=${seconds}
        speed=${player.speed()}
        zoom=${state.zoom}
        setZoom=${controller.zoom}
        pick=${pick}
      />
      <p class="sentence" tabindex="0"><${Told} told=${told} /></p>
      ${
        typing && !stage.history && !state.frame?.readonly && state.frame?.controls !== "none"
          ? html`<div class="say">
              <${Prompt}
                controller=${controller}
                draft=${forms.command}
                ready=${state.phase === "open"}
                busy=${state.busy}
                run=${player.show}
              />
              ${state.drive ? html`<${Driving} controller=${controller} drive=${state.drive} />` : null}
              <p class=${state.drive ? "sr" : status.bad ? "status error" : "status"} role="status">
                ${status.bad ? html`<${Icon} name="alert" />` : null}
                <${ByWord}>${withRemedy(status, stage.log.at(-1))}<//>
              </p>
              ${state.drive ? null : html`<${Rest} controller=${controller} log=${status.bad ? [] : stage.log} />`}
              <${ScriptBar} controller=${controller} player=${player} state=${state} />
            </div>`
          : null
      }
    </div>
    ${isOpen(unfolded, "right") ? right : null}
    ${edges ? html`<${Edge} side="right" controller=${controller} state=${state} />` : null}
  </main>`;
}

/**
 * What was answered last; of a line that was refused, also what can be done: there is no console in view that says it.
 * @param {State["status"]} status
 * @param {State["stage"]["log"][number] | undefined} exchange
 */
function withRemedy({ text, bad }, exchange) {
  const error = exchange?.outcome?.error;
  return bad && error?.message === text && error.remedy ? `${text}. ${error.remedy}` : text;
}

/**
 * The way to the console, where the answer to the last line has more lines than the status shows: the rows of a scan.
 * @param {{ controller: Controller, log: State["stage"]["log"] }} props `log`: empty where an error is shown.
 */
function Rest({ controller, log }) {
  const lines = log.at(-1)?.outcome?.text.split("\n").length ?? 0;
  const show = () => fold(controller, CONSOLE);
  // Its place is always there, so that nothing moves when it comes.
  return html`<span class=${lines < 2 ? "rest unused" : "rest"}>
    <button class="link" title=${say("The whole answer, in the console")} onClick=${show}>
      ${say("all {n} lines", { n: lines })}
    </button>
  </span>`;
}

/**
 * What this is, and where to begin: on a first visit, until something has been done.
 * @param {{ player: import("../player.js").Player }} props
 */
function Welcome({ player }) {
  return html`<div class="welcome">
    <p>
      ${say(
        "This is a log-structured merge tree, the kind of storage engine inside RocksDB and Cassandra, running in " +
          "your browser: stop it at any step.",
      )}
    </p>
    <button class="primary" onClick=${player.play}><${Icon} name="play" />${say("Play the tour")}</button>
    <p class="welcome-course">
      ${sayParts("Or {read}, {course}, or {look}.", {
        read: html`<a href="?lesson=how-an-lsm-tree-works">${say("read how it works")}</a>`,
        course: html`<a href="?lesson">${say("take the course")}</a>`,
        look: html`<a href="?history">${say("look into your own database")}</a>`,
      })}
    </p>
  </div>`;
}

/**
 * The tabs at an edge.
 * @param {{ side: "left" | "right", controller: Controller, state: State }} props
 */
function Edge({ side, controller, state }) {
  const charts = state.unfolded.includes("charts");
  const folds = FOLDS.filter((one) => one.side === side);
  const tab = (
    /** @type {{ tab: string, title: string, key: string }} */ { tab, title, key },
    /** @type {boolean} */ pressed,
    /** @type {() => void} */ act,
  ) =>
    html`<button
      key=${tab}
      aria-pressed=${pressed ? "true" : "false"}
      aria-keyshortcuts=${state.letterKeys ? key : null}
      title=${state.letterKeys ? `${title} (${key})` : title}
      onClick=${act}
    >${title}</button>`;
  const name = side === "left" ? say("Show controls") : say("Show explanations");
  return html`<nav class=${`edge ${side}`} aria-label=${name}>
    ${folds.map((one) => tab(one, isUnfolded(state, one), () => fold(controller, one)))}
    ${side === "right" ? tab(CHARTS, charts, () => foldCharts(controller)) : null}
  </nav>`;
}
