// Branches of the timeline. The engine only runs forward, so changing the past begins another history: a database in
// memory, as this one was when it was opened, on which the commands up to the moment are run again. What was before stays
// as it is, on a tab of its own; a stored database goes on being stored there.
//
// Goes in: a position and the lines to run at it. Comes out: changes of the state.

import { emptyStage } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./sandbox.js").Sandbox} Sandbox */
/** @typedef {ReturnType<Sandbox["operations"]>} Operations */
/** @typedef {{ id: number, title: string }} Branch */

/** More branches than these are not kept: each has a whole timeline. */
export const MOST = 6;

/**
 * What has been run at `position`: whole commands, and the one that it lies inside of, with how many of its events have
 * happened.
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
    return "The timeline is so long that its beginning was let go, so the past can not be run again. It can be done at the end of the timeline.";
  if (fullAt !== null && position > fullAt)
    return `From event ${fullAt} on the timeline has jobs only, not the commands, so they can not be run again. It can be done at the end of the timeline, or before event ${fullAt}.`;
  return "";
}

/**
 * The lines that pull the plug there: at once between two commands, or in the middle of one.
 * @param {ReturnType<typeof ranBy>} ran
 * @param {string} keep
 */
export function plugLines(ran, keep) {
  return ran.command === null ? [`crash keep ${keep}`] : [`crash in ${ran.into} keep ${keep}`, ran.command];
}

/**
 * @param {import("./store.js").Store<State>} store
 * @param {import("./stage.js").OnStage} onStage
 * @param {Pick<ReturnType<typeof import("./commands.js").createCommands>, "run" | "runAll" | "drive">} commands
 */
export function createBranches(store, onStage, { run, runAll, drive }) {
  /** @type {Map<number, { sandbox: Sandbox, stage: State["stage"] }>} Those that are not on the stage. */
  const asleep = new Map();
  let last = 1;

  /** Forgets all branches: another database was opened. */
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
    const sandbox = onStage.sandbox();
    if (sandbox) asleep.set(branch, { sandbox, stage });
    asleep.delete(id);
    onStage.show(next.sandbox, next.stage, { branch: id, branches: list });
  }

  /**
   * Goes to another branch.
   * @param {number} id
   */
  function go(id) {
    const woken = asleep.get(id);
    if (!woken || store.get().busy) return;
    swap(id, woken);
    onStage.seek(woken.stage.position);
  }

  /**
   * Lets a branch go.
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

  /** The database as it was at the open; says why, where there is none. */
  async function original() {
    try {
      const reason = refusal();
      if (reason) throw new Error(reason);
      return await onStage.sandbox()?.branch();
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
   * @returns {Promise<boolean>} whether there is one
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
    if (store.get().branches.length > MOST && oldest) await drop(oldest.id);
    return true;
  }

  /**
   * Runs `lines` at the position on the stage: at the end of the timeline there, before it on a branch. A line can only be
   * run between two commands: inside of one, before it.
   * @param {string[]} lines
   * @param {string} title of the branch, should there be one
   */
  async function runHere(lines, title) {
    const { position } = store.get().stage;
    if (position === store.get().shown.length) {
      await runAll(lines);
      return;
    }
    const { done } = ranBy(onStage.sandbox()?.operations() ?? [], position);
    await begin([...done, ...lines], title);
  }

  /**
   * Cuts the power at the position on the stage, and shows the cut.
   * @param {string} keep what the disk keeps of what was not synced, as `crash keep` takes it
   */
  async function pullPlug(keep) {
    const { position } = store.get().stage;
    const sandbox = onStage.sandbox();
    if (!sandbox) return;
    if (position === store.get().shown.length) await run(`crash keep ${keep}`, { into: false });
    else {
      const ran = ranBy(sandbox.operations(), position);
      if (!(await begin([...ran.done, ...plugLines(ran, keep)], `power cut at event ${position}`))) return;
    }
    const cut = onStage.sandbox()?.find("crash", Number.MAX_SAFE_INTEGER, true);
    if (cut != null) onStage.seek(cut);
  }

  return { reset, refusal, go, drop, runHere, pullPlug };
}
