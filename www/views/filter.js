// A table's bloom filter as the bits it is, with the bits that the last lookup asked about.

import { cssColor, prepare, usePaint } from "./canvas.js";
import { html } from "./ui.js";

/**
 * @typedef {object} FilterBits
 * @property {number} bits
 * @property {number} k
 * @property {number} ones How many bits are set.
 * @property {number[]} bytes The bits, the lowest of each byte first.
 * @property {{ key?: string | null, bits: { bit: number, set: boolean }[], maybe: boolean } | null} [probe]
 */

/** More bits than this are not drawn one by one. */
const MAX_BITS = 4096;
const CELL = 5;

/** @param {{ filter: FilterBits }} props */
export function Filter({ filter }) {
  const columns = 48;
  const canvas = usePaint((element) => paint(element, filter, columns), [filter]);
  const rows = Math.ceil(Math.min(filter.bits, MAX_BITS) / columns);
  const share = filter.ones / filter.bits;
  const asked = filter.probe?.bits.map(
    (b) => html`<code class=${b.set ? "" : "error"} key=${b.bit}>${b.bit} ${b.set ? "set" : "not set"}</code> `,
  );
  return html`<div class="filter-bits">
    <p>
      ${
        filter.bits === 0
          ? "Bloom filter: no bits, so every key is a maybe."
          : `Bloom filter: ${filter.bits} bits, ${filter.ones} set (${Math.round(share * 100)} %), ${filter.k} ` +
            `asked for each key. A wrong maybe about ${(share ** filter.k * 100).toFixed(1)} % of the time.`
      }
    </p>
    <div class="scroll filter-box">
      <canvas ref=${canvas} style=${`height:${rows * CELL}px`} aria-hidden="true"></canvas>
    </div>
    ${
      filter.probe
        ? html`<p>
            Last lookup${filter.probe.key ? html` of <code>${filter.probe.key}</code>` : null}: ${asked} so${" "}
            ${filter.probe.maybe ? "maybe" : "certainly not"}.
          </p>`
        : null
    }
  </div>`;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {FilterBits} filter
 * @param {number} columns
 */
function paint(canvas, filter, columns) {
  const { context: c, width } = prepare(canvas);
  if (!c) return;
  const colours = {
    set: cssColor(canvas, "--ink-2"),
    unset: cssColor(canvas, "--line"),
    now: cssColor(canvas, "--now"),
  };
  const w = width / columns;
  const probed = new Map((filter.probe?.bits ?? []).map((b) => [b.bit, b.set]));
  for (let bit = 0; bit < Math.min(filter.bits, MAX_BITS); bit += 1) {
    const x = (bit % columns) * w;
    const y = Math.floor(bit / columns) * CELL;
    const set = (filter.bytes[bit >> 3] >> (bit & 7)) & 1;
    c.fillStyle = set ? colours.set : colours.unset;
    c.fillRect(x, y, w - 1, CELL - 1);
    if (probed.has(bit)) {
      c.strokeStyle = colours.now;
      c.lineWidth = 1.5;
      c.strokeRect(x - 0.5, y - 0.5, w, CELL);
    }
  }
}
