// The simulator: what is simulated on the left, what happens in the middle (the tree of this moment, charts and jobs
// over virtual time), what comes of it on the right. Loaded when it is first opened.

import { differences, encode, valuesOf } from "../../sim/experiment.js";
import { replaceFragment } from "../../link/fragment.js";
import { siteAddress } from "../../site-address.js";
import { LinkBox } from "../share.js";
import { Modal } from "../dialog.js";
import { time } from "../../format.js";
import { PACES } from "../../paces.js";
import { say } from "../../words.js";
import { Tabs } from "../tabs.js";
import { ByWord, Icon, html, useEffect, useState } from "../ui.js";
import { useStore } from "../use-store.js";
import { defaultsOf } from "../knobs.js";
import { lazy } from "../lazy.js";
import { usePlayKey } from "../play-key.js";
import { SimCharts } from "./charts.js";
import { SimTree } from "./sim-tree.js";
import { Setup, wrongValue } from "./setup.js";
import { SummaryPanel } from "./summary.js";

const SimulatorExport = lazy(
  say("the export"),
  async () => (await import("../export/export-dialog.js")).SimulatorExport,
);

/** @typedef {import("../../sim/simulator.js").Simulator} Simulator */
/** @typedef {import("../../sim/simulator.js").SimulatorState} SimulatorState */
/** @typedef {import("../../sim/experiment.js").Catalog} Catalog */
/** @typedef {import("../ui.js").ChoiceEvent} ChoiceEvent */

/** Virtual seconds in a second, the fastest first. @type {(readonly [number, string])[]} */
const SPEEDS = [
  [Number.POSITIVE_INFINITY, say("as fast as it can")],
  ...PACES.filter(([speed]) => speed <= 3600).reverse(),
];

/**
 * @param {{
 *   simulator: Simulator,
 *   catalog: Catalog,
 *   sharing: boolean,
 *   stopSharing: () => void,
 *   exporting: boolean,
 *   stopExporting: () => void,
 * }} props
 */
export function SimulatorView({ simulator, catalog, sharing, stopSharing, exporting, stopExporting }) {
  const state = useStore(simulator.store);
  useAddress(state.experiment);
  usePlayKey(simulator.toggle);
  useEscape(simulator);
  const differing = differingOptions(state.ran ?? state.experiment, catalog);
  return html`<main class="main sim" aria-label=${say("Simulator")}>
    <aside class="side left" aria-label=${say("Experiment")}>
      <${Setup} simulator=${simulator} state=${state} catalog=${catalog} />
    </aside>
    <section class="stage sim-centre">
      <${RunBar} simulator=${simulator} state=${state} wrong=${wrongValue(state.experiment, catalog)} />
      <${TreeNow} state=${state} />
      <${SimCharts} simulator=${simulator} state=${state} />
    </section>
    <aside class="side right" aria-label=${say("Results")}>
      <${SummaryPanel} results=${state.results} differing=${differing} />
    </aside>
    ${exporting ? html`<${SimulatorExport} state=${state} close=${stopExporting} />` : null}
    ${sharing ? html`<${ShareExperiment} experiment=${state.experiment} close=${stopSharing} />` : null}
  </main>`;
}

/**
 * The address is the experiment's, so that it can be kept and sent.
 * @param {SimulatorState["experiment"]} experiment
 */
function useAddress(experiment) {
  useEffect(() => {
    const address = encode(experiment);
    if (location.hash !== address) replaceFragment(address);
  }, [experiment]);
}

/**
 * Escape goes back from the moment that was chosen to the last.
 * @param {Simulator} simulator
 */
function useEscape(simulator) {
  useEffect(() => {
    const press = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) simulator.look(null);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [simulator]);
}

/**
 * `wrong`: what keeps it from running.
 * @param {{ simulator: Simulator, state: SimulatorState, wrong: import("../../catalog.js").WrongValue | null }} props
 */
