// What happened in a real database, as its LOG tells: on the left what was read, in the middle a film of it (tree,
// charts and jobs over the log's own time), on the right what went wrong, the slowest jobs, the levels.

import { filmPlayer } from "../../log/the-film.js";
import { openedSaid, saidAt } from "../../log/at-moment.js";
import { openingSaid } from "../../log/opening-moment.js";
import { clockOf } from "../../log/log-charts.js";
import { bytes, duration, time } from "../../format.js";
import { PACES } from "../../paces.js";
import { say } from "../../words.js";
import { Icon, html, useEffect, useMemo } from "../ui.js";
import { tell } from "../live-region.js";
import { usePlayKey } from "../play-key.js";
import { useStore } from "../use-store.js";
import { Findings } from "./findings.js";
import { LogCharts } from "./log-charts.js";
import { LogFacts } from "./log-facts.js";
import { LogTree } from "./log-tree.js";

/** @typedef {import("../../log/film-player.js").FilmState} FilmState */
/** @typedef {import("../ui.js").ChoiceEvent} ChoiceEvent */

/** @param {{ controller: import("../../controller.js").Controller }} props */
export function LogRoom({ controller }) {
  const state = useStore(filmPlayer.store);
  usePlayKey(filmPlayer.toggle);
  // A room that is left does not play on.
  useEffect(() => filmPlayer.pause, []);
  const { film } = state;
  const moment = state.pointed ?? state.now;
  // What had the focus while it was read is gone.
  useEffect(() => {
    if (film && document.activeElement === document.body) document.getElementById("run")?.focus();
  }, [film]);
  const clock = useMemo(() => (film ? clockOf(film.report) : null), [film]);
  const opened = state.opened && clock ? openingSaid(state.opened, clock.moment(state.opened.moment)) : "";
  useOpeningTold(state, opened);
  const width = state.range ? state.range.to - state.range.from : (film?.duration ?? 0);
  // Of what is in view: as many digits of a second as it needs.
  const fine = useMemo(() => (film ? clockOf(film.report, width) : null), [film, width]);
  // An estimate knows RocksDB's options.
  const canEstimate = (state.files?.hasDecisions && film?.report.database === "RocksDB") ?? false;
  const estimate = useMemo(
    () =>
      canEstimate
        ? (/** @type {string} */ changes) => {
            controller.store.set({ dialog: "what-if" });
            controller.histories.whatIf.estimate(changes);
          }
        : null,
    [canEstimate],
  );
  const show = useMemo(
    () =>
      (/** @type {Parameters<typeof filmPlayer.show>} */ ...where) => {
        filmPlayer.show(...where);
        // Where there is room for one pane only, it is the film's.
        controller.store.setIn("tabs", { pane: "stage" });
      },
    [],
  );
  return html`<main class="main sim log" aria-label=${say("What happened")}>
    <aside class="side left log-facts scroll" tabindex="0" aria-label=${say("What was read")}>
      <${LogFacts} ...${{ film, files: state.files, family: state.family, phase: state.phase, controller }} />
    </aside>
    <section class="stage sim-centre">
      ${
        film && fine
          ? html`<${FilmBar} state=${state} moment=${moment} clock=${fine} opened=${opened} />
              <${LogTree} film=${film} moment=${moment} clock=${fine} />
              <${LogCharts} film=${film} state=${state} moment=${moment} clock=${fine} />`
          : html`<${Reading} state=${state} controller=${controller} />`
      }
    </section>
    <aside class="side right log-findings scroll" tabindex="0" aria-label=${say("What went wrong")}>
      ${film && clock ? html`<${Findings} ...${{ film, clock, estimate, show }} family=${state.family} />` : null}
    </aside>
  </main>`;
}

/**
 * Says what was opened, what went wrong in it, and at which moment it stands.
 * @param {FilmState} state
 * @param {string} opened
 */
function useOpeningTold({ film, files }, opened) {
  useEffect(() => {
    if (film && files) tell("log", `${openedSaid(film.report, files.name)} ${opened}`);
  }, [film]);
}

/**
 * Before there is a film: how far it is read, or why it is refused.
 * @param {{ state: FilmState, controller: import("../../controller.js").Controller }} props
 */
function Reading({ state, controller }) {
  const { phase, asked, done, of, problem } = state;
  const choose = () => controller.store.set({ dialog: "history", historyOpening: null });
  const name = asked?.name ?? "";
  if (phase === "reading")
    return html`<div class="log-reading">
      <p role="status">
        ${say("Reading {name}: {done} of {all}…", { name, done: bytes(done), all: bytes(of) })}
      </p>
      <progress aria-label=${say("Progress")} max=${Math.max(1, of)} value=${done}></progress>
      <button onClick=${filmPlayer.cancel}>${say("Cancel")}</button>
    </div>`;
  return html`<div class="log-reading">
    ${
      problem
        ? html`<p class="error" role="alert"><b>${name}</b>: ${problem.message}. ${problem.remedy}</p>`
        : html`<p>
            ${say("Choose the LOG of a RocksDB or LevelDB database: what happened in it is shown over time.")}
          </p>`
    }
    <button class="primary" onClick=${choose}><${Icon} name="database" />${say("Choose files…")}</button>
  </div>`;
}

/**
 * @param {{ state: FilmState, moment: number, clock: import("../over-time.js").Clock, opened: string }} props
 */
function FilmBar({ state, moment, clock, opened }) {
  const { film, playing, speed, phase, asked, done, of, problem, pointed } = state;
  if (!film) return null;
  const { jobs, held } = saidAt(film, moment);
  const refused = phase === "refused" ? problem : null;
  return html`<div class="sim-bar log-bar">
      <button id="run" class="primary play" title=${say("Space||the key")} onClick=${filmPlayer.toggle}>
        <${Icon} name=${playing ? "pause" : "play"} />
        ${playing ? say("Pause") : say("Play")}
      </button>
      <label>
        <span class="sr">${say("Speed")}</span>
        <select
          value=${String(speed)}
          title=${say("The whole log takes {time}.", { time: duration(film.duration / speed) })}
          onChange=${(/** @type {ChoiceEvent} */ e) => filmPlayer.pace(Number(e.currentTarget.value))}
        >
          ${PACES.map(([speed, name]) => html`<option key=${speed} value=${String(speed)}>${name}</option>`)}
        </select>
      </label>
      <b class="log-clock">${clock.moment(moment)}</b>
      <span class="log-at">
        <span class="quiet" title=${opened}>${opened}</span>
        <span class="quiet">${say("{at} of {duration}", { at: time(moment), duration: time(film.duration) })}</span>
      </span>
      ${
        phase === "reading"
          ? html`<span role="status" class="quiet">${say("Reading {name}…", { name: asked?.name ?? "" })}</span>
              <progress aria-label=${say("Progress")} max=${Math.max(1, of)} value=${done}></progress>
              <button onClick=${filmPlayer.cancel}>${say("Cancel")}</button>`
          : null
      }
    </div>
    ${refused ? html`<p class="error" role="alert">${refused.message}. ${refused.remedy}</p>` : null}
    <div class="log-now" aria-live=${playing || pointed !== null ? "off" : "polite"}>
      <p>${jobs}</p>
      <p class="held">${held ? html`<${Icon} name="alert" /><span>${held}</span>` : null}</p>
    </div>`;
}
