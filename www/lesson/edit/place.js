// Where a cursor stands in the text of a lesson.
//
// In: the text, and an offset, as the text is while it is typed: it may be no lesson yet. Out: its beat, its block, and
// in that the line. The reader of lessons (src/lesson/beats.rs) counts beats and blocks in the same way.

/**
 * @typedef {object} Place
 * @property {"front" | "text" | "info" | "content"} part The front matter, a text of a beat, the first line of a fence,
 *   a line within it.
 * @property {number} beat From 0; before the first heading of a lesson it is 0 too.
 * @property {number} block Which of the beat's blocks, if it is one; else -1.
 * @property {string} info The first line of the fence, without its marks; empty outside.
 * @property {string} key The key of the line, or of that which it continues; empty outside of a block.
 * @property {string} before The line up to the offset.
 */

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*(.*)$/;

/**
 * @param {string} text
 * @param {number} offset
 * @param {(info: string) => boolean} isBlock Whether a fence is a block of a lesson, not code that is shown.
 * @returns {Place}
 */
export function placeOf(text, offset, isBlock) {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const before = text.slice(start, offset);
  const above = text.slice(0, start).split("\n").slice(0, -1);
  const place = { part: /** @type {Place["part"]} */ ("text"), beat: 0, block: -1, info: "", key: "", before };
  let first = 0;
  if (above[0]?.trim() === "---") {
    const end = above.findIndex((line, at) => at > 0 && line.trim() === "---");
    if (end < 0) return { ...place, part: "front" };
    first = end + 1;
  } else if (above.length === 0 && text.startsWith("---")) return { ...place, part: "front" };
  let beat = -1;
  let blocks = 0;
  /** @type {{ mark: string, info: string, key: string } | null} */
  let fence = null;
  for (const line of above.slice(first)) {
    const found = FENCE.exec(line);
    if (fence) {
      if (found && found[1].startsWith(fence.mark) && found[2] === "") fence = null;
      else fence.key = keyOf(line, fence.key);
    } else if (found) {
      fence = { mark: found[1], info: found[2], key: "" };
      // A text before the first heading is a beat of its own.
      beat = Math.max(beat, 0);
      if (isBlock(fence.info)) blocks += 1;
    } else if (line.startsWith("## ")) {
      beat += 1;
      blocks = 0;
    } else if (line.trim() !== "") beat = Math.max(beat, 0);
  }
  const end = text.indexOf("\n", offset);
  const whole = text.slice(start, end < 0 ? text.length : end);
  const opens = FENCE.exec(whole);
  if (fence) {
    const block = isBlock(fence.info) ? blocks - 1 : -1;
    const inside = { beat: Math.max(beat, 0), block, info: fence.info, key: keyOf(whole, fence.key) };
    return { ...place, ...inside, part: "content" };
  }
  if (opens && offset >= start + whole.indexOf(opens[1]) + opens[1].length)
    return { ...place, part: "info", beat: Math.max(beat, 0), block: isBlock(opens[2]) ? blocks : -1, info: opens[2] };
  return { ...place, beat: Math.max(beat + (whole.startsWith("## ") ? 1 : 0), 0) };
}

/**
 * @typedef {object} Fence
 * @property {string} info Its first line, without its marks.
 * @property {number} infoFrom Where that begins.
 * @property {number} from Where its content begins.
 * @property {number} to Where its content ends: a line can be put in there.
 */

/**
 * The fence in which an offset stands, also in its first or last line; null if in none. One that is not closed yet ends
 * before the next heading or the next line that opens one, without the empty lines there.
 * @param {string} text
 * @param {number} offset
 * @returns {Fence | null}
 */
export function fenceAt(text, offset) {
  const head = /^---[ \t]*\n[^]*?\n---[ \t]*(?=\n|$)/.exec(text)?.[0].length ?? 0;
  /** @type {(Omit<Fence, "to"> & { mark: string }) | null} */
  let fence = null;
  for (let start = 0; start <= text.length;) {
    const end = text.indexOf("\n", start);
    const line = text.slice(start, end < 0 ? text.length : end);
    const next = Math.min(start + line.length + 1, text.length);
    const found = start < head ? null : FENCE.exec(line);
    if (fence && found && found[1].startsWith(fence.mark) && found[2] === "") {
      if (offset <= start + line.length) return { ...fence, to: start };
      fence = null;
    } else if (found && (!fence || found[1].startsWith(fence.mark))) {
      if (offset < start) return fence && untilHeading(text, fence, start, offset);
      const infoFrom = start + line.length - found[2].length;
      fence = { mark: found[1], info: found[2], infoFrom, from: next };
    }
    start += line.length + 1;
  }
  return fence && untilHeading(text, fence, text.length, offset);
}

/**
 * A fence that is not closed; null if the offset stands behind the heading that ends it.
 * @param {string} text
 * @param {Omit<Fence, "to">} fence
 * @param {number} end Where another one opens, or the text ends.
 * @param {number} offset
 * @returns {Fence | null}
 */
function untilHeading(text, fence, end, offset) {
  const heading = /^## /m.exec(text.slice(fence.from, end));
  const limit = heading ? fence.from + heading.index : end;
  if (heading && offset >= limit) return null;
  const content = text.slice(fence.from, limit).trimEnd();
  return { ...fence, to: content === "" ? fence.from : Math.min(fence.from + content.length + 1, text.length) };
}

/**
 * @param {string} line
 * @param {string} last The key of the line before.
 */
function keyOf(line, last) {
  return /^\s/.test(line) ? last : (/^[a-z]+/.exec(line)?.[0] ?? "");
}

/**
 * What of a text a beat is made of: a change elsewhere does not change it.
 * @param {string} text
 * @param {number} beat
 */
export function sourceOf(text, beat) {
  const [front, ...beats] = text.split(/^## /m);
  return JSON.stringify([front, beats.length, beats[beat] ?? ""]);
}

/**
 * Where a beat begins: its heading.
 * @param {string} text
 * @param {number} beat
 */
export function offsetOf(text, beat) {
  const found = [...text.matchAll(/^## /gm)];
  return found[beat]?.index ?? 0;
}
