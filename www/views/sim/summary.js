// What came of a simulation: sentences that explain it, the table that RocksDB's statistics print, amplification as it
// was counted beside what the formulas expect, and, where two are compared, what the second does better and worse.

import { compared } from "../../sim/compare.js";
import { bytes, number, ratio } from "../../format.js";
import { decimal, say, sayParts } from "../../words.js";
import { Prose } from "../prose.js";
import { breakable, html } from "../ui.js";

/** @typedef {import("../../sim/engine.js").Results} Results */
/** @typedef {import("../../sim/engine.js").Summary} Summary */

/** @param {{ results: Results[], differing: { name: string, a: string, b: string }[] }} props */
export function SummaryPanel({ results, differing }) {
  if (results.length === 0)
    return html`<section class="sim-summary scroll" role="region" aria-label=${say("Summary")} tabindex="0">
      <p class="empty">${say("Press Run. The results are explained here.")}</p>
    </section>`;
  const [a, b] = results;
  return html`<section class="sim-summary scroll" role="region" aria-label=${say("Summary")} tabindex="0">
    ${
      b
        ? html`<${Comparison} a=${a.summary} b=${b.summary} differing=${differing} />`
        : html`<${Sentences} sentences=${a.summary.sentences} />`
    }
    ${results.map((one, i) => html`<${Levels} key=${i} summary=${one.summary} name=${b ? ["A", "B"][i] : ""} />`)}
    <${Amplification} results=${results} />
  </section>`;
}

/**
 * What follows a colon, beginning with a number, belongs to the sentence before it.
 * @param {{ sentences: string[] }} props
 */
function Sentences({ sentences }) {
  /** @type {{ text: string, parts: string[] }[]} */
  const all = [];
  for (const text of sentences) {
    const open = all.at(-1)?.text.endsWith(":") && /^\d/.test(text);
    if (open) all.at(-1)?.parts.push(text);
    else all.push({ text, parts: [] });
  }
  return html`<ul class="sim-sentences">
    ${all.map(
      ({ text, parts }) => html`<li key=${text}>
        <${Prose} text=${text} />
        ${
          parts.length > 0
            ? html`<ul>${parts.map((part) => html`<li key=${part}><${Prose} text=${part} /></li>`)}</ul>`
            : null
        }
      </li>`,
    )}
  </ul>`;
}

