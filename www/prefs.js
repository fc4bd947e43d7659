// Preferences, kept in localStorage between visits. Where the browser refuses storage (a sandboxed frame, a private
// window), the defaults hold and nothing is kept.

/**
 * @typedef {object} Prefs
 * @property {"light" | "dark" | ""} theme "" follows the system.
 * @property {string} language The code of the page's language; "" is that of the address, or English.
 * @property {import("./sandbox.js").OpenConfig | null} backend The database to open at the start.
 * @property {Record<string, Record<string, string>>} databases The options that each named database was last open with:
 *   another number of levels, say, would not fit what is stored.
 * @property {boolean} welcomed Whether something was done on the page, so that it need not say what it is.
 * @property {boolean} hinted Whether the first steps were seen.
 * @property {boolean} stepInto Whether a command stops at its first event.
 * @property {string[]} charts The strips shown.
 * @property {"event" | "time"} chartAxis What they are drawn over: virtual time, where the run has it.
 * @property {"figure" | "panels"} layout What fills the page: the figure, or everything at once.
 * @property {"" | "operation" | "decision"} pauseAt Where playing pauses by itself; "": at the end only.
 * @property {string[]} unfolded What is folded out beside the figure.
 * @property {boolean} letterKeys Whether keys that type a sign do something: letters, `/` and `?`.
 * @property {boolean} asksSure Whether a lesson asks how sure one is of an answer.
 * @property {string} learner The name on what is handed in; empty: none.
 * @property {string[]} history The last command lines.
 */

const KEY = "lsmscope";
/** Options are remembered for this many databases: those opened last. */
const DATABASES = 20;

/** @type {Prefs} */
const DEFAULTS = {
  theme: "",
  language: "",
  backend: null,
  databases: {},
  welcomed: false,
  hinted: false,
  stepInto: false,
  charts: ["memtable", "tables", "write", "at-risk"],
  chartAxis: "event",
  layout: "figure",
  pauseAt: "",
  unfolded: [],
  letterKeys: true,
  asksSure: false,
  learner: "",
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
 * @param {Partial<Prefs>} patch fields that are no preferences are ignored
 */
export function writePrefs(patch) {
  try {
    const known = Object.entries(patch).filter(([name]) => name in DEFAULTS);
    localStorage.setItem(KEY, JSON.stringify({ ...readPrefs(), ...Object.fromEntries(known) }));
  } catch {
    // Refused: the page works without.
  }
}

/**
 * Remembers the options that a database is open with.
 * @param {string} name
 * @param {Record<string, string>} options
 */
export function rememberOptions(name, options) {
  const { [name]: _, ...others } = readPrefs().databases;
  const latest = [...Object.entries(others), [name, options]].slice(-DATABASES);
  writePrefs({ databases: Object.fromEntries(latest) });
}

/**
 * Forgets the options of a database that was erased: under that name the next one starts with defaults.
 * @param {string} name
 */
export function forgetOptions(name) {
  const { [name]: _, ...others } = readPrefs().databases;
  writePrefs({ databases: others });
}
