// Options of an open database, as text.

/**
 * Options as they are typed: `{ num_levels: "4" }`.
 * @param {import("./timeline.js").Options | null} options
 * @returns {Record<string, string>}
 */
export function optionTexts(options) {
  return Object.fromEntries(Object.entries(options ?? {}).map(([name, value]) => [name, String(value)]));
}
