// What the page knows at one moment: the shape of the state, and how it begins.
//
//   stage   what belongs to the database or the history on the stage; branches and histories swap it as a whole
//   shown   what the timeline and the database on the stage answered last; asked again, never kept
//   forms   what is typed or chosen in a form, and is not applied yet
//   tabs    which tab of each side is in view
//   (rest)  the page's own: what it opens, what it runs, its dialogs, what it remembers between visits

import { openTabs } from "./folds.js";
import { readPrefs } from "./prefs.js";
import { say } from "./words.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {import("./sandbox.js").Sandbox} Sandbox */
/** @typedef {import("./sandbox.js").Outcome} Outcome */

/** @typedef {import("./problem.js").Problem} Problem */
/**
 * A command line and its answer.
 * @typedef {object} Exchange
 * @property {number} id
 * @property {string} line
 * @property {string} [note] What is said of the line before its answer comes.
 * @property {number} [waits] The event with which the answer comes, which the stage has not reached: it is not shown
 *   before that (ahead.js).
 * @property {(Outcome & { seconds?: (number | null)[] }) | null} outcome Null while it runs; `seconds`: where a line
 *   was refused for its length, about how long each proposal takes.
 */

/**
 * What the inspector shows: a file, with the place in it that was clicked; or a key.
 * @typedef {{ file: string, offset?: number, key?: undefined }
 *   | { key: string, file?: undefined, offset?: undefined }} Selection
 */

/**
 * A history of a real database, compared with our policy.
 * @typedef {object} ComparedHistory
 * @property {string} name
 * @property {string | null} options
 * @property {string[]} logs The names of its LOG files.
 * @property {import("../lsmscope.js").HistoryComparison} comparison
 */

/**
 * What belongs to the database or the history on the stage, beside its timeline. It is small: a branch that is not on
 * the stage keeps its own.
 * @typedef {object} Stage
 * @property {ReturnType<Sandbox["backend"]> | null} backend
 * @property {ComparedHistory | null} history The history on the stage, if it is one.
 * @property {number} position
 * @property {number} reached The furthest position so far.
 * @property {Selection | null} selection
 * @property {number} selectedAt The position at which it was selected.
 * @property {Exchange[]} log The console's exchanges, oldest first.
 * @property {string[]} script Lines that were run since the open.
 * @property {string[]} queue Lines that are still to run.
 * @property {string[]} queued All lines of the script in the queue, those that have run too.
 * @property {string} queueTitle
 * @property {boolean} following Whether stepping past the end runs the queue's next line: until a command is run that
 *   is not of the queue.
 * @property {boolean} cancelled Whether a workload was cancelled: its line, run again, does more than was done.
 */

/** @returns {Stage} of a database or a history in which nothing was done yet */
export function emptyStage() {
  return {
    backend: null,
    history: null,
    position: 0,
    reached: 0,
    selection: null,
    selectedAt: 0,
    log: [],
    script: [],
    queue: [],
    queued: [],
    queueTitle: "",
    following: true,
    cancelled: false,
  };
}

/**
 * What the timeline and the database on the stage answered last: the view and the lanes after each seek, all of it
 * after each command and each change of the stage.
 * @typedef {object} Shown
 * @property {import("./timeline.js").View | null} view The state of the engine at the position.
 * @property {number} length
 * @property {number | null} fullAt Where the timeline was full, and began to keep jobs only.
 * @property {import("./timeline.js").Track | null} track What the scrubber shows of flushes, compactions and the like.
 * @property {ReturnType<Timeline["samples"]> | null} samples
 * @property {ReturnType<Timeline["tickRuns"]>} tickRuns Runs of events in which only time passed.
 * @property {ReturnType<Timeline["openings"]>} openings Each open, with the options that it changed.
 * @property {import("./timeline.js").Lanes | null} lanes Jobs and stalls over virtual time, around the position.
 * @property {ReturnType<Timeline["options"]> | null} options
 * @property {ReturnType<Timeline["options"]> | null} optionsThen Those at the position; null while nothing is hidden.
 * @property {boolean} ahead Whether events after `length` are hidden.
 * @property {boolean} driven Whether a workload was run, so that its samples can be saved.
 * @property {import("./sandbox.js").Trouble | null} trouble Why the open database takes no writes, if it takes none.
 */

/**
 * @typedef {object} Forms
 * @property {string} command The command box.
 * @property {string} script A script of one's own.
 * @property {{ preset: string, draft: Record<string, string> }} options
 * @property {{ preset: string, draft: Record<string, string>, recipe: boolean | null, background: boolean }} workload
 *   `recipe`: with options of its own; null is the default for the options of the database.
 * @property {{ what: string, key: string }} runTo What "run to" looks for; `key`: where that is a key.
 */

/**
 * A result or an error, in words.
 * @typedef {object} Status
 * @property {string} text
 * @property {boolean} bad
 * @property {number} [at] The event that brings it: until the stage has reached that, it is not shown.
 * @property {string} [note] What is shown until then.
 */

/**
 * @typedef {object} OpenTabs
 * @property {"scripts" | "operate" | "workload" | "options"} left
 * @property {"explain" | "inspect"} right
 * @property {"stage" | "operate" | "explain"} pane The column in view, on a screen that has room for one only.
 */

/** @typedef {{ id: number, title: string }} Branch A database that began with the same open as others. */

