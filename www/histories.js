// Histories of real databases: compared in slices, then shown on the stage. The database that was there stays open, and
// is shown again, as it was, when the history is left. A LOG alone has no decisions to compare: what happened is shown
// over time, in a room of its own.
//
// In: files, dropped or picked. Out: `historyOpening` while they are compared, then the stage; or the room of the log.
// Errors: a file that can not be compared is a `problem` of `historyOpening`, and the dialog is opened.

import { logOf, sortHistory } from "./history-files.js";
import { problem, problemOf } from "./problem.js";
import { inSlices } from "./slices.js";
import { emptyStage } from "./state.js";
import { createWhatIf } from "./what-if.js";
import { say } from "./words.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./sandbox.js").Sandbox} Sandbox */
/** @typedef {import("./history.js").History} History */

/** How many edits are compared before the time is looked at. */
const EDITS = 16;

/**
 * @param {import("./store.js").Store<State>} store
 * @param {import("./viewer.js").Viewer} viewer
 * @param {object} page
 * @param {(room: State["room"]) => void} page.enter
 * @param {(wanted: import("./history.js").HistoryWanted) => Promise<History>} page.read
 * @param {(files: import("./log/film-player.js").LogFiles) => Promise<boolean>} page.openLog
 * @param {() => void} page.closeLog
 * @param {() => import("./history.js").MeasuredStalls | null} page.measuredStalls of the log that is open
 */
