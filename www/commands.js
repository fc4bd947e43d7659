// Running command lines: one of the person's own, several in a row, or the queue's next.
//
// In: lines. Out: the console's log, the script, the queue, the status; and the stage at the end of what ran. Errors: a
// line that is refused or fails is in the log with its error.
//
// The engine only runs forward, at the end of the timeline. Past the end, stepping runs the next line of the queue,
// while the person follows it: a command of their own ends that, and pressing the queue's next line begins it again.

import { createDrive } from "./drive.js";
import { isOpen } from "./folds.js";
import { titleSaid } from "./kept-titles.js";
import { lines } from "./command-lines.js";
import { optionTexts } from "./options.js";
import { createTimeEstimate } from "./time-estimate.js";
import { isWrongLine, problemOf } from "./problem.js";
import { createScriptRunner } from "./script-runner.js";
import { say } from "./words.js";

/** @typedef {import("./state.js").Exchange} Exchange */

/** Help is of no moment: it leaves the stage where it is. @param {string} line */
const isHelp = (line) => /^\s*help\b/.test(line);

/** Exchanges that the console keeps, and characters of their answers: one answer may have ten thousand lines. */
const LOG_LIMIT = 200;
const LOG_CHARS = 500_000;
/** The console keeps no more of a line than this; the script keeps the whole. */
const LINE_LIMIT = 4096;

/**
 * @param {import("./store.js").Store<import("./state.js").State>} store
 * @param {import("./viewer.js").Viewer} viewer
 * @param {object} world
 * @param {(config: import("./sandbox.js").OpenConfig) => Promise<import("./sandbox.js").Sandbox>} world.openSandbox
 * @param {() => number} world.now Milliseconds.
 * @param {(go: () => void) => void} world.later Goes on when the browser has drawn.
 */
