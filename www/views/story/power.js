// Power cuts and bad disks: what was taken, what was promised, and what stands.

import { bytes, count, list } from "../../format.js";

/** @typedef {"power_cut" | "aftermath" | "bit_flipped" | "disk_changed"} Types */
/** @typedef {Extract<import("../../timeline.js").Event, { type: "power_cut" }>["losses"][number]} Loss */

/** @type {Pick<import("./phrases.js").Tellers, Types>} */
export const POWER = {
  power_cut: (e) => {
    const risk = e.acked - e.durable;
    const losses =
      e.losses.length > 0 ? `On the disk, ${list(e.losses.map(loss))}.` : "On the disk, everything had been synced.";
    const files = list(e.undone.map((file) => `\`${file}\``));
    const undone =
      e.undone.length > 0 ? ` ${files} had been deleted, and ${e.undone.length === 1 ? "is" : "are"} there again.` : "";
    return {
      title: "The power is cut",
      text: `Memory is gone: the memtables, the cache, every running job. ${losses}${undone}`,
      why:
        risk > 0
          ? `${count(risk, "write")} had been acknowledged and not synced: ${seqs(e.durable + 1, e.acked)}. ` +
            "The engine made no promise that they survive. Reopen, and recovery shows which of them did."
          : "Every acknowledged write had been synced, so a promise covers each of them. Reopen, " +
            "and recovery makes the memtable again from the log.",
    };
  },
  aftermath: (e) => {
    if (e.recovered < e.promised) {
      return {
        title: "Promised writes are lost",
        text:
          `The disk had confirmed everything up to sequence number ${e.promised}, but only ${upTo(e.recovered)} is ` +
          `there: ${count(e.promised - e.recovered, "write")} that were promised to be durable are lost.`,
        why:
          "No engine can keep a promise that the disk broke. This is what a sync that lies, or damage, does; " +
          "a copy on another machine is the only help.",
      };
    }
    if (e.recovered < e.acked) {
      return {
        title: `${count(e.acked - e.recovered, "acknowledged write")} lost`,
        text:
          `Acknowledged, and lost: ${seqs(e.recovered + 1, e.acked)}. None of it had been promised to be durable; ` +
          `everything up to ${e.promised} had been, and is there.`,
        why:
          "This is the price of syncing less often than acknowledging. " +
          "`wal_sync=every_write` makes an acknowledgement a promise.",
      };
    }
    const lucky = e.recovered - e.promised;
    const luck =
      lucky > 0
        ? ` ${count(lucky, "write")} of it had not been synced: ` +
          `the disk happened to have kept ${lucky === 1 ? "it" : "them"}.`
        : "";
    return {
      title: "Nothing was lost",
      text: `Everything acknowledged is there, up to sequence number ${e.recovered}.${luck}`,
      why:
        lucky > 0
          ? "Luck is not a promise: with other unsynced bytes kept, the same power cut would have taken them."
          : "Each of these writes had been synced before it was acknowledged.",
    };
  },
  bit_flipped: (e) => ({
    title: `A bit of ${e.file} flipped`,
    text: `Bit ${e.bit} of byte ${e.offset} of \`${e.file}\` is flipped, and the disk reports nothing.`,
    why:
      "Disks do this. Every frame and every block has a checksum, so the next read of these bytes notices; " +
      "what is already in memory or in the block cache is still correct.",
  }),
  disk_changed: (e) => {
    if (e.room != null) {
      return {
        title: "The disk is full",
        text: `${e.room === 0 ? "Nothing more" : `No more than ${bytes(e.room)}`} can be written.`,
        why:
          "A write that does not fit is refused, and may leave half a frame. So after it no other write is accepted: " +
          "behind half a frame, nothing could be found again.",
      };
    }
    return e.lying
      ? {
          title: "The disk lies",
          text: "From now on a sync does nothing and says that all is well.",
          why: "Cheap disks and virtual ones do this. Nothing looks different until the power goes.",
        }
      : { title: "The disk is healthy", text: "Everything fits again, and a sync is a sync." };
  },
};

/** @param {Loss} loss */
function loss(loss) {
  const durable = loss.durable ?? 0;
  const unsynced = loss.bytes - durable;
  const kept = Math.max(0, (loss.kept ?? 0) - durable);
  const left = kept === 0 ? "none" : kept === unsynced ? "all" : bytes(kept);
  return (
    `\`${loss.file}\` had ${bytes(unsynced)} that were not synced, of which ${left} ` +
    `${kept === 0 || kept === unsynced ? "is" : "are"} left`
  );
}

/**
 * @param {number} first
 * @param {number} last
 */
function seqs(first, last) {
  return first === last ? `sequence number ${first}` : `sequence numbers ${first} to ${last}`;
}

/** @param {number} seq */
function upTo(seq) {
  return seq === 0 ? "nothing" : `everything up to ${seq}`;
}
