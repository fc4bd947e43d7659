// The current job: the progress of a flush or compaction, and what its merge decides: which entry is kept, which is
// dropped, and why.
// Under virtual time, between such moments, those whose bytes the device is moving: how many, what they are, until
// when. Where there are none it says what the next one waits for; during a read, how the read stands.

import { bytes, clip, count, file, list, number, time } from "../format.js";
import { say, sayCount, sayParts } from "../words.js";
import { END } from "./story/time.js";
import { ByWord, Icon, html } from "./ui.js";

/** @typedef {import("../timeline.js").View} View */
/** @typedef {NonNullable<View["job"]>} Running */
/** @typedef {Running["decisions"][number]} Decision */

const KEPT = {
  newest: say("newest"),
  snapshot: say("a snapshot sees it"),
  tombstone_hides: say("may hide older ones"),
  tombstone_retained: say("too young to drop"),
};

/** @param {{ view: View, options: import("../timeline.js").Options | null }} props */
export function Job({ view, options }) {
  const { job } = view;
  const scheduled = scheduledJobs(view);
  const name = job ? capitalName(job) : scheduled.length > 1 ? say("Jobs") : say("Job");
  return html`<div class="row job" role="group" aria-label=${say("Job")}>
    <div class="label">
      <strong title=${name}>${name}</strong>
      <small>
        <${ByWord}>
          ${
            job
              ? progress(job)
              : scheduled.length > 0
                ? sayCount(scheduled.length, "{n} running", "{n} running")
                : say("none running")
          }
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
 * At the beginning of a line.
 * @param {Pick<Running, "kind" | "job">} job
 */
function capitalName({ kind, job }) {
  return kind === "flush" ? say("Flush {job}", { job }) : say("Compaction {job}", { job });
}

/**
 * Within a line.
 * @param {Pick<Running, "kind" | "job">} job
 */
function nameOf({ kind, job }) {
  return kind === "flush" ? say("flush {job}", { job }) : say("compaction {job}", { job });
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
    : memtables.length === 1
      ? say("memtable {id}", { id: memtables[0] })
      : say("memtables {ids}", { ids: list(memtables.map(String)) });
  return { name: nameOf({ kind, job }), route: `${from} → L${level}`, until: until(schedule, now) };
}

/**
 * When it is over. The end is planned when a job begins; jobs that begin later share the device, and make it later.
 * @param {ScheduledJob["schedule"]} schedule
 * @param {number} now
 */
function until({ ends, behind }, now) {
  if (behind != null) return say("done, waits for memtable {id}", { id: behind });
  if (ends >= END) return say("never done: virtual time ends before");
  const end = time(ends * NANO);
  return ends >= now ? say("until {time}", { time: end }) : say("planned until {time}", { time: end });
}

/**
 * Whether it runs beyond the end that was planned.
 * @param {ScheduledJob["schedule"]} schedule
 * @param {number} now
 */
function isLate({ ends, behind }, now) {
  return behind == null && ends < now && ends < END;
}

/** @param {{ scheduled: ScheduledJob[], now: number }} props */
function ScheduledJobs({ scheduled, now }) {
  const left = scheduled.length - 4;
  return scheduled.slice(-4).map((job, i) => {
    const { name, route, until } = scheduledText(job, now);
    const read = bytes(job.schedule.bytes_read);
    const written = bytes(job.schedule.bytes_written);
    const about = say(
      isLate(job.schedule, now)
        ? "{job}, {route}: the device reads {read} and writes {written} for it, {until}: " +
            "other jobs share the device, or it is over this moment"
        : "{job}, {route}: the device reads {read} and writes {written} for it, {until}",
      { job: name, route, read, written, until },
    );
    return html`<span class="decision running" key=${job.job}>
      <${ByWord} title=${about}>
        ${i === 0 && left > 0 ? `${sayCount(left, "{n} more,", "{n} more,")} ` : ""}<b>${name}</b> ${route}${" "}
        <small>${until}</small>
      <//>
    </span>`;
  });
}

/** @param {NonNullable<View["job"]>} job */
function progress(job) {
  if (job.installed) return say("installed");
  if (job.compaction?.action === "move") return say("moves, rewrites nothing");
  if (job.compaction?.action === "drop") return say("drops, rewrites nothing");
  if (job.kept + job.dropped === 0) return job.kind === "flush" ? say("begins") : say("picked");
  const outputs = job.outputs.length + job.hidden_outputs;
  const values = { kept: number(job.kept), dropped: number(job.dropped) };
  return job.hidden_outputs > 0
    ? say("{kept} kept, {dropped} dropped, {outputs}", { ...values, outputs: count(outputs, "output") })
    : say("{kept} kept, {dropped} dropped", values);
}

/** @param {{ job: Running, scheduled: ScheduledJob[] }} props */
function Ticker({ job, scheduled }) {
  if (job.decisions.length > 0)
    return job.decisions.slice(-4).map((d) => html`<${Verdict} key=${`${d.key} ${d.seq}`} decision=${d} />`);
  const c = job.compaction;
  const others =
    scheduled.length > 0
      ? html`<span class="roomy"> ${say("Also running: {jobs}.", { jobs: list(scheduled.map(nameOf)) })}</span>`
      : null;
  if (!c)
    return html`<span class="empty">
      ${say("Writes the memtable, in key order, into one table for level {level}.", { level: job.output_level })}
      ${others}
    </span>`;
  const inputs = c.inputs.map(({ tables, level }) =>
    say("{tables} of L{level}", { tables: count(tables.length, "table"), level }),
  );
  return html`<span class="empty">${told(c, inputs.join(" + "))} ${say("The inputs are outlined.")}${others}</span>`;
}

/**
 * @param {NonNullable<Running["compaction"]>} compaction
 * @param {string} inputs
 */
function told({ action, output_level: level }, inputs) {
  if (action === "drop") return say("Drops {inputs}, unread.", { inputs });
  const values = { inputs, level: level ?? "" };
  return action === "move" ? say("Moves {inputs} to L{level}.", values) : say("Merges {inputs} into L{level}.", values);
}

/** @param {{ decision: Decision }} props */
function Verdict({ decision: d }) {
  const name = `${clip(d.key, 14)}·${d.seq}`;
  const from = source(d.from);
  if (d.dropped == null) {
    const why = d.kept ? KEPT[d.kept] : "";
    return html`<span class="decision kept">
      <${Icon} name=${d.kind === "delete" ? "tombstone" : "keep"} />
      <${ByWord} title=${say("{key}: kept, {why}, from {source}", { key: d.key, why, source: from })}>
        ${sayParts("{entry} kept", { entry: html`<b>${name}</b>` })}${" "}
        <small>${say("{why}, from {source}", { why, source: from })}</small>
      <//>
    </span>`;
  }
  const why = d.dropped === "shadowed" ? say("hidden by ·{seq}", { seq: d.by ?? "" }) : say("nothing below to hide");
  return html`<span class="decision dropped">
    <${Icon} name="drop" />
    <${ByWord} title=${say("{key}: dropped, {why}, from {source}", { key: d.key, why, source: from })}>
      ${sayParts("{entry} dropped", { entry: html`<b><s>${name}</s></b>` })}${" "}
      <small>${say("{why}, from {source}", { why, source: from })}</small>
    <//>
  </span>`;
}

/** @param {Decision["from"]} place */
function source(place) {
  return place.in === "memtable" ? say("memtable {id}", { id: place.id }) : file(place.id);
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
  if (!read.done)
    return html`<span class="decision">
      <${Icon} name="question" />${sayParts("{read} is looking…", { read: what })}
    </span>`;
  const cost = read.cost;
  const how = cost
    ? say("{memtables}, {filters}, {blocks}, {bytes} read", {
        memtables: count(cost.memtables, "memtable"),
        filters: count(cost.filters, "filter"),
        blocks: count(cost.blocks, "block"),
        bytes: bytes(cost.bytes_read),
      })
    : "";
  if (read.kind === "scan")
    return html`<span class="decision">
      <${Icon} name="check" />
      <${ByWord} title=${how}>${sayParts("{read} is over", { read: what })} <small>${how}</small><//>
    </span>`;
  const seq = read.seq ?? "";
  const found = read.found
    ? say("found ·{seq}", { seq })
    : read.decided_by === "delete"
      ? say("deleted ·{seq}", { seq })
      : say("not there");
  return html`<span class="decision">
    <${Icon} name=${read.found ? "check" : "cross"} />
    <${ByWord} title=${`${found}: ${how}`}>${what}: ${found} <small>${how}</small><//>
  </span>`;
}
