// The session that a reload restores: of a database in memory, the commands that have run on each branch, which are
// run again, what is queued, and where one stood. The engine is deterministic, so the timeline is the same again. It is
// kept for the tab (sessionStorage); a database in IndexedDB keeps itself and is opened again.
//
// In: the state when the page is left. Out: the same state after it is loaded. Errors: what can not be restored is said
// before the page is left, and after.

import { bytes, count, number } from "./format.js";
import { tabStorage } from "./keeping.js";
import { say, sayCount } from "./words.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Stage} Stage */
/** @typedef {import("./controller.js").Controller} Controller */
/** @typedef {ReturnType<typeof createSavedSession>} SavedSession */

const KEY = "lsmscope.session";
const VERSION = 1;
/** Addresses that are remembered: a page that is slow to be left may have changed its own some times. */
const MAX_ADDRESSES = 4;
/** A reload runs no more commands, and keeps no more letters of them. */
export const MAX_COMMANDS = 5000;
export const MAX_CHARS = 400_000;
/** The largest file that is read, in bytes. */
const MAX_BYTES = 8 << 20;

/**
 * @typedef {Pick<Stage, "script" | "queue" | "queued" | "queueTitle" | "position" | "following">
 *   & { title: string, length: number | null }} SavedBranch
 */
/**
 * @typedef {object} Session
 * @property {number} v
 * @property {import("./sandbox.js").OpenConfig} config
 * @property {SavedBranch[]} branches
 * @property {number} shown Which of them is on the stage.
 * @property {{ command: string, script: string }} forms What was typed.
 * @property {boolean} pastOnly
 */
/**
 * What is in the way of running a session again, as it is kept: in any language.
 * @typedef {{ why: "cancelled" | "commands" | "characters" | "full", commands?: number }} Obstacle
 */
/**
 * @typedef {{
 *   title: string,
 *   stage: Stage,
 *   length: number | null,
 *   isShown: boolean,
 *   name: () => import("../lsmscope.js").NamedMoment | null,
 * }} Branch
 */

/**
 * Why a session can not be restored; null if it can.
 * @param {State} state
 * @param {Branch[]} branches
 * @returns {Obstacle | null}
 */
function obstacleOf({ shown }, branches) {
  const ran = branches.filter(({ stage }) => stage.script.length > 0);
  if (ran.some(({ stage }) => stage.cancelled)) return { why: "cancelled" };
  const commands = sum(branches.map(({ stage }) => stage.script.length));
  if (commands > MAX_COMMANDS) return { why: "commands", commands };
  const chars = sum(branches.flatMap(({ stage }) => [...stage.script, ...stage.queued].map((line) => line.length)));
  if (chars > MAX_CHARS) return { why: "characters" };
  return shown.fullAt === null ? null : { why: "full" };
}

/**
 * @param {Partial<Obstacle> | null | undefined} obstacle It may be of another version of the page.
 * @returns {string} empty if there is none
 */
function obstacleSaid(obstacle) {
  switch (obstacle?.why) {
    case "cancelled":
      return say("a workload was cancelled, and would not end there again");
    case "commands":
      return sayCount(
        Number(obstacle.commands),
        "{n} command had run, and no more than {most} are run again",
        "{n} commands had run, and no more than {most} are run again",
        { most: count(MAX_COMMANDS, "command") },
      );
    case "characters":
      return say("its commands are longer than {most} characters", { most: number(MAX_CHARS) });
    case "full":
      return say("its timeline is full: running it again would take as long as it took");
    default:
      return "";
  }
}

/**
 * Why a session can not be restored; empty if it can.
 * @param {State} state
 * @param {Branch[]} branches
 */
export const notRestorable = (state, branches) => obstacleSaid(obstacleOf(state, branches));

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((all, n) => all + n, 0);
}

/**
 * @param {State} state
 * @param {Branch[]} branches
 * @returns {Session}
 */
