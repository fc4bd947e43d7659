// Power cuts and bad disks: what was taken, what was promised, and what stands.

import { bytes, count, list } from "../../format.js";
import { say, sayCount } from "../../words.js";
import { sentences } from "./phrases.js";

/** @typedef {"power_cut" | "aftermath" | "bit_flipped" | "disk_changed"} Types */
/** @typedef {Extract<import("../../timeline.js").Event, { type: "power_cut" }>["losses"][number]} Loss */

/** @type {Pick<import("./phrases.js").Tellers, Types>} */
export const POWER = {
  power_cut: (e) => {
    const risk = e.acked - e.durable;
    const { length } = e.undone;
    const files = list(e.undone.map((file) => `\`${file}\``));
    return {
      title: say("The power is cut"),
      text: sentences(
        say("Memory is gone: the memtables, the cache, every running job."),
        e.losses.length > 0
          ? say("On the disk, {losses}.", { losses: list(e.losses.map(loss)) })
          : say("On the disk, everything had been synced."),
        length > 0
          ? sayCount(
              length,
              "{files} had been deleted, and is there again.",
              "{files} had been deleted, and are there again.",
              { files },
            )
          : "",
      ),
      why:
        risk > 0
          ? say(
              "{writes} had been acknowledged and not synced: {seqs}. " +
                "The engine made no promise that they survive. Reopen, and recovery shows which of them did.",
              { writes: count(risk, "write"), seqs: seqs(e.durable + 1, e.acked) },
            )
          : say(
              "Every acknowledged write had been synced, so a promise covers each of them. Reopen, " +
                "and recovery makes the memtable again from the log.",
            ),
    };
  },
  aftermath: (e) => {
    if (e.recovered < e.promised) {
      const writes = count(e.promised - e.recovered, "write");
      return {
        title: say("Promised writes are lost"),
        text: say(
          e.recovered === 0
            ? "The disk had confirmed everything up to sequence number {promised}, but nothing is there: " +
                "{writes} that were promised to be durable are lost."
            : "The disk had confirmed everything up to sequence number {promised}, but only everything up to " +
                "{recovered} is there: {writes} that were promised to be durable are lost.",
          { promised: e.promised, recovered: e.recovered, writes },
        ),
        why: say(
          "No engine can keep a promise that the disk broke. This is what a sync that lies, or damage, does; " +
            "a copy on another machine is the only help.",
        ),
      };
    }
    if (e.recovered < e.acked) {
      return {
        title: say("{writes} lost", { writes: count(e.acked - e.recovered, "acknowledged write") }),
        text: say(
          "Acknowledged, and lost: {seqs}. None of it had been promised to be durable; " +
            "everything up to {promised} had been, and is there.",
          { seqs: seqs(e.recovered + 1, e.acked), promised: e.promised },
        ),
        why: say(
          "This is the price of syncing less often than acknowledging. " +
            "`wal_sync=every_write` makes an acknowledgement a promise.",
        ),
      };
    }
    const lucky = e.recovered - e.promised;
    return {
      title: say("Nothing was lost"),
      text: sentences(
        say("Everything acknowledged is there, up to sequence number {seq}.", { seq: e.recovered }),
        lucky > 0
          ? sayCount(
              lucky,
              "{n} write of it had not been synced: the disk happened to have kept it.",
              "{n} writes of it had not been synced: the disk happened to have kept them.",
            )
          : "",
      ),
      why: say(
        lucky > 0
          ? "Luck is not a promise: with other unsynced bytes kept, the same power cut would have taken them."
          : "Each of these writes had been synced before it was acknowledged.",
      ),
    };
  },
  bit_flipped: (e) => ({
    title: say("A bit of {file} flipped", { file: e.file }),
    text: say("Bit {bit} of byte {offset} of `{file}` is flipped, and the disk reports nothing.", {
      bit: e.bit,
      offset: e.offset,
      file: e.file,
    }),
    why: say(
      "Disks do this. Every frame and every block has a checksum, so the next read of these bytes notices; " +
        "what is already in memory or in the block cache is still correct.",
    ),
  }),
  disk_changed: (e) => {
    if (e.room != null) {
      return {
        title: say("The disk is full"),
        text:
          e.room === 0
            ? say("Nothing more can be written.")
            : say("No more than {bytes} can be written.", { bytes: bytes(e.room) }),
        why: say(
          "A write that does not fit is refused, and may leave half a frame. So after it no other write is accepted: " +
            "behind half a frame, nothing could be found again.",
        ),
      };
    }
    return e.lying
      ? {
          title: say("The disk lies"),
          text: say("From now on a sync does nothing and says that all is well."),
          why: say("Cheap disks and virtual ones do this. Nothing looks different until the power goes."),
        }
      : { title: say("The disk is healthy"), text: say("Everything fits again, and a sync is a sync.") };
  },
};

/** @param {Loss} loss */
function loss(loss) {
  const durable = loss.durable ?? 0;
  const unsynced = loss.bytes - durable;
  const kept = Math.max(0, (loss.kept ?? 0) - durable);
  const values = { file: loss.file, bytes: bytes(unsynced), kept: bytes(kept) };
  if (kept > 0 && kept !== unsynced)
    return say("`{file}` had {bytes} that were not synced, of which {kept} are left", values);
  return say(
    kept === 0
      ? "`{file}` had {bytes} that were not synced, of which none is left"
      : "`{file}` had {bytes} that were not synced, of which all is left",
    values,
  );
}

/**
 * @param {number} first
 * @param {number} last
 */
function seqs(first, last) {
  return first === last
    ? say("sequence number {first}", { first })
    : say("sequence numbers {first} to {last}", { first, last });
}
