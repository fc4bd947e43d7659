// The current job: the progress of a flush or compaction, and what its merge decides: which entry is kept, which is
// dropped, and why.
// Under virtual time, between such moments, those whose bytes the device is moving: how many, what they are, until
// when. Where there are none it says what the next one waits for; during a read, how the read stands.

import { bytes, clip, count, file, list, number, time } from "../format.js";
import { END } from "./story/time.js";
import { ByWord, Icon, html } from "./ui.js";

/** @typedef {import("../timeline.js").View} View */
/** @typedef {NonNullable<View["job"]>} Running */
/** @typedef {Running["decisions"][number]} Decision */

const KEPT = {
  newest: "newest",
  snapshot: "a snapshot sees it",
  tombstone_hides: "hides older ones",
  tombstone_retained: "too young to drop",
};

/** @param {{ view: View, options: import("../timeline.js").Options | null }} props */
export function Job({ view, options }) {
  const { job } = view;
  const scheduled = scheduledJobs(view);
  const name = job
    ? `${job.kind === "flush" ? "Flush" : "Compaction"} ${job.job}`
    : scheduled.length > 1
      ? "Jobs"
      : "Job";
  return html`<div class="row job" role="group" aria-label="Job">
    <div class="label">
      <strong title=${name}>${name}</strong>
      <small>
        <${ByWord}>
          ${job ? progress(job) : scheduled.length > 0 ? `${scheduled.length} running` : "none running"}
        <//>
      </small>
    </div>
    <div class="ticker">
      ${
        job
          ? html`<${Ticker} job=${job} scheduled=${scheduled} />`
          : scheduled.length > 0 && !view.read
            ? html`<${ScheduledJobs} scheduled=${scheduled} now=${view.now_nanos} />`
            : html`<${Idle} view=${view} options=${options} />`
      }
    </div>
  </div>`;
}

/**
 * A job that was executed, and whose bytes the device moves.
 * @typedef {Running & { schedule: NonNullable<Running["schedule"]> }} ScheduledJob
 */

/**
 * All running jobs but the current one, in the order in which they began.
 * @param {Pick<View, "job" | "jobs">} view
 * @returns {ScheduledJob[]}
 */
export function scheduledJobs({ job, jobs }) {
  return /** @type {ScheduledJob[]} */ (
    jobs.filter((other) => other.schedule && !other.installed && other.job !== job?.job)
  );
}

const NANO = 1e-9;

/**
 * What a running job does, and until when.
 * @param {ScheduledJob} job
 * @param {number} now Virtual time, in nanoseconds.
 */
export function scheduledText({ job, kind, compaction: c, memtables, output_level: level, schedule }, now) {
  const from = c
    ? list(c.inputs.filter((i) => i.tables.length > 0).map((i) => `L${i.level}`))
    : `${memtables.length === 1 ? "memtable" : "memtables"} ${list(memtables.map(String))}`;
  return { name: `${kind} ${job}`, route: `${from} → L${level}`, until: until(schedule, now) };
}

/**
 * When it is over. The end is planned when a job begins; jobs that begin later share the device, and make it later.
 * @param {ScheduledJob["schedule"]} schedule
 * @param {number} now
 */
function until({ ends, behind }, now) {
  if (behind != null) return `done, waits for memtable ${behind}`;
  if (ends >= END) return "never done: virtual time ends before";
  return `${ends >= now ? "until" : "planned until"} ${time(ends * NANO)}`;
}

/** @param {{ scheduled: ScheduledJob[], now: number }} props */
function ScheduledJobs({ scheduled, now }) {
  const left = scheduled.length - 4;
  return scheduled.slice(-4).map((job, i) => {
    const { name, route, until } = scheduledText(job, now);
    const about =
      `${name}, ${route}: the device reads ${bytes(job.schedule.bytes_read)} and writes ` +
      `${bytes(job.schedule.bytes_written)} for it, ` +
      `${until}${until.startsWith("planned") ? ": other jobs share the device, or it is over this moment" : ""}`;
    return html`<span class="decision running" key=${job.job}>
      <${ByWord} title=${about}>
        ${i === 0 && left > 0 ? `${left} more, ` : ""}<b>${name}</b> ${route}${" "}<small>${until}</small>
      <//>
    </span>`;
  });
}

