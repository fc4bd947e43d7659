// What the page knows at one moment: the shape of the state, and how it begins.

import { readPrefs } from "./prefs.js";

/** @typedef {import("./timeline.js").View} View */
/** @typedef {import("./sandbox.js").Outcome} Outcome */
/** @typedef {import("./sandbox.js").OpenConfig} OpenConfig */

/** @typedef {{ kind: string, message: string, remedy: string }} Problem */
/** @typedef {import("./branches.js").Branch} Branch */
/** @typedef {import("./sandbox.js").Trouble} Trouble */
/**
 * A command line and its answer.
 * @typedef {{ id: number, line: string, outcome: (Outcome & { seconds?: number }) | null }} Exchange `seconds`: about how long a line
 *   takes that is told of instead of run.
 */

/**
 * What the inspector shows: a file, with the place in it that was clicked; or a key.
 * @typedef {{ file: string, offset?: number, key?: undefined } | { key: string, file?: undefined, offset?: undefined }} Selection
 */

/**
 * @typedef {object} State
 * @property {"loading" | "opening" | "refused" | "open" | "panicked"} phase "loading": the engine; "opening": a database.
 * @property {Problem | null} problem Why there is no database, when `phase` is "refused"; why it stopped, when it panicked.
 * @property {Trouble | null} trouble Why the open database takes no writes, if it takes none.
 * @property {OpenConfig} config What was opened, or refused.
 * @property {View | null} view
 * @property {number} position
 * @property {number} length
 * @property {number | null} fullAt Where the timeline was full, and began to keep jobs only.
 * @property {boolean} busy A command is under way.
 * @property {(import("./drive.js").Progress & { left: number | null }) | null} drive How far the workload is that is under way, and
 *   about how many seconds are left, once that can be said.
 * @property {{ done: number, of: number } | null} series How many lines of a script have run, while one runs by itself.
 * @property {{ preset: string, draft: Record<string, string>, recipe: boolean | null, background: boolean }} workload What stands in the
 *   generator's form; `recipe`: with options of its own, null where nobody has said.
 * @property {boolean} driven A workload was run, so that its samples can be taken away.
 * @property {{ preset: string, draft: Record<string, string> }} optionsDraft What stands in the options' form, and is not applied yet.
 * @property {boolean} playing
 * @property {number} speed
 * @property {Exchange[]} log The console's exchanges, oldest first.
 * @property {string} draft What stands in the command box.
 * @property {string[]} queue Lines that are still to run.
 * @property {string} queueTitle
 * @property {boolean} following Whether stepping past the end runs the queue's next line: until a command is run that is not of the
 *   queue.
 * @property {Branch[]} branches Histories that began with the same open.
 * @property {number} branch The one on the stage.
 * @property {string[]} script Lines that were carried out since the open.
 * @property {import("./timeline.js").Track | null} track What the scrubber shows of flushes, compactions and the like.
 * @property {ReturnType<import("./timeline.js").Timeline["samples"]> | null} samples
 * @property {import("./timeline.js").Lanes | null} lanes Jobs and stalls over virtual time, around the moment on the stage.
 * @property {ReturnType<import("./timeline.js").Timeline["options"]> | null} options
 * @property {ReturnType<import("./sandbox.js").Sandbox["backend"]> | null} backend
 * @property {Selection | null} selection
 * @property {"sandbox" | "simulate"} room Which part of the page is in view.
 * @property {boolean} sharing Whether the simulator's link is shown.
 * @property {{ text: string, bad: boolean }} status The last result or error.
 * @property {"operate" | "workload" | "options"} leftTab
 * @property {"explain" | "inspect"} rightTab
 * @property {boolean} wide Whether the inspector takes the stage's room too.
 * @property {"stage" | "operate" | "explain"} pane Where there is room for one only.
 * @property {"" | "help" | "script" | "backend" | "share" | "export" | "plug" | "history"} dialog
 * @property {{ name: string, options: string | null, summary: import("../lsmscope.js").ReplaySummary } | null} replay The history on the stage, if one is.
 * @property {{ name: string, done: number, of: number, problem: Problem | null, busy: boolean } | null} history The one that is being replayed, or was refused.
 * @property {boolean} dropping Files are being dragged over the page.
 * @property {"light" | "dark" | ""} theme
 * @property {boolean} hint
 * @property {string[]} hintsDone
 * @property {boolean} stepInto
 * @property {string[]} charts
 * @property {string} runTo What "run to" looks for.
 * @property {string} runToKey
 */

/** @returns {State} */
export function initialState() {
  const prefs = readPrefs();
  return {
    phase: "loading",
    room: "sandbox",
    sharing: false,
    problem: null,
    trouble: null,
    config: prefs.backend ?? { backend: "memory" },
    view: null,
    position: 0,
    length: 0,
    busy: false,
    drive: null,
    series: null,
    optionsDraft: { preset: "", draft: {} },
    workload: { preset: "", draft: {}, recipe: null, background: false },
    driven: false,
    playing: false,
    speed: 1,
    log: [],
    draft: "",
    fullAt: null,
    queue: [],
    queueTitle: "",
    following: true,
    branches: [{ id: 1, title: "main" }],
    branch: 1,
    script: [],
    track: null,
    samples: null,
    lanes: null,
    options: null,
    backend: null,
    selection: null,
    status: { text: "Loading the engine…", bad: false },
    leftTab: "operate",
    rightTab: "explain",
    wide: false,
    pane: "stage",
    dialog: "",
    replay: null,
    history: null,
    dropping: false,
    theme: prefs.theme,
    hint: !prefs.hinted,
    hintsDone: [],
    stepInto: prefs.stepInto,
    charts: prefs.charts,
    runTo: "flush",
    runToKey: "",
  };
}
