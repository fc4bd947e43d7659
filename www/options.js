// Options of an open database, as text; sizes as a person reads and types them.

/**
 * Options as they are typed: `{ num_levels: "4" }`.
 * @param {import("./timeline.js").Options | null} options
 * @returns {Record<string, string>}
 */
export function optionTexts(options) {
  return Object.fromEntries(Object.entries(options ?? {}).map(([name, value]) => [name, String(value)]));
}

const UNITS = ["PB", "TB", "GB", "MB", "KB"];

/**
 * A number of bytes as a person reads and types it: `64 KB`, exactly; in bytes where it is no whole number of a unit.
 * @param {string} text
 */
export function sizeText(text) {
  const bytes = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(bytes) || bytes === 0) return text;
  const at = UNITS.findIndex((_, i) => bytes % 1024 ** (UNITS.length - i) === 0);
  return at < 0 ? text : `${bytes / 1024 ** (UNITS.length - at)} ${UNITS[at]}`;
}

/**
 * The same texts, sizes as a person reads them.
 * @param {import("./catalog.js").Knob[]} knobs
 * @param {Record<string, string>} texts
 */
export function readable(knobs, texts) {
  const sizes = new Set(knobs.filter((knob) => knob.unit === "bytes").map((knob) => knob.name));
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, sizes.has(name) ? sizeText(text) : text]),
  );
}

/**
 * A preset in a list: its name, and in a few words what it is for.
 * @param {{ name: string, about: string }} preset
 */
export function presetLabel({ name, about }) {
  return `${name} – ${about.split(/[:.;](?:\s|$)/)[0]}`;
}
