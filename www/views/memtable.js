// The memtable: what was written last, sorted, in memory; and how full it is.

import { bytes, clip, count, number } from "../format.js";
import { Icon, amounts, html } from "./ui.js";

/** @typedef {import("../timeline.js").View} View */
/** @typedef {import("../timeline.js").Options} Options */
/** @typedef {View["memtable"]} Table */
/** @typedef {import("../controller.js").Controller["select"]} Select */

/** @param {{ view: View, options: Options | null, select: Select }} props */
export function Memtable({ view, options, select }) {
  const { memtable } = view;
  const percent = Math.min(100, Math.round(memtable.fill * 100));
  const probe = view.read?.memtables.find((probe) => probe.memtable === memtable.id);
  return html`<section class="row memtable" role="region" aria-label="Memtable">
    <div class="label">
      <strong>Memtable${memtable.id ? ` ${memtable.id}` : ""}</strong>
      <small>${fullness(memtable, options)}</small>
      <div class="gauge" role="meter" aria-label="Memtable fill" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${percent}>
        <i style=${`width:${percent}%`}></i>
      </div>
    </div>
    <div class="entries scroll" data-flip-source=${`memtable:${memtable.id}`}>
      ${memtable.count > 0 && memtable.entries.length === 0 ? html`<span class="empty">Not listed: a long run records flushes and compactions, not each write.</span>` : html`<${Entries} memtable=${memtable} newest=${inserting(view)} select=${select} />`}
      ${view.writes_stopped ? html`<span class="error"><${Icon} name="alert" /> No writes: ${clip(view.writes_stopped, 60)}</span>` : !view.power ? html`<span class="empty">Gone with the power: it was only in memory.</span>` : memtable.count === 0 ? html`<span class="empty">Empty. ${limits(options)}</span>` : null}
      <${Probed} probe=${probe} />
    </div>
  </section>`;
}

/**
 * @param {Table} memtable
 * @param {Options | null} options
 */
function fullness(memtable, options) {
  const most = options?.write_buffer_entries ?? 0;
  const amount = most > 0 ? `${number(memtable.count)} of ${number(most)}` : number(memtable.count);
  return amounts(amount, (most || memtable.count) === 1 ? "entry" : "entries", bytes(memtable.bytes));
}

/**
 * What fills it, in words.
 * @param {Options | null} options
 */
export function limits(options) {
  if (!options) return "";
  const parts = [];
  if (options.write_buffer_entries > 0) parts.push(count(options.write_buffer_entries, "entry", "entries"));
  parts.push(bytes(options.write_buffer_size));
  return `It is flushed at ${parts.join(" or ")}.`;
}

/**
 * The sequence number that the current event has inserted.
 * @param {View} view
 */
function inserting(view) {
  return view.now?.type === "memtable_inserted" ? view.now.record.seq : -1;
}

/** @param {{ memtable: Table, newest: number, select: Select }} props */
function Entries({ memtable, newest, select }) {
  return html`${memtable.hidden_before > 0 ? html`<span class="more">+${memtable.hidden_before} before</span>` : null}
  ${memtable.entries.map(
    (entry) => html`<${Entry} key=${entry.seq} entry=${entry} now=${entry.seq === newest} select=${select} />`,
  )}
  ${memtable.hidden_after > 0 ? html`<span class="more">+${memtable.hidden_after} after</span>` : null}`;
}

/** @param {{ entry: Table["entries"][number], now: boolean, select: Select }} props */
export function Entry({ entry, now, select }) {
  const dead = entry.kind === "delete";
  return html`<button
    class=${`entry${dead ? " tombstone" : ""}${now ? " now" : ""}`}
    data-flip=${`entry:${entry.seq}`}
    title=${dead ? `A tombstone: ${entry.key} is deleted since sequence number ${entry.seq}` : `${entry.key} = ${entry.value}, ${count(entry.value_bytes, "byte")}, sequence number ${entry.seq}`}
    onClick=${() => select({ key: entry.key })}
  >
    ${dead ? html`<${Icon} name="tombstone" /><s>${clip(entry.key, 18)}</s><span class="sr"> deleted</span>` : clip(entry.key, 18)}${" "}<small>${dead ? "" : `${clip(entry.value, 14)} `}·${entry.seq}</small>
  </button>`;
}

/** @param {{ probe: { found?: number | null } | undefined }} props */
export function Probed({ probe }) {
  if (!probe) return null;
  return probe.found == null
    ? html`<span class="probe missed"><${Icon} name="skip" />not here</span>`
    : html`<span class="probe found"><${Icon} name="check" />found ·${probe.found}</span>`;
}
