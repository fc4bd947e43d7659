// A sweep on the page: its runs as points, those that no other beats marked, and as a table. A file is picked here, or
// dropped anywhere; in the simulator, a small sweep is run here as well.

import { MAX_BYTES, readSweep } from "../../sweep/sweep-table.js";
import { runSweep } from "../../sweep/run-sweep.js";
import { pageRunner, workers } from "../../sweep/sweep-runners.js";
import { sweepCsv } from "../../sweep/sweep-row.js";
import { bytes, number, ratio } from "../../format.js";
import { problemOf } from "../../problem.js";
import { say, sayCount, sayParts } from "../../words.js";
import { Modal } from "../dialog.js";
import { lazy, withEngine } from "../lazy.js";
import { save } from "../save.js";
import { ByWord, Icon, breakable, html, useEffect, useMemo, useRef, useState } from "../ui.js";
import { SweepChart, nameOf } from "./sweep-chart.js";

/** @typedef {import("../../sweep/sweep-table.js").SweepTable} SweepTable */
/** @typedef {import("../../sweep/sweep-table.js").SweepRun} SweepRun */
/** @typedef {import("../../sweep/run-sweep.js").SweepState} SweepState */
/** @typedef {import("../../sweep/sweep-plan.js").SweepPlan} SweepPlan */
/** @typedef {import("../../problem.js").Problem} Problem */

const COMMAND = "lsmscope sweep --out-csv";

/** The table has no more rows. */
const MAX_ROWS = 200;

// What varies is checked by the engine.
const SweepForm = lazy(
  say("the form"),
  withEngine(async () => (await import("./sweep-form.js")).SweepForm),
);

/** The sweep that was run here last, for as long as the page is open. @type {SweepState | null} */
let lastSweep = null;

/**
 * `file`: one that was dropped; `simulating`: the simulator is open.
 * @param {{ file: File | null, simulating: boolean, close: () => void }} props
 */
export function SweepDialog({ file, simulating, close }) {
  const [read, setRead] = useState(/** @type {SweepTable | null} */ (null));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [chosen, choose] = useState(0);
  const { sweep, run, cancel } = useSweep();
  const here = useMemo(() => (sweep && simulating ? tableOf(sweep) : null), [sweep?.plan, sweep?.ended]);
  const table = read ?? here;
  // Runs that come later may stand before it.
  const at = Math.max(0, table?.runs.findIndex((one) => one.run === chosen) ?? 0);
  const open = async (/** @type {File | undefined | null} */ file) => {
    if (!file) return;
    try {
      setProblem(null);
      const name = file.name;
      if (file.size > MAX_BYTES)
        throw {
          kind: "refused",
          message: say("{name} is too large", { name }),
          remedy: say("Take a part of its rows."),
        };
      const table = readSweep(await file.text(), name);
      setRead(table);
      choose(table.runs[0].run);
    } catch (error) {
      setRead(null);
      setProblem(problemOf(error));
    }
  };
  useEffect(() => void open(file), [file]);
  return html`<${Modal}
    title=${say("Runs of a sweep")}
    close=${close}
    wide=${table !== null || simulating}
  >
    <div class="sweep">
      ${
        simulating
          ? html`<details class="sweep-here" open=${file === null}>
              <summary>${say("Run a small sweep here")}</summary>
              <${SweepForm}
                sweep=${sweep}
                run=${(/** @type {SweepPlan} */ plan) => {
                  setRead(null);
                  setProblem(null);
                  run(plan);
                }}
                cancel=${cancel}
              />
            </details>`
          : null
      }
      ${sweep && simulating && !read ? html`<${Troubles} sweep=${sweep} isEmpty=${here === null} />` : null}
      ${
        table
          ? html`<${Runs}
              table=${table}
              chosen=${at}
              choose=${(/** @type {number} */ at) => choose(table.runs[at].run)}
            />`
          : html`<p>
              ${sayParts("{command} runs a workload under many sets of options. Choose the CSV that it wrote:", {
                command: html`<code>${COMMAND}</code>`,
              })}
            </p>`
      }
      <div class="sweep-files">
        ${
          table && table === here && sweep
            ? html`<button onClick=${() => save(table.name, "text/csv", sweepCsv(sweep.plan, sweep.cells))}>
                <${Icon} name="download" />${say("Save as CSV")}
              </button>`
            : null
        }
        <label class="pick">
          ${table ? say("Another file") : say("A file")}${" "}
          <input
            type="file"
            accept=".csv,text/csv"
            onChange=${(/** @type {Event} */ e) => open(/** @type {HTMLInputElement} */ (e.currentTarget).files?.[0])}
          />
        </label>
      </div>
      ${
        problem
          ? html`<p class="error" role="alert">
              <${Icon} name="alert" /><${ByWord}>${`${problem.message}. ${problem.remedy}`}<//>
            </p>`
          : null
      }
    </div>
  <//>`;
}