function RunBar({ simulator, state, wrong }) {
  const { phase, at, duration } = state;
  const running = phase === "running";
  const changed = state.ran !== null && state.ran !== state.experiment;
  const share = duration > 0 ? at / duration : 0;
  const refusal = wrong && !running ? say("{field} does not fit: expected {expected}", wrong) : "";
  const begin = phase === "done" || (changed && !running) ? simulator.begin : simulator.toggle;
  return html`<div class="sim-bar">
    <button
      id="run"
      class="primary play"
      disabled=${refusal !== ""}
      title=${refusal || say("Space||the key")}
      onClick=${begin}
    >
      <${Icon} name=${running ? "pause" : "play"} />
      ${running ? say("Pause") : say("Run||a simulation")}
    </button>
    <button disabled=${phase === "idle"} onClick=${simulator.reset}>${running ? say("Cancel") : say("Reset")}</button>
    <label>
      <span class="sr">${say("Speed")}</span>
      <select
        value=${String(state.speed)}
        onChange=${(/** @type {ChoiceEvent} */ e) => simulator.pace(Number(e.currentTarget.value))}
      >
        ${SPEEDS.map(([speed, name]) => html`<option key=${name} value=${String(speed)}>${name}</option>`)}
      </select>
    </label>
    ${
      running || phase === "paused"
        ? html`<progress
            aria-label=${say("Progress")}
            max="1"
            value=${share}
            aria-valuetext=${say("{percent} %, {at} of {duration}", {
              percent: Math.round(share * 100),
              at: time(at),
              duration: time(duration),
            })}
          ></progress>`
        : null
    }
    <span class="sim-status" role="status">
      ${
        state.trouble
          ? html`<span class="error"><${Icon} name="alert" /><${ByWord}>${state.trouble.message}<//></span>`
          : refusal
            ? html`<span class="error"><${Icon} name="alert" /><${ByWord}>${refusal}<//></span>`
            : html`<${ByWord}>${statusText(state, changed)}<//>`
      }
    </span>
  </div>`;
}

/**
 * @param {SimulatorState} state
 * @param {boolean} changed
 */
function statusText({ phase, at, duration, status }, changed) {
  if (phase === "idle") return status || say("Not run yet.");
  const lasted = time(duration);
  if (phase !== "done") return `${status} ${say("{part} of {whole}", { part: time(at), whole: lasted })}`;
  return changed
    ? say("Changed since this run. Done: {duration}.", { duration: lasted })
    : say("Done: {duration}.", { duration: lasted });
}

/** @param {{ state: SimulatorState }} props */
function TreeNow({ state }) {
  const [side, setSide] = useState("0");
  const two = state.results.length > 1;
  const results = state.results[two ? Number(side) : 0];
  const moment = state.cursor !== null && state.cursor < state.at ? state.cursor : null;
  return html`<section class="sim-tree" role="region" aria-label=${say("Tree")}>
    ${
      two
        ? html`<${Tabs} label=${say("Whose tree")} tabs=${[
            ["0", "A"],
            ["1", "B"],
          ]} on=${side} pick=${setSide} />`
        : null
    }
    ${
      results
        ? html`<${SimTree} results=${results} moment=${moment} />`
        : html`<p class="empty">
            ${
              state.phase === "running"
                ? say("It begins…")
                : say(
                    "Press Run, or Space: the tree is drawn here, level by level on the key axis, " +
                      "with charts and jobs below. Point at a chart, and the tree of that moment is here.",
                  )
            }
          </p>`
    }
  </section>`;
}

/**
 * @param {SimulatorState["experiment"]} experiment
 * @param {Catalog} catalog
 */
function differingOptions({ preset, a, b }, catalog) {
  const found = catalog.presets.find((p) => p.name === preset);
  return b
    ? differences(valuesOf(found, "options", a), valuesOf(found, "options", b), defaultsOf(catalog.options))
    : [];
}

/** @param {{ experiment: SimulatorState["experiment"], close: () => void }} props */
function ShareExperiment({ experiment, close }) {
  return html`<${Modal} title=${say("Share this experiment")} close=${close}>
    <p class="quiet">
      ${say(
        "The link opens this page with the same workload and options. A run there gives the same results, " +
          "to the last digit.",
      )}
    </p>
    <${LinkBox} link=${siteAddress() + encode(experiment)} />
  <//>`;
}
