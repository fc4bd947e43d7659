// The job at hand: how far a flush or compaction is, and what its merge decides: who wins, who is dropped, and why.
// Between jobs it says what the next one waits for; during a read, how the read stands.

import { bytes, clip, count, file, number } from "./format.js";
import { Icon, html } from "./ui.js";

/** @typedef {import("../sandbox.js").View} View */
/** @typedef {NonNullable<View["job"]>} Running */
/** @typedef {Running["decisions"][number]} Decision */

const KEPT = {
  newest: "newest",
  snapshot: "a snapshot sees it",
  tombstone_hides: "hides older ones",
  tombstone_retained: "too young to drop",
};

/** @param {{ view: View, options: any }} props */
export function Job({ view, options }) {
  const { job } = view;
  return html`<div class="row job" role="group" aria-label="Job">
    <div class="label">
      <strong>${job ? `${job.kind === "flush" ? "Flush" : "Compaction"} ${job.job}` : "Job"}</strong>
      <small>${job ? progress(job) : "none running"}</small>
    </div>
    <div class="ticker">${job ? html`<${Ticker} job=${job} />` : html`<${Idle} view=${view} options=${options} />`}</div>
  </div>`;
}

/** @param {NonNullable<View["job"]>} job */
function progress(job) {
  if (job.installed) return "installed";
  if (job.compaction?.action === "move") return "moves, rewrites nothing";
  if (job.compaction?.action === "drop") return "drops, rewrites nothing";
  if (job.kept + job.dropped === 0) return job.kind === "flush" ? "begins" : "picked";
  const outputs = job.outputs.length + job.hidden_outputs;
  return `${number(job.kept)} kept, ${number(job.dropped)} dropped${job.hidden_outputs > 0 ? `, ${count(outputs, "output")}` : ""}`;
}

/** @param {{ job: Running }} props */
function Ticker({ job }) {
  if (job.decisions.length > 0) return job.decisions.slice(-4).map((d) => html`<${Verdict} key=${`${d.key} ${d.seq}`} decision=${d} />`);
  const c = job.compaction;
  if (!c) return html`<span class="empty">Writes the memtable, in key order, into one table for level ${job.output_level}.</span>`;
  const inputs = c.inputs.map((i) => `${count(i.tables.length, "table")} of L${i.level}`).join(" + ");
  return html`<span class="empty">${told(c, inputs)}. The inputs are hatched.</span>`;
}

/**
 * @param {NonNullable<Running["compaction"]>} compaction
 * @param {string} inputs
 */
function told({ action, output_level: level }, inputs) {
  if (action === "drop") return `Drops ${inputs}, unread`;
  return action === "move" ? `Moves ${inputs} to L${level}` : `Merges ${inputs} into L${level}`;
}

/** @param {{ decision: Decision }} props */
function Verdict({ decision: d }) {
  const name = `${clip(d.key, 14)}·${d.seq}`;
  if (d.dropped == null) {
    return html`<span class="decision kept" title=${`${d.key}: kept, ${d.kept ? KEPT[d.kept] : ""}`}>
      <${Icon} name=${d.kind === "delete" ? "tombstone" : "keep"} /><b>${name}</b> kept${" "}<small>${d.kept ? KEPT[d.kept] : ""}, from ${source(d.from)}</small>
    </span>`;
  }
  const why = d.dropped === "shadowed" ? `hidden by ·${d.by}` : "nothing below to hide";
  return html`<span class="decision dropped" title=${`${d.key}: dropped, ${why}`}>
    <${Icon} name="drop" /><b><s>${name}</s></b> dropped${" "}<small>${why}, from ${source(d.from)}</small>
  </span>`;
}

/** @param {Decision["from"]} place */
function source(place) {
  return place.in === "memtable" ? `memtable ${place.id}` : file(place.id);
}

/** @param {{ view: View, options: any }} props */
function Idle({ view, options }) {
  const { read } = view;
  if (read) return html`<${Read} read=${read} />`;
  if (!options || !view.open) return null;
  if (options.disable_auto_compactions) return html`<span class="empty">Compactions run only when asked for.</span>`;
  const due = view.levels.find((level) => level.score && level.score.score >= 1);
  if (due) return html`<span class="empty">Level ${due.level} is due: ${due.score?.formula}.</span>`;
  return html`<span class="empty">Level 0 is compacted when it has ${count(options.level0_file_num_compaction_trigger, "table")}; now ${view.levels[0]?.count ?? 0}.</span>`;
}

/** @param {{ read: NonNullable<View["read"]> }} props */
function Read({ read }) {
  const what = read.kind === "get" ? html`get <b>${clip(read.key ?? "", 24)}</b>` : html`scan`;
  if (!read.done) return html`<span class="decision"><${Icon} name="question" />${what} is looking…</span>`;
  const cost = read.cost;
  const how = cost ? `${count(cost.memtables, "memtable")}, ${count(cost.filters, "filter")}, ${count(cost.blocks, "block")}, ${bytes(cost.bytes_read)} read` : "";
  if (read.kind === "scan") return html`<span class="decision"><${Icon} name="check" />${what} is over <small>${how}</small></span>`;
  return html`<span class="decision">
    <${Icon} name=${read.found ? "check" : "cross"} />${what}: ${read.found ? `found ·${read.seq}` : read.decided_by === "delete" ? `deleted ·${read.seq}` : "not there"} <small>${how}</small>
  </span>`;
}