/**
 * @typedef {object} State
 * @property {"loading" | "opening" | "refused" | "open" | "panicked"} phase "loading": the engine; "opening": a
 *   database.
 * @property {Problem | null} problem Why there is no database, when `phase` is "refused"; why it stopped, when it
 *   panicked.
 * @property {import("./sandbox.js").OpenConfig} config What was opened, or refused.
 * @property {Stage} stage
 * @property {Shown} shown
 * @property {Branch[]} branches Databases that began with the same open.
 * @property {number} branch The one on the stage.
 * @property {{ name: string, done: number, of: number, problem: Problem | null, busy: boolean } | null} historyOpening
 *   The files that are being read and compared, or were refused.
 * @property {boolean} busy A command runs.
 * @property {(import("./sandbox.js").Progress & { left: number | null }) | null} drive How far the running workload is,
 *   and about how many seconds are left, once that is known.
 * @property {{ done: number, of: number } | null} scriptRun How many lines of a script have run, while it runs by
 *   itself.
 * @property {boolean} playing
 * @property {number} speed
 * @property {Status} status The last result or error.
 * @property {Forms} forms
 * @property {OpenTabs} tabs
 * @property {"sandbox" | "simulate" | "lesson" | "log"} room Which part of the page is in view.
 * @property {string} logName Of the LOG whose film was opened last.
 * @property {import("./lesson/lesson-state.js").LessonState | null} lesson
 * @property {{ busy: boolean, problem: string, findings: import("../lsmscope_lesson.js").PlacedFinding[] } | null}
 *   lessonOpening A lesson that is being loaded, or was refused.
 * @property {import("./lesson/course-entry.js").CourseEntry[] | null} course The lessons, where they are listed.
 * @property {boolean} editing Whether the editor of a lesson is open.
 * @property {boolean} sharing Whether the simulator's link is shown.
 * @property {boolean} wide Whether the inspector covers the stage as well.
 * @property {"" | "help" | "script" | "backend" | "share" | "embed" | "export" | "plug" | "history" | "what-if" |
 *   "sweep"} dialog
 * @property {import("./history.js").WhatIfState | null} whatIf What other options would have cost the history.
 * @property {File | null} sweepFile The CSV of a sweep that was dropped; its dialog reads it.
 * @property {boolean} dropping Files are being dragged over the page.
 * @property {"light" | "dark" | ""} theme
 * @property {boolean} newVersion Whether a newer version of the page is there, and is offered.
 * @property {boolean} welcome Whether the first view says what this is: on a first visit, until something is done.
 * @property {boolean} hint
 * @property {string[]} hintsDone
 * @property {boolean} stepInto
 * @property {boolean} letterKeys Whether keys that type a sign do something.
 * @property {string[]} charts The strips shown.
 * @property {"event" | "time"} chartAxis What they are drawn over, where the run has virtual time.
 * @property {"figure" | "panels"} layout What fills the page: the figure, or everything at once.
 * @property {"" | "operation" | "decision"} pauseAt Where playing pauses by itself; "": at the end only.
 * @property {string[]} unfolded What is folded out beside the figure: tabs, and "charts".
 * @property {{ from: number, to: number } | null} zoom The part of the figure's key axis that is in view; null is all.
 * @property {boolean} pastOnly Whether what happens after the position is hidden: see ahead.js.
 * @property {import("./frame/settings.js").FrameSettings | null} frame What the host of an embed asks for.
 * @property {string} unreported What of a visit a learning platform did not take; empty if nothing.
 * @property {number | null} playsTo Where playing ends, when it shows what a command did.
 */

/**
 * How an embed begins: as its host asks, whatever this visitor has chosen on the page.
 * @param {import("./frame/settings.js").FrameSettings} frame
 * @returns {State}
 */
export function embedded(frame) {
  const state = initialState();
  const tabs = { ...state.tabs, ...openTabs([]) };
  return { ...state, frame, tabs, config: { backend: "memory" }, layout: "figure", unfolded: [], theme: "" };
}

/** @returns {State} */
export function initialState() {
  const prefs = readPrefs();
  return {
    phase: "loading",
    problem: null,
    config: prefs.backend ?? { backend: "memory" },
    stage: emptyStage(),
    shown: {
      view: null,
      length: 0,
      fullAt: null,
      track: null,
      samples: null,
      openings: [],
      tickRuns: [],
      lanes: null,
      options: null,
      optionsThen: null,
      ahead: false,
      driven: false,
      trouble: null,
    },
    branches: [{ id: 1, title: "main" }],
    branch: 1,
    historyOpening: null,
    busy: false,
    drive: null,
    scriptRun: null,
    playing: false,
    speed: 1,
    status: { text: say("Loading the engine…"), bad: false },
    forms: {
      command: "",
      script: "",
      options: { preset: "", draft: {} },
      workload: { preset: "", draft: {}, recipe: null, background: false },
      runTo: { what: "flush", key: "" },
    },
    tabs: { left: "operate", right: "explain", pane: "stage", ...openTabs(prefs.unfolded) },
    room: "sandbox",
    logName: "",
    lesson: null,
    lessonOpening: null,
    course: null,
    editing: false,
    sharing: false,
    wide: false,
    dialog: "",
    whatIf: null,
    sweepFile: null,
    dropping: false,
    theme: prefs.theme,
    newVersion: false,
    welcome: false,
    hint: !prefs.hinted,
    hintsDone: [],
    stepInto: prefs.stepInto,
    letterKeys: prefs.letterKeys,
    charts: prefs.charts,
    chartAxis: prefs.chartAxis,
    layout: prefs.layout,
    pauseAt: prefs.pauseAt,
    unfolded: prefs.unfolded,
    zoom: null,
    pastOnly: false,
    frame: null,
    unreported: "",
    playsTo: null,
  };
}
