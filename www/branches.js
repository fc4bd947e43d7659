// Branches of the timeline. The engine only runs forward, so a line that runs in the past begins a branch: a copy, in
// memory, of the database as it was when it was opened, on which the commands before the position are run again. The
// database it branches from keeps its timeline, on a tab of its own, and its storage.
//
// In: a position and the lines to run at it. Out: `branches`, `branch` and `stage` of the state. Errors: where no
// branch can begin, the status says why.

import { emptyStage } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./sandbox.js").Sandbox} Sandbox */
/** @typedef {ReturnType<Sandbox["operations"]>} Operations */
/** @typedef {import("./state.js").Branch} Branch */

/** The most branches; the oldest is closed when one more begins. Each has a whole timeline. */
export const MAX_BRANCHES = 6;

/**
 * What has run at `position`: whole commands, and the one that the position is inside of, with how many of its events
 * are before it.
 * @param {Operations} operations
 * @param {number} position
 * @returns {{ done: string[], command: string | null, into: number }}
 */
export function ranBy(operations, position) {
  const over = (/** @type {Operations[number]} */ o) => o.last != null && o.last < position;
  const inside = operations.find((o) => o.first < position && !over(o));
  return {
    done: operations.filter(over).map((o) => o.command),
    command: inside?.command ?? null,
    into: inside ? position - inside.first : 0,
  };
}

/**
 * Why no branch can begin at `position`; empty if one can.
 * @param {Pick<State["shown"], "fullAt" | "view">} shown
 * @param {number} position
 */
export function noBranch({ fullAt, view }, position) {
  if ((view?.start ?? 0) > 0)
    return (
      "The timeline is so long that its beginning was let go, so the past can not be run again. " +
      "It can be done at the end of the timeline."
    );
  if (fullAt !== null && position > fullAt)
    return (
      `From event ${fullAt} on the timeline has jobs only, not the commands, so they can not be run again. ` +
      `It can be done at the end of the timeline, or before event ${fullAt}.`
    );
  return "";
}

/**
 * The lines that cut the power there: between two commands, or inside of one, after as many of its events.
 * @param {ReturnType<typeof ranBy>} ran
 * @param {string} keep
 */
export function plugLines(ran, keep) {
  return ran.command === null ? [`crash keep ${keep}`] : [`crash in ${ran.into} keep ${keep}`, ran.command];
}

/**
 * @param {import("./store.js").Store<State>} store
 * @param {import("./viewer.js").Viewer} viewer
 * @param {Pick<ReturnType<typeof import("./commands.js").createCommands>, "run" | "runAll" | "drive">} commands
 */
export function createBranches(store, viewer, { run, runAll, drive }) {
  /** @type {Map<number, { sandbox: Sandbox, stage: State["stage"] }>} Those that are not on the stage. */
  const asleep = new Map();
  let last = 1;

  /** Closes all branches but the one on the stage: another database is opened. */
  async function reset() {
    const sleeping = [...asleep.values()];
    asleep.clear();
    last = 1;
    store.set({ branches: [{ id: 1, title: "main" }], branch: 1 });
    for (const { sandbox } of sleeping) await sandbox.close().catch(() => {});
  }

  /**
   * Shows a branch in the place of the one on the stage, which sleeps.
   * @param {number} id
   * @param {{ sandbox: Sandbox, stage: State["stage"] }} next
   * @param {Branch[]} [list] the branches there are from now on
   */
  function swap(id, next, list = store.get().branches) {
    const { branch, stage } = store.get();
    const sandbox = viewer.sandbox();
    if (sandbox) asleep.set(branch, { sandbox, stage });
    asleep.delete(id);
    viewer.show(next.sandbox, next.stage, { branch: id, branches: list });
  }

  /**
   * Goes to another branch.
   * @param {number} id
   */
  function go(id) {
    const woken = asleep.get(id);
    if (!woken || store.get().busy) return;
    swap(id, woken);
    viewer.seek(woken.stage.position);
  }

  /**
   * Closes a branch that is not on the stage.
   * @param {number} id
   */
  async function drop(id) {
    if (id === store.get().branch) return;
    const gone = asleep.get(id);
    asleep.delete(id);
    store.set({ branches: store.get().branches.filter((branch) => branch.id !== id) });
    await gone?.sandbox.close().catch(() => {});
  }

  /** Why no branch can begin at the position on the stage; empty if one can. */
  function refusal() {
    const { stage, shown } = store.get();
    return noBranch(shown, stage.position);
  }

  /** A copy of the database as it was at the open; null, with the reason in the status, where there is none. */
  async function original() {
    try {
      const reason = refusal();
      if (reason) throw new Error(reason);
      return await viewer.sandbox()?.branch();
    } catch (error) {
      store.set({
        status: {
          text: /** @type {Partial<Error> | null | undefined} */ (error)?.message ?? String(error),
          bad: true,
        },
      });
      return null;
    }
  }

  /**
   * Begins a branch and runs `lines` on it.
   * @param {string[]} lines
   * @param {string} title
   * @returns {Promise<boolean>} whether it began
   */
  async function begin(lines, title) {
    const sandbox = await original();
    if (!sandbox) return false;
    sandbox.onDrive(drive.watch);
    const { stage, branches } = store.get();
    const { queue, queueTitle } = stage;
    const id = (last += 1);
    const own = { ...emptyStage(), queue, queueTitle, backend: sandbox.backend() };
    swap(id, { sandbox, stage: own }, [...branches, { id, title }]);
    await runAll(lines);
    const oldest = store.get().branches.filter((branch) => branch.id !== 1 && branch.id !== id)[0];
    if (store.get().branches.length > MAX_BRANCHES && oldest) await drop(oldest.id);
    return true;
  }

  /**
   * Runs `lines` at the position on the stage: on this database if that is the end of the timeline, else on a branch. A
   * line runs between two commands: if the position is inside of one, before that command.
   * @param {string[]} lines
   * @param {string} title of the branch, if one begins
   */
  async function runHere(lines, title) {
    const { position } = store.get().stage;
    if (position === store.get().shown.length) {
      await runAll(lines);
      return;
    }
    const { done } = ranBy(viewer.sandbox()?.operations() ?? [], position);
    await begin([...done, ...lines], title);
  }

  /**
   * Cuts the power at the position on the stage, and goes to the cut.
   * @param {string} keep which unsynced bytes the disk keeps, as `crash keep` takes it
   */
  async function pullPlug(keep) {
    const { position } = store.get().stage;
    const sandbox = viewer.sandbox();
    if (!sandbox) return;
    if (position === store.get().shown.length) await run(`crash keep ${keep}`, { into: false });
    else {
      const ran = ranBy(sandbox.operations(), position);
      if (!(await begin([...ran.done, ...plugLines(ran, keep)], `power cut at event ${position}`))) return;
    }
    const cut = viewer.sandbox()?.find("crash", Number.MAX_SAFE_INTEGER, true);
    if (cut != null) viewer.seek(cut);
  }

  return { reset, refusal, go, drop, runHere, pullPlug };
}
