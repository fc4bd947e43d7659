// Going back before an operation and forward behind it again, and running a person's own line at the position on the
// stage. The engine only runs forward: undoing moves the position, and a line that is run there begins a branch.
//
// In: lines, and the wish to go back. Out: the position; a branch. Errors: in the status.

import { forkAt, ranBy } from "./branches.js";
import { problemOf } from "./problem.js";
import { say } from "./words.js";

/** @typedef {ReturnType<import("./sandbox.js").Sandbox["operations"]>} Operations */

/**
 * The operation that undo goes before: the last one of which something has happened.
 * @param {Operations} operations
 * @param {number} position
 */
export function undone(operations, position) {
  return operations.findLast(({ first }) => first < position);
}

/**
 * The operation that redo goes behind: the first one of which something is still to come.
 * @param {Operations} operations
 * @param {number} position
 */
export function redone(operations, position) {
  return operations.find(({ last }) => last == null || last >= position);
}

/**
 * Where a line runs that was given in the past.
 * @param {string | null} inside the command that the position is inside of
 * @param {number} fork
 */
function noteOf(inside, fork) {
  // A command runs whole or not at all.
  if (inside === null) return say("Run on a branch from event {fork}.", { fork });
  return say("Run before `{inside}`, which was half done: a branch from event {fork}.", { inside, fork });
}

/**
 * @param {import("./store.js").Store<import("./state.js").State>} store
 * @param {import("./viewer.js").Viewer} viewer
 * @param {object} world
 * @param {ReturnType<typeof import("./commands.js").createCommands>["run"]} world.run Runs a line at the end.
 * @param {ReturnType<typeof import("./branches.js").createBranches>["runHere"]} world.runHere
 * @param {ReturnType<typeof import("./branches.js").createBranches>["startOver"]} world.startOver
 * @param {(line: string) => Promise<boolean>} world.isOperation Whether a line is an operation of the timeline.
 */
export function createUndo(store, viewer, { run, runHere, startOver, isOperation }) {
  const operations = () => viewer.askDatabase((d) => d.operations(), /** @type {Operations} */ ([]));
  const tell = (/** @type {string} */ text, bad = false) => store.set({ status: { text, bad } });

  function undo() {
    const { position } = store.get().stage;
    const operation = undone(operations(), position);
    if (!operation) return tell(say("There is no operation before this moment."), true);
    viewer.seek(operation.first);
    tell(
      say("Before `{command}`. Redo goes behind it again; a new command begins a branch here.", {
        command: operation.command,
      }),
    );
  }

  function redo() {
    const { stage, shown } = store.get();
    const operation = redone(operations(), stage.position);
    if (!operation) return tell(say("There is no operation after this moment."), true);
    viewer.seek(operation.last == null ? shown.length : operation.last + 1);
    tell(say("Behind `{command}`.", { command: operation.command }));
  }

  /**
   * Runs a line of the person's own at the position on the stage: in the past, on a branch.
   * @param {string} line
   * @param {{ into?: boolean }} [how] as for `run`
   * @returns {Promise<boolean>} whether it went well
   */
  async function runOwn(line, how = {}) {
    const { stage } = store.get();
    const word = line.trim().toLowerCase();
    if (word === "undo" || word === "redo") {
      (word === "undo" ? undo : redo)();
      return true;
    }
    if (/^start\s+over$/.test(word)) return startOver();
    // Inside of the last operation nothing lies ahead but its own end.
    const known = operations();
    const isPast = known.some(({ first }) => first >= stage.position);
    const inside = ranBy(known, stage.position).command;
    const isUnseen = !isPast && inside !== null && stage.position < store.get().shown.length;
    // A question, and a line that is refused, need no past.
    try {
      if (!(isPast || isUnseen) || !(await isOperation(line))) return run(line, how);
    } catch (error) {
      // The engine did not load.
      tell(problemOf(error).message, true);
      return false;
    }
    if (isUnseen) {
      const isDone = await run(line, how);
      addNote(say("Run after `{inside}`, which went on to its end first.", { inside }));
      return isDone;
    }
    const { branch } = store.get();
    const fork = forkAt(known, stage.position);
    const note = noteOf(inside, fork);
    await runHere([line], `from event ${fork}`);
    if (store.get().branch === branch) return false;
    if (how.into ?? store.get().stepInto) {
      const begun = operations().at(-1);
      // What it answers is still ahead.
      if (begun) viewer.seek(begun.first + 1);
      if (begun) store.setIn("stage", { reached: begun.first + 1 });
    }
    const outcome = addNote(note);
    return outcome?.ok ?? false;
  }

  /**
   * Adds where a line has run to its answer, in the console and in the status.
   * @param {string} note
   * @returns what it answered
   */
  function addNote(note) {
    const log = store
      .get()
      .stage.log.map((exchange, i, all) => (i === all.length - 1 ? { ...exchange, note } : exchange));
    store.setIn("stage", { log });
    const outcome = log.at(-1)?.outcome;
    const answer = outcome?.error?.message ?? outcome?.text.split("\n", 1)[0];
    const text = `${answer || say("Done")}. ${note}`;
    store.set({ status: { text, bad: !outcome?.ok, at: outcome?.last, note } });
    return outcome;
  }

  return { undo, redo, runOwn };
}
