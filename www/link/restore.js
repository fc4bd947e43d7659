// Opens a link's moment: makes its database in memory, runs its scripts, branch by branch, and goes to its positions.
//
// In: a moment. Out: the page at that moment; the status says what is not as the link has it. What a link runs is
// bounded: long workloads are told of instead of run, and after half a minute what is left waits in the queue.

import { sayCount } from "../words.js";
import { MAX_RUN_MS } from "./bounds.js";

/** @typedef {import("../controller.js").Controller} Controller */
/** @typedef {import("./version2.js").Moment} Moment */
/** @typedef {import("./version2.js").LinkedBranch} LinkedBranch */

/**
 * @param {Controller} controller
 * @param {Moment} moment
 * @param {(go: () => void, ms: number) => () => void} [after] Calls after that time; returns how to stop that.
 */
export async function restoreMoment(controller, moment, after = afterTime) {
  const { store, scriptRunner } = controller;
  const { preset, options, pastOnly, layout, stepInto, zoom } = moment;
  store.set({ pastOnly, zoom, ...(layout && { layout }), ...(stepInto !== null && { stepInto }) });
  const changes = Object.keys(options).length > 0 ? { options } : {};
  if (!(await controller.open({ backend: "memory", preset, ...changes }))) return;
  let late = false;
  const stop = after(() => {
    late = true;
    scriptRunner.cancel();
  }, MAX_RUN_MS);
  /** @type {NonNullable<ReturnType<Controller["current"]>>[]} */
  const wary = [];
  try {
    const told = [];
    for (const [i, branch] of moment.branches.entries()) {
      const main = i === 0 ? controller.current() : null;
      main?.setWary(true);
      const ran = main ? await controller.runAll(branch.script) : await revive(controller, branch);
      const sandbox = controller.current();
      if (sandbox && !wary.includes(sandbox)) wary.push(sandbox);
      const differs = stand(controller, branch, ran);
      if (differs) told.push(differs);
      if (!ran) {
        if (late) told.push(tooLong(store.get().stage.queue.length - branch.next.length));
        break;
      }
    }
    controller.branches.go(store.get().branches[moment.shown]?.id ?? 1);
    if (moment.selection) controller.select(moment.selection);
    if (told.length > 0) store.set({ status: { text: told.join(" "), bad: true } });
  } finally {
    stop();
    for (const sandbox of wary) sandbox.setWary(false);
  }
}

/**
 * @param {Controller} controller
 * @param {LinkedBranch} branch
 */
function revive({ branches }, { script, title }) {
  return branches.revive(script, title);
}

/**
 * Queues what is queued, and goes to the position.
 * @param {Controller} controller
 * @param {LinkedBranch} branch
 * @param {boolean} ran whether all of its script has run; what has not is in the queue
 * @returns {string} how that differs from what the link says; empty if it does not
 */
function stand({ store, seek, openMoment }, { script, next, at, facts }, ran) {
  const { stage, shown } = store.get();
  const left = ran ? [] : stage.queue;
  const queue = [...left, ...next];
  store.setIn("stage", { queue, queued: [...script, ...next], queueTitle: "Shared script", following: true });
  const found = at === null || !ran ? null : openMoment(at, facts);
  seek(found?.position ?? shown.length);
  return found?.differs ?? "";
}

/** @param {number} left */
function tooLong(left) {
  return sayCount(
    left,
    "The link's script has run for {seconds} seconds; {n} line of it waits in the queue.",
    "The link's script has run for {seconds} seconds; {n} lines of it wait in the queue.",
    { seconds: MAX_RUN_MS / 1000 },
  );
}

/**
 * @param {() => void} go
 * @param {number} ms
 */
function afterTime(go, ms) {
  const timer = setTimeout(go, ms);
  return () => clearTimeout(timer);
}