export function sessionOf({ config, forms, pastOnly }, branches) {
  const { take_over: _, ...kept } = config;
  return {
    v: VERSION,
    config: kept,
    branches: branches.map(({ title, length, stage }) => {
      const { script, queue, queued, queueTitle, position, following } = stage;
      return { title, length, script, queue, queued, queueTitle, position, following };
    }),
    shown: Math.max(
      0,
      branches.findIndex(({ isShown }) => isShown),
    ),
    forms: { command: forms.command, script: forms.script },
    pastOnly,
  };
}

/**
 * Why leaving the page loses what nothing restores; empty if it does not.
 * @param {State} state
 * @param {Branch[]} branches
 * @param {boolean} keeps whether the browser keeps a session
 */
export function lostByLeaving(state, branches, keeps) {
  if (state.phase !== "open") return "";
  if (state.drive !== null || state.scriptRun !== null) return say("commands are running");
  const inMemory = branches.filter(({ stage }) => stage.backend?.kind === "memory" && stage.script.length > 0);
  if (inMemory.length === 0) return "";
  if (inMemory.length < branches.length && isStored(branches))
    return say("branches of a stored database are in memory");
  return keeps ? notRestorable(state, branches) : say("this browser keeps nothing for a reload");
}

/** @param {Branch[]} branches */
function isStored(branches) {
  return branches[0]?.stage.backend?.kind === "indexeddb";
}

/**
 * Keeps the session whenever the page may be left, and asks where that loses something.
 * @param {Controller} controller
 * @param {Pick<Storage, "getItem" | "setItem" | "removeItem"> | null} storage null if the browser refuses it
 * @param {(text: string) => Promise<Session>} parse reads the text of a file
 */