export function createCommands(store, viewer, { openSandbox, now, later }) {
  const drive = createDrive(store, { look: viewer.look, now, later });
  const scriptRunner = createScriptRunner(store, { execute, look: viewer.look, now, later });
  const estimate = createTimeEstimate({ open: openSandbox, now, later });
  /** Whether the last line did not run because the engine could not be loaded. */
  let isUnloaded = false;
  let exchanges = 0;

  const lastExchange = () => store.get().stage.log.at(-1);

  /**
   * Runs a command line at the end of the timeline, and shows it: at its first event where `into`, else at its end.
   * @param {string} line
   * @param {{ into?: boolean, queued?: boolean }} [how] `queued`: it is the queue's next, not one of the person's own.
   * @returns {Promise<boolean>} whether it went well
   */
  async function run(line, { into = store.get().stepInto, queued = false } = {}) {
    if (line.trim() === "") return false;
    const { following } = store.get().stage;
    begin(queued);
    try {
      const ok = await execute(line);
      const outcome = lastExchange()?.outcome;
      // A question, and a line that was refused, come between no two lines of a script.
      if (outcome?.first === outcome?.last) store.setIn("stage", { following });
      if (outcome?.estimate) showEstimate();
      if (isHelp(line)) viewer.look(store.get().stage.position);
      else viewer.look(into && outcome && outcome.last > outcome.first ? outcome.first + 1 : undefined);
      return ok;
    } finally {
      store.set({ busy: false });
    }
  }

  /**
   * Runs lines one after the other, and shows their end; those that are left when one ends the series are queued.
   * @param {string[]} lines
   * @returns {Promise<boolean>} whether all of them ran
   */
  async function runAll(lines) {
    begin(false);
    try {
      const left = await scriptRunner.run(lines);
      const last = lastExchange();
      if (last?.outcome?.estimate) showEstimate();
      const queue = [...left, ...store.get().stage.queue];
      if (left.length > 0) store.setIn("stage", { queue, queued: queue, queueTitle: "What is left" });
      return left.length === 0;
    } finally {
      store.set({ busy: false });
    }
  }

  /** @param {boolean} following */
  function begin(following) {
    store.set({ busy: true });
    store.setIn("stage", { following });
  }

  /**
   * Runs a command line. The position stays.
   * @param {string} line
   * @returns {Promise<boolean>} whether it went well
   */
  async function execute(line) {
    const sandbox = viewer.sandbox();
    if (!sandbox) {
      const history = say("A history can only be looked at. Go back to the sandbox with Escape.");
      if (viewer.timeline()) store.set({ status: { text: history, bad: true } });
      return false;
    }
    const id = (exchanges += 1);
    append({ id, line: line.slice(0, LINE_LIMIT), outcome: null });
    // The error of the line before is not this one's.
    if (store.get().status.bad) store.set({ status: { text: say("Running…"), bad: false } });
    drive.ready();
    isUnloaded = false;
    try {
      const outcome = await sandbox.run(line);
      settle(id, outcome);
      // A line that made events is in the timeline, whether it went well or not, so running it again must run it too.
      // The list grows in place: a copy with each command would cost as much as there were commands.
      if (outcome.last > outcome.first) store.get().stage.script.push(line.trim());
      const message = outcome.error?.message ?? outcome.text.split("\n", 1)[0];
      const status = { text: message, bad: !outcome.ok };
      store.set({ status: outcome.last > outcome.first ? { ...status, at: outcome.last } : status });
      return outcome.ok;
    } catch (error) {
      const { kind, message, remedy } = problemOf(error);
      isUnloaded = kind === "load";
      const at = store.get().shown.length;
      settle(id, {
        ok: false,
        text: "",
        error: { message, remedy, start: 0, end: 0 },
        first: at,
        last: at,
        exit: false,
        estimate: undefined,
      });
      store.set({ status: { text: message, bad: true } });
      store.setIn("shown", { trouble: viewer.askDatabase((d) => d.trouble(), null) });
      return false;
    } finally {
      drive.over();
    }
  }

  /** @param {Exchange} exchange */
  function append(exchange) {
    const log = [...store.get().stage.log, exchange].slice(-LOG_LIMIT);
    let chars = log.reduce((sum, { outcome }) => sum + (outcome?.text.length ?? 0), 0);
    while (chars > LOG_CHARS && log.length > 1) chars -= log.shift()?.outcome?.text.length ?? 0;
    store.setIn("stage", { log });
  }

  /**
   * @param {number} id
   * @param {NonNullable<Exchange["outcome"]>} outcome
   */
  function settle(id, outcome) {
    store.setIn("stage", { log: store.get().stage.log.map((e) => (e.id === id ? { ...e, outcome } : e)) });
  }

  /**
   * A line takes so long that it was not run: the console, which says so, is shown; and how long it and each proposal
   * take, once a sample of it was run elsewhere.
   */
  async function showEstimate() {
    store.set({ playing: false });
    store.setIn("tabs", { left: "operate", pane: "operate" });
    const { layout, unfolded, shown, stage } = store.get();
    if (layout === "figure" && !isOpen(unfolded, "left")) store.set({ unfolded: [...unfolded, "operate"] });
    const refused = lastExchange();
    if (!refused?.outcome?.estimate || !shown.options) return;
    const { kind = "memory", durability } = stage.backend ?? {};
    const config = { backend: kind, durability: durability ?? undefined, options: optionTexts(shown.options) };
    const { outcome } = refused;
    const { instead } = refused.outcome.estimate;
    const seconds = /** @type {(number | null)[]} */ ([]);
    // The last way is all of it as it is: that is said first.
    for (let way = instead.length - 1; way >= 0; way -= 1) {
      seconds[way] = await estimate.seconds(instead[way].lines, config);
      settle(refused.id, { ...outcome, seconds: [...seconds] });
      // One has been taken already.
      if (store.get().busy) return;
    }
  }

  /**
   * Puts a script into the queue.
   * @param {string} text
   * @param {string} title
   */
  function enqueue(text, title) {
    const queue = lines(text);
    store.setIn("stage", { queue, queued: queue, queueTitle: title, following: true });
  }

  /** Takes away what is left of the script in the queue. */
  function leaveScript() {
    enqueue("", "");
  }

  /** Follows the script in the queue again, from the end of the timeline, where its next line runs. */
  function goOnWithScript() {
    store.setIn("stage", { following: true });
    viewer.seek(store.get().shown.length);
  }

  /** Runs what is left of the script in the queue, and shows its end. */
  function runRest() {
    const { queue } = store.get().stage;
    store.setIn("stage", { queue: [] });
    return runAll(queue);
  }

  /**
   * Runs the queue's next line, and says that it was the queue's.
   * @param {boolean} into
   */
  async function runNext(into) {
    const { stage: before, busy } = store.get();
    const [line, ...rest] = before.queue;
    if (line === undefined || busy) return false;
    store.setIn("stage", { queue: rest });
    const ok = await run(line, { into, queued: true });
    const { status, shown } = store.get();
    const title = titleSaid(before.queueTitle) || say("Script");
    if (ok) store.set({ status: { ...status, text: `${title}: ${line.trim()}: ${status.text}` } });
    if (!ok && (isUnloaded || (shown.trouble && !isWrongLine(lastExchange())))) putBack(line);
    return ok;
  }

  /**
   * A line that failed through no fault of its own is not used up: it is still to run.
   * @param {string} line
   */
  function putBack(line) {
    const { script, queue } = store.get().stage;
    store.set({ playing: false });
    store.setIn("stage", {
      queue: [line, ...queue],
      script: script.at(-1) === line.trim() ? script.slice(0, -1) : script,
    });
  }

  return { drive, scriptRunner, run, runAll, runNext, enqueue, leaveScript, goOnWithScript, runRest };
}
