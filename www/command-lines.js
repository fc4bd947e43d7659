// Lines of the command language: a script's, and those that forms write.

/**
 * A script's lines: blank ones and comments are not run, so they are left out.
 * @param {string} text
 */
export function lines(text) {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/**
 * A key or value as a token of the command language: bare where that is safe, quoted where it is not. Backslash
 * escapes are left alone, so that a key can be typed as the page shows it.
 * @param {string} text
 */
export function token(text) {
  if (/^[^\s"';#@]+$/.test(text)) return text;
  return `"${text.replaceAll('"', '\\"')}"`;
}

/**
 * A scan's command line. A scan to a key without a start begins before every key.
 * @param {string} from
 * @param {string} to
 */
export function scanLine(from, to) {
  if (to !== "") return `scan ${token(from)} ${token(to)}`;
  return from === "" ? "scan" : `scan ${token(from)}`;
}

/**
 * A change of an option or a parameter: `64 KB` is typed as one word.
 * @param {string} name
 * @param {string} value
 */
export const assignment = (name, value) => `${name}=${value.replaceAll(/\s+/g, "")}`;

/**
 * The line that runs a workload: the preset, and what differs from it.
 * @param {string} preset
 * @param {Record<string, string>} changes
 */
export function driveLine(preset, changes) {
  return ["drive", `preset=${preset}`, ...Object.entries(changes).map(([name, value]) => assignment(name, value))].join(
    " ",
  );
}
