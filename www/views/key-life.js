// The life of a key in words: a pure function from a step of it to a short phrase.

import { file } from "../format.js";
import { say } from "../words.js";

/** @typedef {ReturnType<import("../timeline.js").Timeline["keyLife"]>[number]} LifeStep */
/** @typedef {Extract<LifeStep["what"], { type: "read" }>["place"]} Place */

/**
 * @param {LifeStep} step
 * @returns {string}
 */
export function lifeText({ what, kind, seq: version }) {
  // Only a key that is not found has no version.
  const seq = Number(version);
  switch (what.type) {
    case "logged":
      return say(
        kind === "delete" ? "deleted as ·{seq}: into the log {file}" : "written as ·{seq}: into the log {file}",
        {
          seq,
          file: file(what.wal),
        },
      );
    case "replayed":
      return say("·{seq} read back from the log {file}", { seq, file: file(what.wal) });
    case "inserted":
      return say("·{seq} is in memtable {id}", { seq, id: what.memtable });
    case "written":
      return what.to == null
        ? say("·{seq} goes from {place} into a table", { seq, place: where(what.from) })
        : say("·{seq} goes from {place} into {file}", { seq, place: where(what.from), file: file(what.to) });
    case "moved":
      return say("·{seq} moves with {file} from L{from} to L{to}", {
        seq,
        file: file(what.table),
        from: what.from,
        to: what.to,
      });
    case "dropped_with_table":
      return say("·{seq} is gone: its table {file} was dropped", { seq, file: file(what.table) });
    case "dropped":
      return what.reason === "shadowed"
        ? say("·{seq} of {place} is dropped: hidden by ·{by}", { seq, place: where(what.from), by: String(what.by) })
        : say("·{seq} of {place} is dropped: a tombstone with nothing to hide", { seq, place: where(what.from) });
    case "read":
      return say("read: ·{seq} found in {place}", { seq, place: where(what.place) });
    case "not_found":
      return say("read: not there");
  }
}

/** @param {Place} place */
function where(place) {
  return place.in === "memtable"
    ? say("memtable {id}", { id: place.id })
    : say("{file} on L{level}", { file: file(place.id), level: place.level });
}
