// Branches of the timeline. The engine only runs forward, so a line that runs in the past begins a branch: a copy, in
// memory, of the database as it was when it was opened, on which the commands before the position are run again. The
// database it branches from keeps its timeline, on a tab of its own, and its storage.
//
// In: a position and the lines to run at it. Out: `branches`, `branch` and `stage` of the state. Errors: where no
// branch can begin, the status says why.

import { emptyStage } from "./state.js";
import { titleSaid } from "./kept-titles.js";
import { say } from "./words.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./sandbox.js").Sandbox} Sandbox */
/** @typedef {ReturnType<Sandbox["operations"]>} Operations */
/** @typedef {import("./state.js").Branch} Branch */

/**
 * Whether lines have run that are not of the queue's script.
 * @param {Pick<State["stage"], "script" | "queued">} stage
 */
export function hasOwnLines({ script, queued }) {
  let next = 0;
  // A line that only asks is of the queue, but not of the script.
  return script.some((line) => {
    const found = queued.findIndex((other, i) => i >= next && other.trim() === line);
    next = found + 1;
    return found === -1;
  });
}

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
 * The event before which a line begins a branch that is run at `position`: between two commands.
 * @param {Operations} operations
 * @param {number} position
 */
export function forkAt(operations, position) {
  const { command, into } = ranBy(operations, position);
  return command === null ? position : position - into;
}

/**
 * Why no branch can begin at `position`; empty if one can.
 * @param {Pick<State["shown"], "fullAt" | "view">} shown
 * @param {number} position
 */
export function noBranch({ fullAt, view }, position) {
  if ((view?.start ?? 0) > 0)
    return say(
      "The timeline is so long that its beginning was let go, so the past cannot be run again. " +
        "It can be done at the end of the timeline.",
    );
  if (fullAt !== null && position > fullAt)
    return say(
      "From event {event} on the timeline has jobs only, not the commands, so they cannot be run again. " +
        "It can be done at the end of the timeline, or before event {event}.",
      { event: fullAt },
    );
  return "";
}

/**
 * The lines that cut the power there: between two commands, or inside of one, after as many of its events.
 * @param {ReturnType<typeof ranBy>} ran
 * @param {string} keep
 */
export function plugLines({ command, into }, keep) {
  if (command === null) return [`crash keep ${keep}`];
  // Cut off by another cut: this one comes first.
  const whole = command.replace(/^\s*(?:crash|plug)\s.*?\sduring\s+/i, "");
  const cut = `crash in ${into} keep ${keep}`;
  // One operation, so that its events have the numbers that they have here; what cuts the power itself takes two.
  return /^\s*(?:crash|plug|exit)\b/i.test(whole) ? [cut, whole] : [`${cut} during ${whole}`];
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

  /**
   * A copy of the database as it was at the open; null, with the reason in the status, where there is none.
   * @param {string} [reason] why there can be none
   */
  async function original(reason = "") {
    try {
      if (reason) throw new Error(reason);
      const sandbox = await viewer.sandbox()?.branch();
      sandbox?.onDrive(drive.watch);
      return sandbox;
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
   * Puts a new branch on the stage; the oldest is closed if there are too many.
   * @param {Sandbox} sandbox
   * @param {Partial<State["stage"]>} stage
   * @param {string} title
   */
  async function add(sandbox, stage, title) {
    const id = (last += 1);
    const own = { ...emptyStage(), ...stage, backend: sandbox.backend() };
    swap(id, { sandbox, stage: own }, [...store.get().branches, { id, title }]);
    const oldest = store.get().branches.filter((branch) => branch.id !== 1 && branch.id !== id)[0];
    if (store.get().branches.length > MAX_BRANCHES && oldest) await drop(oldest.id);
  }

  /**
   * Begins a branch and runs `lines` on it.
   * @param {string[]} lines
   * @param {string} title
   * @returns {Promise<boolean>} whether it began
   */
  async function begin(lines, title) {
    const sandbox = await original(refusal());
    if (!sandbox) return false;
    const { queue, queued, queueTitle } = store.get().stage;
    await add(sandbox, { queue, queued, queueTitle }, title);
    await runAll(lines);
    return true;
  }

  /**
   * Begins a branch that a session had, and runs its lines again.
   * @param {string[]} lines
   * @param {string} title
   * @returns {Promise<boolean>} whether all of them ran
   */
  async function revive(lines, title) {
    const sandbox = await original();
    if (!sandbox) return false;
    await add(sandbox, {}, title);
    return runAll(lines);
  }

  /**
   * Starts over: the database as it was before its open, and the script in the queue from its first line. What was run
   * beside that script, and a stored database, stay on their branch.
   * @param {{ lines: string[], title: string }} [script] the script to queue instead
   * @returns {Promise<boolean>} whether it did
   */
  async function startOver(script) {
    const { stage, busy } = store.get();
    const before = viewer.sandbox();
    if (busy || !before) return false;
    store.set({ busy: true });
    const sandbox = await original().finally(() => store.set({ busy: false }));
    if (!sandbox) return false;
    const { lines: queue, title: queueTitle } = script ?? { lines: stage.queued, title: stage.queueTitle };
    const next = { queue, queued: queue, queueTitle };
    const { branch, branches: list } = store.get();
    const stays = hasOwnLines(stage) || stage.backend?.kind === "indexeddb";
    if (stays) await add(sandbox, next, "from the start");
    else {
      viewer.show(sandbox, { ...emptyStage(), ...next, backend: sandbox.backend() });
      await before.close().catch(() => {});
    }
    viewer.seek(0);
    const kept = titleSaid(list.find(({ id }) => id === branch)?.title ?? "");
    const text = stays
      ? say('Started over in memory; what was run before stays on the branch "{branch}".', { branch: kept })
      : say("Started over.");
    store.set({ status: { text, bad: false } });
    return true;
  }

  /**
   * The branches, in their order; `length`: how many events there are, `name`: what its position is called, each if
   * that can be asked.
   */
  function all() {
    const { branch, branches: list, stage } = store.get();
    return list.map(({ id, title }) => {
      const other = asleep.get(id);
      const sandbox = id === branch ? viewer.sandbox() : other?.sandbox;
      const own = other?.stage ?? stage;
      const name = () => nameOf(sandbox, own.position);
      return { title, stage: own, length: lengthOf(sandbox), isShown: id === branch, name };
    });
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

  return { reset, refusal, go, drop, runHere, pullPlug, revive, startOver, all };
}

/**
 * @param {Sandbox | null | undefined} sandbox
 * @param {number} position
 */
function nameOf(sandbox, position) {
  try {
    return sandbox?.momentName(position) ?? null;
  } catch {
    // The engine has stopped.
    return null;
  }
}

/** @param {Sandbox | null | undefined} sandbox */
function lengthOf(sandbox) {
  try {
    return sandbox?.length() ?? null;
  } catch {
    // The engine has stopped.
    return null;
  }
}