export function createSavedSession(
  { store, branches, histories, runAll, seek, open },
  storage = tabStorage(),
  parse = noFiles,
) {
  /** The session that is being restored: until it is, leaving the page keeps it as it was. @type {string | null} */
  let restoring = null;
  /** Whether a link is being opened: until it is, leaving the page keeps nothing, and a reload opens the link again. */
  let linking = false;
  /** Fragments that the address had before the one that it has. @type {string[]} */
  let before = [];

  /** The branches; where a history is on the stage, the database behind it. */
  function stages() {
    const behind = histories.behind();
    return branches.all().map((one) => (behind && one.isShown ? { ...one, stage: behind } : one));
  }

  /** Keeps the session, or why it can not be restored. */
  function keep() {
    const state = store.get();
    // A lesson keeps its own progress, and leaves what was there before it.
    if (state.room === "lesson") return;
    // After a panic, the page offers what can be done; a session that panics again would never end.
    if (state.phase !== "open") return write(state.phase === "panicked" ? null : restoring);
    if (restoring !== null) return write(restoring);
    if (linking) return write(null);
    const all = stages();
    if (isStored(all)) return write(null);
    const notKept = obstacleOf(state, all);
    const addresses = [...before, address()];
    return write(JSON.stringify({ ...(notKept ? { notKept } : sessionOf(state, all)), addresses }));
  }

  /**
   * Opens a link, during which nothing is kept.
   * @param {() => Promise<void>} open
   */
  async function whileLinking(open) {
    linking = true;
    try {
      await open();
    } finally {
      linking = false;
    }
  }

  /**
   * The address is about to change. A reload that has begun meanwhile loads the one before.
   * @param {string} fragment the one that it has
   */
  function leaveAddress(fragment) {
    before = [...before, fragment].slice(-MAX_ADDRESSES);
  }

  /** @param {string | null} text */
  function write(text) {
    try {
      if (text === null) storage?.removeItem(KEY);
      else storage?.setItem(KEY, text);
    } catch {
      // Refused: there is no room, and leaving the page has asked.
    }
  }

  /**
   * Takes what was kept, so that a session that ends the page is not restored twice.
   * @returns {{ session: Session | null, notKept: string, addresses: string[] }} `addresses`: the fragments that the
   *   page's address had last; with one of these, what was kept counts, not the link
   */
  function take() {
    try {
      const text = storage?.getItem(KEY) ?? null;
      write(null);
      const found = JSON.parse(text ?? "null");
      const addresses = Array.isArray(found?.addresses) ? found.addresses : [];
      if (found?.v === VERSION) return { session: found, notKept: "", addresses };
      return { session: null, notKept: obstacleSaid(found?.notKept), addresses };
    } catch {
      return { session: null, notKept: "", addresses: [] };
    }
  }

  /**
   * Runs a session's commands again, branch by branch, and goes where one stood.
   * @param {Session} session
   */
  async function restore(session) {
    restoring = JSON.stringify(session);
    store.set({ pastOnly: session.pastOnly === true });
    try {
      if (await open(session.config)) await rebuild(session);
    } finally {
      restoring = null;
    }
  }

  /** @param {Session} session */
  async function rebuild(session) {
    let commands = 0;
    let other = "";
    for (const [i, { title, script, position, length, ...queue }] of session.branches.entries()) {
      // Cancelled: what is left stands in the queue.
      if (!(i === 0 ? await runAll(script) : await branches.revive(script, title))) return;
      commands += script.length;
      store.setIn("stage", queue);
      seek(position);
      const now = store.get().shown.length;
      if (length !== null && length !== now)
        other = ` ${say("There are {now} events now, where there were {before}.", { now, before: length })}`;
    }
    branches.go(store.get().branches[session.shown]?.id ?? 1);
    store.setIn("forms", session.forms);
    const text = sayCount(commands, "Restored: {n} command ran again.", "Restored: {n} commands ran again.");
    if (commands > 0) store.set({ status: { text: text + other, bad: other !== "" } });
  }

  /**
   * The session as it is now, to be saved as a file; or why it can not be run again.
   * @returns {{ session: Session | null, notKept: string }}
   */
  function current() {
    const state = store.get();
    const all = stages();
    const notKept = isStored(all)
      ? say("what was in the database before is not in its commands")
      : notRestorable(state, all);
    return { session: notKept ? null : sessionOf(state, all), notKept };
  }

  /**
   * Opens the session among `files`, in place of what is there.
   * @param {readonly File[]} files
   * @returns {boolean} whether one of them is named as a session is
   */
  function openFile(files) {
    const file = files.find(({ name }) => name.toLowerCase().endsWith(".json"));
    if (!file) return false;
    void readFile(file);
    return true;
  }

  /** @param {File} file */
  async function readFile(file) {
    try {
      if (file.size > MAX_BYTES) throw new Error(say("it is larger than {size}", { size: bytes(MAX_BYTES) }));
      const session = await parse(await file.text());
      store.set({ dialog: "", room: "sandbox" });
      await restore(session);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const text = say("{file} is not opened: {why}.", { file: file.name, why });
      store.set({ dialog: "", room: "sandbox", status: { text, bad: true } });
    }
  }

  /** Asks for the file of a session. */
  function choose() {
    const field = Object.assign(document.createElement("input"), { type: "file", accept: ".json,application/json" });
    field.addEventListener("change", () => openFile([...(field.files ?? [])]));
    field.click();
  }

  function bind() {
    addEventListener("pagehide", keep);
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keep());
    addEventListener("beforeunload", (event) => {
      if (restoring === null && !linking && lostByLeaving(store.get(), stages(), storage !== null))
        event.preventDefault();
    });
  }

  return { keep, take, restore, whileLinking, leaveAddress, current, openFile, choose, bind };
}

/** What keeps nothing, for an embed. @type {SavedSession} */
export const NO_SESSION = {
  keep: () => {},
  take: () => ({ session: null, notKept: "", addresses: [] }),
  restore: async () => {},
  whileLinking: (open) => open(),
  current: () => ({ session: null, notKept: say("an embed keeps none") }),
  openFile: () => false,
  choose: () => {},
  leaveAddress: () => {},
  bind: () => {},
};

/** @returns {never} */
function noFiles() {
  throw new Error("files are not read here");
}

/** The fragment of the page's address; empty in a test. */
function address() {
  return globalThis.location?.hash ?? "";
}
