// The printable page: the stage as a picture, what is told of the operation, the script, the options.
//
// It stands beside the page, and only print shows it (styles/print.css); it is gone when the print dialog is closed.

import { render } from "htm/preact/standalone";

import { svgOf } from "../../export/picture.js";
import { optionTexts } from "../../options.js";
import { say, sayCount } from "../../words.js";
import { Icon, html, useState } from "../ui.js";

/** @typedef {import("./subject.js").Takeable} Takeable */

/** The picture of the printable page. */
const LOOK = /** @type {const} */ ({ width: 1280, height: 720, theme: "light", sentence: false });
/** The most sentences: an operation may have thousands of events. */
const MAX_TOLD = 200;

/** @param {{ takeable: Takeable, state: import("../../state.js").State, close: () => void }} props */
export function PrintPanel({ takeable, state, close }) {
  const [error, setError] = useState("");
  const { from, to } = takeable.range;
  const print = async () => {
    try {
      const remove = await lay(takeable, state);
      close();
      addEventListener("afterprint", remove, { once: true });
      // The dialog is closed by then.
      setTimeout(() => globalThis.print(), 50);
    } catch (caught) {
      setError(caught instanceof Error ? caught.message : String(caught));
    }
  };
  return html`<div class="export-result">
    <p>
      ${sayCount(
        state.stage.script.length,
        "A page for paper: the stage at event {position}, the sentences of events {from} to {to}, " +
          "the {n} command that ran, and the options.",
        "A page for paper: the stage at event {position}, the sentences of events {from} to {to}, " +
          "the {n} commands that ran, and the options.",
        { position: takeable.position, from: from + 1, to },
      )}
    </p>
    ${error ? html`<p class="error" role="alert"><${Icon} name="alert" /> ${error}</p>` : null}
    <div class="actions">
      <button class="primary" onClick=${print}>${say("Print…")}</button>
    </div>
    <p class="quiet">${say("Where a frame allows no dialogs, nothing is printed: open the page itself.")}</p>
  </div>`;
}

/**
 * Lays the page out.
 * @param {Takeable} takeable
 * @param {import("../../state.js").State} state
 * @returns {Promise<() => void>} removes it
 */
async function lay({ subject, position, range }, { stage, shown }) {
  const svg = svgOf(subject, [{ position, progress: 1 }], LOOK);
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  const page = document.createElement("div");
  page.className = "print-page";
  const first = Math.max(range.from + 1, range.to - MAX_TOLD + 1);
  const events = Array.from({ length: Math.max(0, range.to - first + 1) }, (_, i) => first + i);
  const options = Object.entries(optionTexts(shown.options));
  render(
    html`<h1>${say("lsmscope, after event {position}", { position })}</h1>
      <img src=${url} alt=${subject.title(position)} />
      <h2>${say("What happened")}</h2>
      <ol class="print-story">
        ${events.map((event) => {
          const { title, text } = subject.told(event);
          return html`<li key=${event} value=${event} data-now=${event === position ? "" : null}>
            <b>${title}.</b> ${text}
          </li>`;
        })}
      </ol>
      <h2>${say("Script")}</h2>
      <pre>${stage.script.join("\n") || say("(nothing was run)")}</pre>
      <h2>${say("Options")}</h2>
      <ul class="print-options">
        ${options.map(([name, value]) => html`<li key=${name}><code>${name}=${value}</code></li>`)}
      </ul>`,
    page,
  );
  document.body.append(page);
  await page.querySelector("img")?.decode();
  return () => {
    page.remove();
    URL.revokeObjectURL(url);
  };
}
