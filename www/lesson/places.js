// Which place of an answer a click in the figure means.

/** @typedef {{ place: string, part: string }} StagePlace a place, as an answer names it, and the part that it is */

/**
 * The place that a part is, or else the nearest around it that is asked for: an entry is in its table or memtable, and
 * everything is in its lane.
 * @param {StagePlace[]} places
 * @param {string} part its id
 * @param {string} lane the id of its lane
 * @returns {string | undefined}
 */
export function placeOf(places, part, lane) {
  const holder = /:((?:table|memtable)-\d+)(?::|$)/.exec(part)?.[1];
  const around = [part, `tray:${holder}`, `lane:${lane}`];
  return around.map((id) => places.find((one) => one.part === id)?.place).find((found) => found !== undefined);
}
