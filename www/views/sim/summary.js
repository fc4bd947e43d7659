// What came of a simulation: sentences that explain it, the table that RocksDB's statistics print, amplification as it was
// counted beside what the formulas expect, and, where two are compared, what the second does better and worse.

import { compared } from "../../sim/compare.js";
import { bytes, number, ratio } from "../format.js";
import { Prose, html } from "../ui.js";

/** @typedef {import("../../sim/engine.js").Told} Told */
/** @typedef {import("../../sim/engine.js").Summary} Summary */

/** @param {{ told: Told[], differing: { name: string, a: string, b: string }[] }} props */
export function SummaryPanel({ told, differing }) {
  if (told.length === 0) return html`<section class="sim-summary scroll" role="region" aria-label="Summary" tabindex="0"><p class="empty">Press Run. What comes of it is explained here.</p></section>`;
  const [a, b] = told;
  return html`<section class="sim-summary scroll" role="region" aria-label="Summary" tabindex="0">
    ${b ? html`<${Comparison} a=${a.summary} b=${b.summary} differing=${differing} />` : html`<ul class="sim-sentences">${a.summary.sentences.map((text) => html`<li key=${text}><${Prose} text=${text} /></li>`)}</ul>`}
    ${told.map((one, i) => html`<${Levels} key=${i} summary=${one.summary} name=${b ? ["A", "B"][i] : ""} />`)}
    <${Amplification} told=${told} />
  </section>`;
}

/** @param {{ a: Summary, b: Summary, differing: { name: string, a: string, b: string }[] }} props */
function Comparison({ a, b, differing }) {
  const { sentence, rows } = compared(a, b);
  return html`<p class="sim-verdict">${sentence}</p>
    <h2>What differs</h2>
    <table class="sim-table" aria-label="Differing options">
      <thead><tr><th>option</th><th>A</th><th>B</th></tr></thead>
      <tbody>${differing.map((row) => html`<tr key=${row.name}><td>${row.name}</td><td>${row.a}</td><td>${row.b}</td></tr>`)}</tbody>
    </table>
    ${differing.length === 0 ? html`<p class="empty">Nothing: both run the same.</p>` : null}
    <h2>What came of it</h2>
    <table class="sim-table" aria-label="Results compared">
      <thead><tr><th></th><th>A</th><th>B</th><th>B by A</th></tr></thead>
      <tbody>
        ${rows.map((row) => html`<tr key=${row.name} title=${row.about} class=${row.better}><td>${row.name}</td><td>${row.a}</td><td>${row.b}</td><td>${row.times}</td></tr>`)}
      </tbody>
    </table>`;
}

/** @param {{ summary: Summary, name: string }} props */
function Levels({ summary, name }) {
  const levels = summary.levels.filter((level) => level.tables > 0 || level.jobs > 0);
  return html`<h2>Levels${name ? ` ${name}` : ""}</h2>
    <table class="sim-table" aria-label=${name ? `Levels of ${name}` : "Levels"}>
      <thead><tr><th>level</th><th>tables</th><th>size</th><th title="As the policy sees it now">score</th><th title="Bytes that came from above">in</th><th title="Bytes written">written</th><th title="Written by what came in">W-Amp</th></tr></thead>
      <tbody>
        ${levels.map((level) => html`<tr key=${level.level} title=${level.formula}>
          <td>L${level.level}</td><td>${number(level.tables)}</td><td>${bytes(level.bytes)}</td><td>${ratio(level.score)}</td><td>${bytes(level.came)}</td><td>${bytes(level.written)}</td><td>${ratio(level.writeAmplification)}</td>
        </tr>`)}
        <tr class="sum"><td>sum</td><td>${number(summary.tables)}</td><td>${bytes(summary.bytes)}</td><td></td><td>${bytes(summary.flushed)}</td><td>${bytes(summary.written)}</td><td>${ratio(summary.writeRocksdb)}</td></tr>
      </tbody>
    </table>`;
}

/** @param {{ told: Told[] }} props */
function Amplification({ told }) {
  const two = told.length > 1;
  const rows = [
    { name: "write (RocksDB's)", about: "Bytes flushed and compacted by bytes flushed; moves and the WAL do not count.", of: (/** @type {Summary} */ s) => ratio(s.writeRocksdb) },
    { name: "write (user bytes)", about: "All bytes written, the WAL's too, by bytes of keys and values.", of: (/** @type {Summary} */ s) => ratio(s.writeUser) },
    ...told[0].summary.expected.map(({ name, about }, i) => ({ name, about, of: (/** @type {Summary} */ s) => s.expected[i]?.value ?? "–" })),
    { name: "space (RocksDB's)", about: "Bytes of all tables by bytes of the last level.", of: (/** @type {Summary} */ s) => ratio(s.spaceRocksdb) },
    { name: "space (live)", about: "Bytes of all tables by bytes of what a reader can see.", of: (/** @type {Summary} */ s) => ratio(s.spaceLive) },
    { name: "read: runs", about: "Sorted runs that a read may have to look into.", of: (/** @type {Summary} */ s) => number(s.runs) },
  ];
  return html`<h2>Amplification</h2>
    <table class="sim-table" aria-label="Amplification">
      <thead><tr><th></th>${two ? html`<th>A</th><th>B</th>` : html`<th>value</th>`}</tr></thead>
      <tbody>${rows.map((row) => html`<tr key=${row.name} title=${row.about}><td>${row.name}</td>${told.map((one, i) => html`<td key=${i}>${row.of(one.summary)}</td>`)}</tr>`)}</tbody>
    </table>`;
}
