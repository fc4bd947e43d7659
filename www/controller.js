// What a person can do: open, run, step, seek, select. Each intent changes the state; the parts are in modules of their
// own.
//
//   viewer.js    the timeline on the stage, and the queries to it
//   opening.js   opening a database
//   commands.js  running lines: drive.js watches a workload, script-runner.js runs several lines, time-estimate.js
//                says how long one takes
//   travel.js    stepping, and going to an event
//   undo.js      going back before an operation; a line of one's own in the past
//   branches.js  a line that is run in the past begins a branch; starting over
//   histories.js the history of a real database, in place of the database

import { createBranches } from "./branches.js";
import { createCommands } from "./commands.js";
import { later } from "./drawing.js";
import { replaceFragment } from "./link/fragment.js";
import { createOpening } from "./opening.js";
import { writePrefs } from "./prefs.js";
import { createHistories } from "./histories.js";
import { createViewer } from "./viewer.js";
import { createTravel } from "./travel.js";
import { createUndo } from "./undo.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {ReturnType<typeof createController>} Controller */
/** @typedef {import("./history.js").History} History */
/** @typedef {(wanted: import("./history.js").HistoryWanted) => Promise<History>} ReadHistory */
/**
 * @typedef {object} LogPage
 * @property {(files: import("./log/film-player.js").LogFiles) => Promise<boolean>} openLog
 * @property {() => void} closeLog
 * @property {() => import("./history.js").MeasuredStalls | null} measuredStalls
 */

/**
 * @param {import("./store.js").Store<State>} store
 * @param {(config: import("./sandbox.js").OpenConfig) => Promise<import("./sandbox.js").Sandbox>} openSandbox
 * @param {ReadHistory} readHistory
 * @param {(line: string) => Promise<boolean>} isOperation whether a line is an operation of the timeline
 * @param {LogPage} logs shows what happened in a database, as its LOG tells
 */
export function createController(
  store,
  openSandbox,
  readHistory = noHistory,
  isOperation = async () => true,
  logs = { openLog: noHistory, closeLog: () => {}, measuredStalls: () => null },
) {
  const viewer = createViewer(store);
  const commands = createCommands(store, viewer, { openSandbox, now: () => performance.now(), later });
  const { run, runAll, runNext, enqueue, leaveScript, goOnWithScript, runRest, drive, scriptRunner } = commands;
  const branches = createBranches(store, viewer, commands);
  const histories = createHistories(store, viewer, { enter, read: readHistory, ...logs });
  const opening = createOpening(store, viewer, {
    openSandbox,
    watch: drive.watch,
    reset: async () => {
      await histories.reset();
      await branches.reset();
    },
  });
  const { runHere, startOver } = branches;
  const { undo, redo, runOwn } = createUndo(store, viewer, { run, runHere, startOver, isOperation });
  const { forward, back, find } = createTravel(store, viewer, runNext);

  /** The samples of the last workload as CSV; undefined if none was run, or it can not be asked. */
  const runCsv = () => Promise.resolve(viewer.askDatabase((d) => d.runCsv(), undefined)).catch(() => undefined);

  /**
   * Zooms the figure's key axis.
   * @param {(now: State["zoom"]) => State["zoom"]} next
   */
  function zoom(next) {
    store.set({ zoom: next(store.get().zoom) });
  }

  /** @param {State["stage"]["selection"]} selection */
  function select(selection) {
    store.setIn("stage", { selection, selectedAt: store.get().stage.position });
    store.setIn("tabs", { right: "inspect", pane: "explain" });
  }

  /**
   * Hides what happens after the position on the stage, or shows it again.
   * @param {boolean} pastOnly
   */
  function hideAhead(pastOnly) {
    store.set({ pastOnly });
    viewer.seek(store.get().stage.position);
  }

  /**
   * Puts a script into the queue of a database that is as it was opened, before its first event.
   * @param {{ lines: string[], title: string }} script
   * @returns {Promise<boolean>} whether it did
   */
  async function begin(script) {
    const { stage } = store.get();
    if (stage.script.length > 0 || stage.backend?.kind !== "memory") return startOver(script);
    enqueue(script.lines.join("\n"), script.title);
    viewer.seek(0);
    return true;
  }

  /**
   * Goes to another room. The address of the simulator is its experiment; the sandbox's is the page's own.
   * @param {State["room"]} room
   */
  function enter(room) {
    if (room === store.get().room) return;
    store.set({ room, playing: false, dialog: "" });
    if (room === "sandbox") replaceFragment("");
  }

  /**
   * Changes what is remembered between visits.
   * @param {Partial<State> & Partial<import("./prefs.js").Prefs>} patch
   */
  function prefer(patch) {
    store.set(patch);
    writePrefs(patch);
  }

  return {
    store,
    branches,
    drive,
    scriptRunner,
    histories,
    /** The database on the stage, if it is one: for completion. */
    current: viewer.sandbox,
    /** The timeline on the stage: for inspection, a key's life, a report. */
    timeline: viewer.timeline,
    ...opening,
    run: runOwn,
    undo,
    redo,
    startOver,
    begin,
    hideAhead,
    zoom,
    runAll,
    runNext,
    enqueue,
    leaveScript,
    goOnWithScript,
    runRest,
    seek: viewer.seek,
    findTable: viewer.findTable,
    tables: viewer.tables,
    expectedWrites: viewer.expectedWrites,
    figure: viewer.figure,
    seconds: viewer.seconds,
    events: viewer.events,
    keyLife: viewer.keyLife,
    nameMoment: viewer.nameMoment,
    openMoment: viewer.openMoment,
    forward,
    back,
    find,
    runCsv,
    select,
    enter,
    prefer,
  };
}

/** @returns {never} */
function noHistory() {
  throw new Error("histories are not read here");
}
