// Bytes in hex, with the selected field marked. Hovering over a byte, or clicking it, picks its field.

import { html } from "./ui.js";
import { VirtualList } from "./virtual-list.js";
import { say } from "../words.js";

const ROW = 18;

/**
 * @param {{
 *   bytes: Uint8Array,
 *   perRow: number,
 *   span: { start: number, end: number } | undefined,
 *   pick: (byte: number) => void,
 * }} props
 */
export function Hex({ bytes, perRow, span, pick }) {
  const row = (/** @type {number} */ r) => {
    const start = r * perRow;
    const cells = Array.from(bytes.subarray(start, start + perRow));
    const marked = (/** @type {number} */ i) => span && span.start <= start + i && start + i < span.end;
    return html`<div class="hex-row" key=${r}>
      <i>${start.toString(16).padStart(4, "0")}</i>
      <span class="hex-cells">
        ${cells.map(
          (b, i) => html`<b key=${i} data-byte=${start + i} class=${marked(i) ? "on" : ""}>
            ${b.toString(16).padStart(2, "0")}
          </b>`,
        )}
      </span>
      <span class="hex-text">
        ${cells.map(
          (b, i) => html`<b key=${i} data-byte=${start + i} class=${marked(i) ? "on" : ""}>${printable(b)}</b>`,
        )}
      </span>
    </div>`;
  };
  const over = (/** @type {MouseEvent} */ event) => {
    const { byte } = /** @type {HTMLElement} */ (event.target).dataset;
    if (byte !== undefined) pick(Number(byte));
  };
  return html`<div class="hex" onMouseOver=${over} onClick=${over}>
    <${VirtualList}
      count=${Math.ceil(bytes.length / perRow)}
      height=${ROW}
      row=${row}
      focus=${span ? Math.floor(span.start / perRow) : -1}
      label=${say("Bytes")}
    />
  </div>`;
}

/** @param {number} byte */
function printable(byte) {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·";
}