export function createHistories(store, viewer, { enter, read, openLog, closeLog, measuredStalls }) {
  /** @type {{ sandbox: Sandbox | null, state: Pick<State, "stage" | "tabs" | "status" | "layout"> } | null} */
  let before = null;
  /** @type {History | null} */
  let current = null;
  /** @typedef {import("./history-files.js").HistoryFiles} HistoryFiles */
  /** Of the history on the stage. @type {HistoryFiles | null} */
  let currentFiles = null;
  /** What was opened last, which a LOG without decisions may be. @type {HistoryFiles | null} */
  let last = null;
  let openings = 0;
  /** How long its writers waited, by the film of its LOG. @type {import("./history.js").MeasuredStalls | null} */
  let measured = null;
  const whatIf = createWhatIf(store, (changes) => current?.whatIf(changes, measured) ?? null);

  /**
   * Compares the history among `files`; RocksDB's OPTIONS and LOG files may be among them, or come later, alone.
   * @param {readonly File[]} files none: the last history again
   * @param {string} [family] the column family to compare
   * @returns {Promise<boolean>} whether it is on the stage
   */
  async function open(files, family) {
    const opening = (openings += 1);
    store.set({
      historyOpening: { name: files[0]?.name ?? last?.name ?? "", done: 0, of: 0, problem: null, busy: true },
    });
    try {
      const sorted = await sortHistory(files, last);
      const { name, bytes, options } = sorted;
      const log = bytes && (await logOf(sorted));
      if (opening !== openings) return false;
      if (!bytes || log === null) {
        last = sorted;
        store.set({ historyOpening: null });
        return await showLog();
      }
      const next = await read({ bytes, options: options?.text, log, family });
      if (!(await run(next, name, opening))) return false;
      const timeline = next.timeline();
      enter("sandbox");
      const { stage, tabs, status, layout } = store.get();
      before ??= { sandbox: viewer.sandbox(), state: { stage, tabs, status, layout } };
      [current, currentFiles, last] = [next, sorted, sorted];
      // Another family is of the same LOG.
      if (family === undefined) measured = null;
      whatIf.forget();
      const decision = next.decision(1);
      viewer.show(
        timeline,
        {
          ...emptyStage(),
          history: {
            name,
            options: options?.name ?? null,
            logs: sorted.logs.map((log) => log.name),
            comparison: next.comparison(),
          },
        },
        {
          historyOpening: null,
          dialog: "",
          playing: false,
          // The comparison and what it came to stand in panels.
          layout: "panels",
          tabs: { ...tabs, right: "explain", pane: "stage" },
        },
      );
      viewer.seek(decision?.position ?? timeline.length());
      // What happened comes first, then why; a family that was chosen is one of the decisions.
      if (tellsOf(next, sorted) && family === undefined) await showLog();
      return true;
    } catch (error) {
      if (opening === openings) refuse(problemOf(error));
      return false;
    }
  }

  /**
   * Shows what happened in a database, as its LOG tells.
   * @param {HistoryFiles | null} [files] without it, of the one that was opened last
   */
  async function showLog(files = last) {
    if (!files) return false;
    const { logs, options } = files;
    const hasDecisions = files === currentFiles && current !== null && tellsOf(current, files);
    const name = logs.at(-1)?.name ?? files.name;
    enter("log");
    store.set({ logName: name, dialog: "", tabs: { ...store.get().tabs, pane: "stage" } });
    try {
      const isShown = await openLog({ name, logs, options: options?.text, hasDecisions });
      if (isShown && hasDecisions && files === currentFiles) measured = measuredStalls();
      return isShown;
    } catch (error) {
      // What shows it did not come.
      enter("sandbox");
      refuse(problemOf(error), name);
      return false;
    }
  }

  /**
   * Whether the LOG that was given is that of the database.
   * @param {History} history
   * @param {HistoryFiles} files
   */
  function tellsOf(history, { logs }) {
    return logs.length > 0 && !history.isLogForeign();
  }

  /** @param {string} name of a folder that has no file of a database */
  const refuseFolder = (name) =>
    refuse(
      problem(
        say("The folder has no LOG, MANIFEST or OPTIONS file"),
        say("Choose the directory of a database, or its files."),
      ),
      name,
    );

  /**
   * @param {import("./problem.js").Problem} problem
   * @param {string} name
   */
  function refuse(problem, name = store.get().historyOpening?.name ?? "") {
    store.set({ dialog: "history", historyOpening: { name, done: 0, of: 0, problem, busy: false } });
  }

  /**
   * Compares all edits in slices, between which the page is drawn.
   * @param {History} next
   * @param {string} name
   * @param {number} opening
   * @returns {Promise<boolean>} whether it was completed: another opening ends it
   */
  function run(next, name, opening) {
    return inSlices(
      () => next.advance(EDITS),
      () => store.set({ historyOpening: { name, ...next.progress(), problem: null, busy: true } }),
      () => opening === openings,
    );
  }

  /**
   * Compares another column family of the history that is on the stage.
   * @param {string} family
   */
  const choose = (family) => {
    last = currentFiles;
    return open([], family);
  };

  /** Goes back to what was on the stage before. */
  function leave() {
    openings += 1;
    store.set({ historyOpening: null });
    if (!before) return;
    const { sandbox, state } = before;
    forget();
    if (!sandbox) return;
    viewer.show(sandbox, state.stage, state);
    viewer.seek(state.stage.position);
  }

  function forget() {
    before = null;
    current = null;
    currentFiles = null;
    measured = null;
    whatIf.forget();
    store.setIn("stage", { history: null });
  }

  /** Another database is opened: the one before the history is closed. */
  async function reset() {
    openings += 1;
    last = null;
    store.set({ logName: "" });
    closeLog();
    const sandbox = before?.sandbox;
    if (before) store.set({ layout: before.state.layout });
    forget();
    await sandbox?.close().catch(() => {});
  }

  /**
   * The decision at or before `position`, and what differs there.
   * @param {number} position
   */
  function at(position) {
    const decision = current?.decisionAt(position) ?? null;
    return { decision, difference: (decision && !decision.matches && current?.difference(decision.number)) || null };
  }

  /**
   * Goes to decision `number`, from 1 on.
   * @param {number} number
   */
  function go(number) {
    const decision = current?.decision(number);
    if (decision) viewer.seek(decision.position);
  }

  /** The stage of the database that the history stands in place of. */
  const behind = () => before?.state.stage ?? null;

  return {
    open,
    choose,
    showLog,
    showOwnLog: () => showLog(currentFiles),
    refuseFolder,
    leave,
    reset,
    at,
    go,
    behind,
    whatIf,
  };
}
