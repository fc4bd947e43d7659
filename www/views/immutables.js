// The queue of sealed memtables: they take no more writes, and wait for their flush, oldest first.

import { bytes, count } from "../format.js";
import { Entry, Probed } from "./memtable.js";
import { html } from "./ui.js";

/** @typedef {import("../timeline.js").Options} Options */
/** @typedef {import("../timeline.js").View} View */

/** @param {{ view: View, options: Options | null, select: import("../controller.js").Controller["select"] }} props */
export function Immutables({ view, options, select }) {
  const { immutables } = view;
  const most = options ? options.max_write_buffer_number - 1 : 0;
  return html`<section class="row immutables" role="region" aria-label="Immutable memtables">
    <div class="label">
      <strong>Immutable</strong>
      <small>${immutables.length === 0 ? "none waiting" : `${immutables.length} of at most ${most}`}</small>
    </div>
    <div class="queue">
      ${immutables.length === 0 ? html`<span class="empty">A full memtable waits here for its flush.</span>` : null}
      ${immutables.map(
        (
          memtable,
        ) => html`<div key=${memtable.id} class=${memtable.flushing ? "sealed flushing" : "sealed"} data-flip=${`memtable:${memtable.id}`}>
          <span class="sealed-name">${memtable.id} <small>${memtable.flushing ? "flushing" : "waits"} · ${count(memtable.count, "entry", "entries")} · ${bytes(memtable.bytes)}</small></span>
          ${immutables.length === 1 ? memtable.entries.slice(0, 6).map((entry) => html`<${Entry} key=${entry.seq} entry=${entry} now=${false} select=${select} />`) : null}
          ${immutables.length === 1 && memtable.entries.length > 0 && memtable.count > 6 ? html`<span class="more">+${memtable.count - 6}</span>` : null}
          <${Probed} probe=${view.read?.memtables.find((probe) => probe.memtable === memtable.id)} />
        </div>`,
      )}
    </div>
  </section>`;
}
