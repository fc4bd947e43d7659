// What is wrong with the text: a list, which leads to the lines; and whether the check still runs.

import { sayCount, say, number } from "../../../words.js";
import { Icon, html } from "../../ui.js";

/** @typedef {import("../../../lesson/edit/editing.js").EditingState} EditingState */

/** Findings that are listed: the first ones are mended first. */
const MAX_SHOWN = 50;

/** @param {{ state: EditingState, jump: (from: number, to: number) => void }} props */
export function Findings({ state, jump }) {
  const { findings } = state;
  return html`<ul class="edit-findings" aria-label=${say("Problems")}>
    ${findings.slice(0, MAX_SHOWN).map(
      ({ severity, line, column, message, remedy, start, end }) =>
        html`<li key=${`${start} ${message}`} data-severity=${severity}>
          <button class="plain" onClick=${() => jump(start, end)}>
            <${Icon} name=${severity === "error" ? "cross" : "alert"} />
            <span>
              <b>${placeWords(severity, line, column)}</b> ${message}.${" "}
              ${remedy ? html`<span class="edit-remedy">${remedy}</span>` : null}
            </span>
          </button>
        </li>`,
    )}
  </ul>`;
}

/**
 * @param {import("../../../lesson/edit/checking.js").Finding["severity"]} severity
 * @param {number} line
 * @param {number} column
 */
function placeWords(severity, line, column) {
  const at = { line: number(line), column: number(column) };
  return severity === "error"
    ? say("Error in line {line}, column {column}:", at)
    : say("Warning in line {line}, column {column}:", at);
}

/**
 * How the text stands, in a sentence.
 * @param {EditingState} state
 */
export function standing({ text, findings, check, variants }) {
  if (text.trim() === "") return say("Nothing is written yet.");
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const told = sayCount(errors, "{n} error", "{n} errors");
  if (errors > 0 && warnings === 0) return told;
  // The list has both.
  if (errors > 0) return `${told}, ${sayCount(warnings, "{n} warning", "{n} warnings")}`;
  const all = number(variants);
  if (check === "running")
    return variants > 1 ? say("The check runs, of all {all} variants…", { all }) : say("The check runs…");
  if (check === "read") return say("Read; the check begins in a moment.");
  if (warnings > 0) return sayCount(warnings, "{n} warning, no error", "{n} warnings, no error");
  return variants > 1 ? say("No errors, in all {all} variants.", { all }) : say("No errors.");
}
