// The life of a key in words: a pure function from a step of it to a short phrase.

import { file } from "../format.js";

/** @typedef {ReturnType<import("../timeline.js").Timeline["keyLife"]>[number]} LifeStep */
/** @typedef {Extract<LifeStep["what"], { type: "read" }>["place"]} Place */

/**
 * @param {LifeStep} step
 * @returns {string}
 */
export function lifeText({ what, kind, seq }) {
  switch (what.type) {
    case "logged":
      return `${kind === "delete" ? "deleted" : "written"} as ·${seq}: into the log ${file(what.wal)}`;
    case "replayed":
      return `·${seq} read back from the log ${file(what.wal)}`;
    case "inserted":
      return `·${seq} is in memtable ${what.memtable}`;
    case "written":
      return `·${seq} goes from ${where(what.from)} into ${what.to == null ? "a table" : file(what.to)}`;
    case "moved":
      return `·${seq} moves with ${file(what.table)} from L${what.from} to L${what.to}`;
    case "dropped_with_table":
      return `·${seq} is gone: its table ${file(what.table)} was dropped`;
    case "dropped":
      return (
        `·${seq} of ${where(what.from)} is dropped: ` +
        `${what.reason === "shadowed" ? `hidden by ·${what.by}` : "a tombstone with nothing to hide"}`
      );
    case "read":
      return `read: ·${seq} found in ${where(what.place)}`;
    case "not_found":
      return "read: not there";
  }
}

/** @param {Place} place */
function where(place) {
  return place.in === "memtable" ? `memtable ${place.id}` : `${file(place.id)} on L${place.level}`;
}