/** @param {NonNullable<View["job"]>} job */
function progress(job) {
  if (job.installed) return "installed";
  if (job.compaction?.action === "move") return "moves, rewrites nothing";
  if (job.compaction?.action === "drop") return "drops, rewrites nothing";
  if (job.kept + job.dropped === 0) return job.kind === "flush" ? "begins" : "picked";
  const outputs = job.outputs.length + job.hidden_outputs;
  return (
    `${number(job.kept)} kept, ${number(job.dropped)} ` +
    `dropped${job.hidden_outputs > 0 ? `, ${count(outputs, "output")}` : ""}`
  );
}

/** @param {{ job: Running, scheduled: ScheduledJob[] }} props */
function Ticker({ job, scheduled }) {
  if (job.decisions.length > 0)
    return job.decisions.slice(-4).map((d) => html`<${Verdict} key=${`${d.key} ${d.seq}`} decision=${d} />`);
  const c = job.compaction;
  const others =
    scheduled.length > 0
      ? html`<span class="roomy"> Also running: ${list(scheduled.map(({ kind, job }) => `${kind} ${job}`))}.</span>`
      : null;
  if (!c)
    return html`<span class="empty">
      Writes the memtable, in key order, into one table for level ${job.output_level}.${others}
    </span>`;
  const inputs = c.inputs.map((i) => `${count(i.tables.length, "table")} of L${i.level}`).join(" + ");
  return html`<span class="empty">${told(c, inputs)}. The inputs are outlined.${others}</span>`;
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
    return html`<span class="decision kept">
      <${Icon} name=${d.kind === "delete" ? "tombstone" : "keep"} />
      <${ByWord} title=${`${d.key}: kept, ${d.kept ? KEPT[d.kept] : ""}, from ${source(d.from)}`}>
        <b>${name}</b> kept${" "}<small>${d.kept ? KEPT[d.kept] : ""}, from ${source(d.from)}</small>
      <//>
    </span>`;
  }
  const why = d.dropped === "shadowed" ? `hidden by ·${d.by}` : "nothing below to hide";
  return html`<span class="decision dropped">
    <${Icon} name="drop" />
    <${ByWord} title=${`${d.key}: dropped, ${why}, from ${source(d.from)}`}>
      <b><s>${name}</s></b> dropped${" "}<small>${why}, from ${source(d.from)}</small>
    <//>
  </span>`;
}

/** @param {Decision["from"]} place */
function source(place) {
  return place.in === "memtable" ? `memtable ${place.id}` : file(place.id);
}

/** @param {{ view: View, options: import("../timeline.js").Options | null }} props */
function Idle({ view, options }) {
  const { read } = view;
  if (read) return html`<${Read} read=${read} />`;
  if (!options || !view.open) return null;
  return html`<span class="empty">${view.waits}</span>`;
}

/** @param {{ read: NonNullable<View["read"]> }} props */
function Read({ read }) {
  const what = read.kind === "get" ? html`get <b>${clip(read.key ?? "", 24)}</b>` : html`scan`;
  if (!read.done) return html`<span class="decision"><${Icon} name="question" />${what} is looking…</span>`;
  const cost = read.cost;
  const how = cost
    ? `${count(cost.memtables, "memtable")}, ${count(cost.filters, "filter")}, ${count(cost.blocks, "block")}, ` +
      `${bytes(cost.bytes_read)} read`
    : "";
  if (read.kind === "scan")
    return html`<span class="decision">
      <${Icon} name="check" /><${ByWord} title=${how}>${what} is over <small>${how}</small><//>
    </span>`;
  const found = read.found ? `found ·${read.seq}` : read.decided_by === "delete" ? `deleted ·${read.seq}` : "not there";
  return html`<span class="decision">
    <${Icon} name=${read.found ? "check" : "cross"} />
    <${ByWord} title=${`${found}: ${how}`}>${what}: ${found} <small>${how}</small><//>
  </span>`;
}
