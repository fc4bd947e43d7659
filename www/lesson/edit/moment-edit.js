// Where a moment goes that an author has chosen from the list: `stop` of a question; `from`, `to` or `via` of a figure.
//
// In: the text, where the cursor stands, the moment's name. Out: one change of the text, wherever in its block the
// cursor stands; null if it stands in none that names moments.

import { fenceAt } from "./place.js";

/** @typedef {{ from: number, to: number, insert: string }} Edit */

/**
 * @param {string} text
 * @param {number} offset
 * @param {string} name
 * @returns {Edit | null}
 */
export function momentEdit(text, offset, name) {
  const fence = fenceAt(text, offset);
  switch (fence?.info.trim().split(/\s/)[0]) {
    case "predict":
      return stopEdit(text, fence, name);
    case "figure":
      return figureEdit(fence, offset, name);
    default:
      return null;
  }
}

/**
 * @param {string} text
 * @param {import("./place.js").Fence} fence
 * @param {string} name
 * @returns {Edit}
 */
function stopEdit(text, { from, to }, name) {
  const content = text.slice(from, to);
  const line = /^stop[ \t]*:[ \t]*(.*)$/m.exec(content);
  if (line) {
    const end = from + line.index + line[0].length;
    const hasSpace = /[ \t]$/.test(line[0].slice(0, line[0].length - line[1].length));
    return { from: end - line[1].length, to: end, insert: hasSpace ? name : ` ${name}` };
  }
  // At the end of the text, a line may have no end.
  const isOpen = !text.slice(0, to).endsWith("\n");
  return { from: to, to, insert: `${isOpen ? "\n" : ""}stop: ${name}\n` };
}

/**
 * The attribute in which the cursor stands; else the first of `from` and `to` that is missing, or `to`.
 * @param {import("./place.js").Fence} fence
 * @param {number} offset
 * @param {string} name
 * @returns {Edit}
 */
function figureEdit({ info, infoFrom }, offset, name) {
  const found = [...info.matchAll(/(?<=\s)(from|to|via)=("[^"]*"?|\S*)/g)].map(
    ({ 0: all, 1: key, 2: value, index }) => {
      const start = infoFrom + index;
      return { key, value, start, end: start + all.length };
    },
  );
  const of = (/** @type {string} */ key) => found.find((one) => one.key === key);
  const here = found.find(({ start, end }) => start <= offset && offset <= end);
  const missing = ["from", "to"].find((key) => !of(key));
  const there = here ?? (missing ? undefined : of("to"));
  if (!there) {
    const end = infoFrom + info.trimEnd().length;
    return { from: end, to: end, insert: ` ${missing}=${name}` };
  }
  const { key, value, start, end } = there;
  const before = value.replaceAll('"', "").trim();
  // A figure may halt at several moments.
  const insert = key === "via" && before !== "" ? `"${before}, ${name}"` : name;
  return { from: start + key.length + 1, to: end, insert };
}
