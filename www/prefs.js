// What the page remembers between visits. Where storage is refused (a sandboxed frame, a private window), it forgets.

/**
 * @typedef {object} Prefs
 * @property {"light" | "dark" | ""} theme "" follows the system.
 * @property {import("./sandbox.js").OpenConfig | null} backend The database to open at the start.
 * @property {boolean} hinted Whether the first steps were seen.
 * @property {boolean} stepInto Whether a command stops at its first event.
 * @property {string[]} charts The strips shown.
 * @property {string[]} history The last command lines.
 */

const KEY = "lsmscope";

/** @type {Prefs} */
const DEFAULTS = {
  theme: "",
  backend: null,
  hinted: false,
  stepInto: false,
  charts: ["memtable", "tables", "write"],
  history: [],
};

/** @returns {Prefs} */
export function readPrefs() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return { ...DEFAULTS };
  }
}

/**
 * @param {Partial<Prefs>} patch other fields than these are passed over
 */
export function writePrefs(patch) {
  try {
    const known = Object.entries(patch).filter(([name]) => name in DEFAULTS);
    localStorage.setItem(KEY, JSON.stringify({ ...readPrefs(), ...Object.fromEntries(known) }));
  } catch {
    // Refused: the page works without.
  }
}
