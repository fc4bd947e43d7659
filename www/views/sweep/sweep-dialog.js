// A sweep on the page: its runs as points, those that no other beats marked, and as a table. A file is picked here, or
// dropped anywhere.

import { MAX_BYTES, readSweep } from "../../sweep/sweep-table.js";
import { bytes, number, ratio } from "../../format.js";
import { problemOf } from "../../problem.js";
import { say, sayCount, sayParts } from "../../words.js";
import { Modal } from "../dialog.js";
import { ByWord, Icon, html, useEffect, useState } from "../ui.js";
import { SweepChart, nameOf } from "./sweep-chart.js";

/** @typedef {import("../../sweep/sweep-table.js").SweepTable} SweepTable */
/** @typedef {import("../../sweep/sweep-table.js").SweepRun} SweepRun */
/** @typedef {import("../../problem.js").Problem} Problem */

const COMMAND = "lsmscope sweep --out-csv";

/** The table has no more rows. */
const MAX_ROWS = 200;

/**
 * `file`: one that was dropped.
 * @param {{ file: File | null, close: () => void }} props
 */
export function SweepDialog({ file, close }) {
  const [table, setTable] = useState(/** @type {SweepTable | null} */ (null));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [chosen, choose] = useState(0);
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
      setTable(readSweep(await file.text(), name));
      choose(0);
    } catch (error) {
      setTable(null);
      setProblem(problemOf(error));
    }
  };
  useEffect(() => void open(file), [file]);
  return html`<${Modal} title=${say("Runs of a sweep")} close=${close} wide=${table !== null}>
    <div class="sweep">
      ${
        table
          ? html`<${Runs} table=${table} chosen=${chosen} choose=${choose} />`
          : html`<p>
              ${sayParts("{command} runs a workload under many sets of options. Choose the CSV that it wrote:", {
                command: html`<code>${COMMAND}</code>`,
              })}
            </p>`
      }
      <label class="pick">
        ${table ? say("Another file") : say("A file")}${" "}
        <input
          type="file"
          accept=".csv,text/csv"
          onChange=${(/** @type {Event} */ e) => open(/** @type {HTMLInputElement} */ (e.currentTarget).files?.[0])}
        />
      </label>
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
    <${SweepChart} table=${table} chosen=${chosen} choose=${choose} />
    <dl class="sweep-run">
      <div><dt>${say("run||of a sweep")}</dt><dd>${run.run}</dd></div>
      ${table.axes.map((axis, at) => html`<div key=${axis}><dt>${axis}</dt><dd>${run.values[at]}</dd></div>`)}
    </dl>
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
            ${table.axes.map((axis) => html`<th key=${axis} scope="col">${axis}</th>`)}
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
