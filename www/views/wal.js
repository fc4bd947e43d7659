// The logs: each a strip of frames, with the mark up to which a power cut can not take them.

import { bytes, clip, count, number } from "../format.js";
import { Icon, html, useLayoutEffect, useRef } from "./ui.js";

/** @typedef {import("../timeline.js").View} View */
/** @typedef {View["wals"][number]} Log */
/** @typedef {Log["frames"][number]} Frame */
/** @typedef {import("../controller.js").Controller["select"]} Select */

/** @param {{ view: View, select: Select }} props */
export function Wal({ view, select }) {
  const active = view.wals.at(-1);
  const older = view.wals.slice(0, -1);
  return html`<section class="row wal" role="region" aria-label="WAL">
    <div class="label">
      <strong>WAL</strong>
      <small>${active ? html`<span class="roomy">${active.file} · </span>${bytes(active.bytes)}` : "no log"}</small>
      <${Promised} view=${view} />
    </div>
    <div class="wal-logs scroll">
      ${older.map((log) => html`<${Older} key=${log.wal} log=${log} select=${select} />`)}
      ${active ? html`<${Strip} log=${active} view=${view} select=${select} />` : html`<span class="empty">Each write is appended here first.</span>`}
    </div>
  </section>`;
}

/**
 * What was acknowledged beside what no power cut can take: the price of the sync policy.
 * @param {{ view: View }} props
 */
function Promised({ view }) {
  if (view.acked_seq === 0) return null;
  const risk = view.acked_seq - view.durable_seq;
  // Words, while the numbers leave room for them.
  const long = `${view.acked_seq}${view.durable_seq}`.length > 4;
  const about =
    risk > 0 ? `${count(risk, "acknowledged write")} may be lost in a power cut` : "no acknowledged write can be lost";
  return html`<small class=${risk > 0 ? "promised at-risk" : "promised"} title=${`Acknowledged up to sequence number ${view.acked_seq}, durable up to ${view.durable_seq}: ${about}`}>
    ${long ? (risk > 0 ? `${number(risk)} at risk` : "all durable") : html`<span class="roomy">acked </span><span class="cramped"><${Icon} name="check" /></span>${view.acked_seq} · <span class="roomy">durable </span><span class="cramped"><${Icon} name="lock" /></span>${view.durable_seq}`}
  </small>`;
}

/**
 * A log of a memtable that waits for its flush.
 * @param {{ log: Log, select: Select }} props
 */
function Older({ log, select }) {
  const frames = log.frames.length + log.hidden;
  const what = frames > 0 ? count(frames, "frame") : bytes(log.bytes);
  return html`<button class="wal-older" title=${`The log of a memtable that is not flushed yet, ${bytes(log.bytes)}`} onClick=${() => select({ file: log.file })}>
    ${log.file}<small>${what} · ${log.synced >= log.bytes ? "synced" : "not all synced"}</small>
  </button>`;
}

/** @param {{ log: Log, view: View, select: Select }} props */
function Strip({ log, view, select }) {
  const strip = useRef(/** @type {HTMLElement | null} */ (null));
  // The newest frame is what one wants to see.
  useLayoutEffect(() => {
    if (strip.current) strip.current.scrollLeft = strip.current.scrollWidth;
  }, [log.frames.length, log.bytes]);
  if (log.frames.length === 0) return html`<span class="empty">${noFrames(log, view.open)}</span>`;
  const synced = log.frames.filter((frame) => frame.synced && !frame.lost).length;
  const fresh = freshFrame(view);
  return html`<div class="strip scroll" ref=${strip} tabindex="-1">
    ${log.hidden > 0 ? html`<span class="more">+${log.hidden} before</span>` : null}
    ${log.frames.slice(0, synced).map((frame) => html`<${FrameBox} key=${frame.offset} log=${log} frame=${frame} now=${fresh === frame.offset} select=${select} />`)}
    <span class="watermark" key="watermark" data-flip=${`watermark:${log.wal}`} title=${`${bytes(log.synced)} of ${bytes(log.bytes)} are durable`}>
      <${Icon} name="lock" />synced
    </span>
    ${log.frames.slice(synced).map((frame) => html`<${FrameBox} key=${frame.offset} log=${log} frame=${frame} now=${fresh === frame.offset} select=${select} />`)}
  </div>`;
}

/**
 * @param {Log} log
 * @param {boolean} open Whether the database is: else it is being recovered.
 */
function noFrames(log, open) {
  if (log.bytes === 0) return `${log.file} is empty: each write is appended here first.`;
  return open
    ? "Frames are not listed: a long run records no single writes."
    : `No frame of ${log.file} is replayed yet.`;
}

/**
 * The frame that the current event is about.
 * @param {View} view
 */
function freshFrame(view) {
  const { now } = view;
  return now?.type === "wal_appended" || now?.type === "frame_replayed" ? now.offset : -1;
}

/** @param {{ log: Log, frame: Frame, now: boolean, select: Select }} props */
function FrameBox({ log, frame, now, select }) {
  const last = frame.first_seq + frame.records.length + frame.hidden_records - 1;
  const seqs = last > frame.first_seq ? `${frame.first_seq}–${last}` : `${frame.first_seq}`;
  const [look, state] = fate(frame);
  return html`<button
    class=${`frame ${look}${now ? " now" : ""}`}
    data-flip=${`frame:${log.wal}:${frame.offset}`}
    title=${`Frame at byte ${frame.offset}, ${bytes(frame.bytes)}; ${state}`}
    onClick=${() => select({ file: log.file, offset: frame.offset })}
  >
    <small>${seqs}${look === "unsynced" ? html`<span class="sr"> not synced</span>` : look ? ` ${look}` : ""}</small>
    <span><${Content} frame=${frame} /></span>
  </button>`;
}

/**
 * How a frame looks, and what that means.
 * @param {Frame} frame
 */
function fate(frame) {
  if (frame.lost) return ["lost", "the power cut took it"];
  if (frame.torn) return ["torn", "the power cut left a part of it"];
  return frame.synced ? ["", "synced"] : ["unsynced", "not synced: a power cut may take it"];
}

/** @param {{ frame: Frame }} props */
function Content({ frame }) {
  const [record] = frame.records;
  const records = frame.records.length + frame.hidden_records;
  if (!record) return "empty";
  const more = records > 1 ? ` +${records - 1}` : "";
  if (record.kind === "delete") return html`<${Icon} name="tombstone" /><s>${clip(record.key, 12)}</s>${more}`;
  return `${clip(record.key, 12)}=${clip(record.value, 10)}${more}`;
}
