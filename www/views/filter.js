// A table's bloom filter as the bits it is, with the bits that the last lookup asked about.

import { cssColor, prepare, usePaint } from "./canvas.js";
import { decimal, say, sayParts } from "../words.js";
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
  return html`<div class="filter-bits">
    <p>
      ${
        filter.bits === 0
          ? say("Bloom filter: no bits, so every key is a maybe.")
          : say(
              "Bloom filter: {bits} bits, {ones} set ({percent} %), {k} asked for each key. " +
                "A wrong maybe about {wrong} % of the time.",
              {
                bits: filter.bits,
                ones: filter.ones,
                percent: Math.round(share * 100),
                k: filter.k,
                wrong: decimal((share ** filter.k * 100).toFixed(1)),
              },
            )
      }
    </p>
    <div class="scroll filter-box">
      <canvas ref=${canvas} style=${`height:${rows * CELL}px`} aria-hidden="true"></canvas>
    </div>
    ${filter.probe ? html`<p>${probeText(filter.probe)}</p>` : null}
  </div>`;
}

/** @param {NonNullable<FilterBits["probe"]>} probe */
function probeText(probe) {
  const bits = probe.bits.map(
    ({ bit, set }) => html`<code class=${set ? "" : "error"} key=${bit}>
        ${set ? say("{bit} set", { bit }) : say("{bit} not set", { bit })}
      </code> `,
  );
  if (!probe.key) {
    return probe.maybe
      ? sayParts("Last lookup: {bits} so maybe.", { bits })
      : sayParts("Last lookup: {bits} so certainly not.", { bits });
  }
  const key = html`<code>${probe.key}</code>`;
  return probe.maybe
    ? sayParts("Last lookup of {key}: {bits} so maybe.", { key, bits })
    : sayParts("Last lookup of {key}: {bits} so certainly not.", { key, bits });
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