/** The sweep that is run here. It is cancelled when the dialog is left; what has ended stays. */
function useSweep() {
  const [sweep, setSweep] = useState(lastSweep);
  const going = useRef(/** @type {ReturnType<typeof runSweep> | null} */ (null));
  const cancel = () => going.current?.cancel();
  useEffect(() => cancel, []);
  const run = (/** @type {SweepPlan} */ plan) => {
    cancel();
    const world = { workers: () => workers(plan.runs.length), page: pageRunner, now: () => performance.now() };
    going.current = runSweep(plan, world, (state) => setSweep((lastSweep = state)));
  };
  return { sweep, run, cancel };
}

/**
 * The runs that have ended, as the file of them would be read; null as long as there are none.
 * @param {SweepState} sweep
 */
function tableOf({ plan, cells }) {
  try {
    return readSweep(sweepCsv(plan, cells), `sweep-${plan.runs[0].preset}.csv`);
  } catch {
    return null;
  }
}

/**
 * What went wrong in a sweep that is run here, and what it is like.
 * @param {{ sweep: SweepState, isEmpty: boolean }} props
 */
function Troubles({ sweep: { phase, failures, isInPage, plan }, isEmpty }) {
  return html`${
    isInPage && phase === "running"
      ? html`<p class="quiet">${say("There are no workers here: the page runs it, a slice at a time.")}</p>`
      : null
  }
  ${phase === "cancelled" ? html`<p role="status">${say("Cancelled.")}</p>` : null}
  ${phase === "done" && isEmpty ? html`<p class="error" role="alert">${say("No run came to its end.")}</p>` : null}
  ${failures.map(
    ({ number, message }) =>
      html`<p key=${number} class="error" role="alert">
        <${Icon} name="alert" />
        ${say("Run {run} failed, and is left out: {why} ({options})", {
          run: number,
          why: message,
          options: plan.axes.map((axis, at) => `${axis} ${plan.runs[number].values[at]}`).join(", "),
        })}
      </p>`,
  )}`;
}

/** @param {{ table: SweepTable, chosen: number, choose: (at: number) => void }} props */
function Runs({ table, chosen, choose }) {
  const [all, setAll] = useState(false);
  const best = table.runs.filter((run) => run.best);
  const shown = (all ? table.runs : best).slice(0, MAX_ROWS);
  const run = table.runs[chosen];
  return html`<p>
      ${sayCount(
        best.length,
        "{name}: {n} of {all} runs is beaten by no other: none writes, reads and wastes less at the same time.",
        "{name}: {n} of {all} runs are beaten by no other: none writes, reads and wastes less at the same time.",
        { name: table.name, all: number(table.runs.length) },
      )}
      ${
        table.leftOut > 0
          ? ` ${sayCount(
              table.leftOut,
              "{n} did not come to its end, and is left out.",
              "{n} did not come to their end, and are left out.",
            )}`
          : ""
      }
    </p>
    <div class="sweep-picture">
      <div><${SweepChart} table=${table} chosen=${chosen} choose=${choose} /></div>
      <dl class="sweep-run">
        <div><dt>${say("run||of a sweep")}</dt><dd>${run.run}${run.best ? " ★" : ""}</dd></div>
        ${table.axes.map(
          (axis, at) => html`<div key=${axis}><dt>${breakable(axis)}</dt><dd>${run.values[at]}</dd></div>`,
        )}
      </dl>
    </div>
    <label>
      <input
        type="checkbox"
        checked=${all}
        onChange=${(/** @type {Event} */ e) => setAll(/** @type {HTMLInputElement} */ (e.currentTarget).checked)}
      />
      ${say("All runs in the table")}
    </label>
    <div class="sweep-rows" tabindex="0" role="region" aria-label=${say("Table of runs")}>
      <table class="scores">
        <thead>
          <tr>
            <th scope="col">${say("run||of a sweep")}</th>
            ${table.axes.map((axis) => html`<th key=${axis} scope="col">${breakable(axis)}</th>`)}
            <th scope="col">${nameOf("write_amp")}</th>
            <th scope="col">${nameOf("read_amp")}</th>
            <th scope="col">${nameOf("space_amp")}</th>
            <th scope="col">${say("stopped, s")}</th>
            <th scope="col">${say("peak space")}</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map((one) => html`<${Row} key=${one.run} run=${one} is=${one === run} />`)}
        </tbody>
      </table>
    </div>
    ${
      shown.length < (all ? table.runs : best).length
        ? html`<p class="quiet">${say("The first {n} are shown.", { n: number(MAX_ROWS) })}</p>`
        : null
    }`;
}

/** @param {{ run: SweepRun, is: boolean }} props */
function Row({ run, is }) {
  return html`<tr aria-current=${is ? "true" : null}>
    <th scope="row">${run.run}${run.best ? " ★" : ""}</th>
    ${run.values.map((value, at) => html`<td key=${at}>${value}</td>`)}
    <td>${ratio(run.of.write_amp)}</td>
    <td>${ratio(run.of.read_amp)}</td>
    <td>${ratio(run.of.space_amp)}</td>
    <td>${Number.isFinite(run.stopped) ? number(Math.round(run.stopped)) : "–"}</td>
    <td>${Number.isFinite(run.peak) ? bytes(run.peak) : "–"}</td>
  </tr>`;
}