/** @param {{ a: Summary, b: Summary, differing: { name: string, a: string, b: string }[] }} props */
function Comparison({ a, b, differing }) {
  const { sentence, rows } = compared(a, b);
  return html`<p class="sim-verdict">${sentence}</p>
    <h2>${say("What differs")}</h2>
    <table class="sim-table compared" aria-label=${say("Differing options")}>
      <thead><tr><th>${say("option")}</th><th>A</th><th>B</th></tr></thead>
      <tbody>
        ${differing.map(
          (row) =>
            html`<tr key=${row.name}>
              <th scope="row">${breakable(row.name)}</th>
              <td>${row.a}</td>
              <td>${row.b}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${differing.length === 0 ? html`<p class="empty">${say("Nothing: both have the same options.")}</p>` : null}
    <h2>${say("Results")}</h2>
    <table class="sim-table compared" aria-label=${say("Results compared")}>
      <thead><tr><th><span class="sr">${say("measure")}</span></th><th>A</th><th>B</th><th>B / A</th></tr></thead>
      <tbody>
        ${rows.map(
          (row) => html`<tr key=${row.name} title=${row.about} class=${`came-${row.better}`}>
            <th scope="row">${row.name}</th>
            <td>${row.a}</td>
            <td>${row.b}</td>
            <td>${row.times}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
}

/** @param {{ summary: Summary, name: string }} props */
function Levels({ summary, name }) {
  const levels = summary.levels.filter((level) => level.tables > 0 || level.jobs > 0);
  return html`<h2>${name ? say("Levels {name}", { name }) : say("Levels")}</h2>
    <table class="sim-table levels-table" aria-label=${name ? say("Levels of {name}", { name }) : say("Levels")}>
      <thead>
        <tr>
          <th>${say("level")}</th>
          <th>${say("tables")}</th>
          <th>${say("size")}</th>
          <th title=${say("As the policy sees it now")}>${say("score")}</th>
          <th title=${say("Bytes from the level above")}>${say("in||bytes that came")}</th>
          <th title=${say("Bytes written")}>${say("written||a column")}</th>
          <th title=${say("Bytes written, divided by bytes in")}>${say("W-Amp")}</th>
        </tr>
      </thead>
      <tbody>
        ${levels.map(
          (level) => html`<tr key=${level.level} title=${level.formula}>
            <th scope="row">L${level.level}</th>
            <td>${number(level.tables)}</td>
            <td>${bytes(level.bytes)}</td>
            <td>${ratio(level.score)}</td>
            <td>${bytes(level.came)}</td>
            <td>${bytes(level.written)}</td>
            <td>${ratio(level.writeAmplification)}</td>
          </tr>`,
        )}
        <tr class="sum">
          <th scope="row">${say("sum")}</th>
          <td>${number(summary.tables)}</td>
          <td>${bytes(summary.bytes)}</td>
          <td></td>
          <td>${bytes(summary.flushed)}</td>
          <td>${bytes(summary.written)}</td>
          <td>${ratio(summary.writeRocksdb)}</td>
        </tr>
      </tbody>
    </table>`;
}

/**
 * @typedef {{
 *   name: string,
 *   about: string,
 *   of: (summary: Summary) => string,
 *   expected?: [import("../../sim/engine.js").Expected["quantity"], import("../../sim/engine.js").Expected["counted"]],
 * }} Measure
 */

/**
 * What was counted, and the formula that expects it. Formulas are rules of thumb: the tuning guide's is a worst case.
 * @type {Measure[]}
 */
const MEASURES = [
  {
    name: say("write, RocksDB's"),
    about: say("Bytes flushed and compacted, divided by bytes flushed; moves and the WAL do not count."),
    of: (s) => ratio(s.writeRocksdb),
    expected: ["write", "rocksdb"],
  },
  {
    name: say("write, user bytes"),
    about: say(
      "All bytes written, the WAL's too, divided by bytes of keys and values. " +
        "The literature's formula says how it grows, without constants.",
    ),
    of: (s) => ratio(s.writeUser),
    expected: ["write", "literature"],
  },
  {
    name: say("space, RocksDB's"),
    about: say("Bytes of all tables, divided by bytes of the last level."),
    of: (s) => ratio(s.spaceRocksdb),
    expected: ["space", "rocksdb"],
  },
  {
    name: say("space, live"),
    about: say(
      "Bytes of all tables, divided by bytes of what a reader can see. " +
        "The formula is for keys that are all overwritten.",
    ),
    of: (s) => ratio(s.spaceLive),
    expected: ["space", "literature"],
  },
  {
    name: say("runs of a scan"),
    about: say("Sorted runs that a scan has to read."),
    of: (s) => number(s.runs),
    expected: ["scan", "literature"],
  },
  {
    name: say("absent get"),
    about: say("Tables that are read for a key that is not there: false positives of the filters."),
    of: () => "",
    expected: ["absent_get", "literature"],
  },
  {
    name: say("absent get, Monkey"),
    about: say("The same, if the same filter bits were split among the runs as Monkey does."),
    of: () => "",
    expected: ["absent_get_monkey", "literature"],
  },
];

/** @param {{ results: Results[] }} props */
function Amplification({ results }) {
  const two = results.length > 1;
  const found = (/** @type {Summary} */ s, /** @type {Measure} */ { expected }) =>
    s.expected.find((e) => e.quantity === expected?.[0] && e.counted === expected[1]);
  const rows = MEASURES.filter(
    (row) => row.of(results[0].summary) !== "" || results.some((one) => found(one.summary, row)),
  );
  return html`<h2>${say("Amplification")}</h2>
    <p class="quiet">${say("Expected values come from formulas for full levels: an upper bound.")}</p>
    <table class=${two ? "sim-table compared" : "sim-table"} aria-label=${say("Amplification")}>
      <thead>
        <tr>
          <th><span class="sr">${say("measure")}</span></th>
          ${results.map(
            (_, i) =>
              html`<th key=${i}>${two ? ["A", "B"][i] : say("counted")}</th><th key=${`e${i}`}>${say("expected")}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) => html`<tr key=${row.name} title=${row.about}>
            <th scope="row">${row.name}</th>
            ${results.map(
              (one, i) => html`<td key=${i}>${row.of(one.summary) || "–"}</td>
                <td key=${`e${i}`} title=${found(one.summary, row)?.formula ?? ""}>
                  ${expectedText(found(one.summary, row))}
                </td>`,
            )}
          </tr>`,
        )}
      </tbody>
    </table>
    ${results.map(({ summary: { estimate } }, i) =>
      estimate
        ? html`<p key=${`estimate${i}`} class="quiet">
            ${two ? `${["A", "B"][i]}: ` : ""}
            ${sayParts("For the tree as it is, write amplification is estimated at {value} = {formula}.", {
              value: html`<b>${ratio(estimate.value)}</b>`,
              formula: estimate.formula,
            })}
          </p>`
        : null,
    )}
    ${
      two
        ? null
        : html`<ul class="sim-formulas">${rows
            .map((row) => ({ row, formula: found(results[0].summary, row) }))
            .filter(({ formula }) => formula)
            .map(({ row, formula }) => html`<li key=${row.name}><b>${row.name}</b> ${formula?.formula}</li>`)}</ul>`
    }`;
}

/** @param {import("../../sim/engine.js").Expected | undefined} expected */
function expectedText(expected) {
  if (!expected) return "–";
  return expected.value >= 0.01 || expected.value === 0
    ? ratio(expected.value)
    : decimal(expected.value.toPrecision(2));
}
