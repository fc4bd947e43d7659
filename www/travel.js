// Moving in time: a step forward or back, or to the next event of a kind.
//
// In: a stride, or what to look for. Out: the position; past the end, the queue's next line runs.

import { say } from "./words.js";

/** @typedef {import("./timeline.js").Stride} Stride */

/** What a step past the end says where a script waits that the person has left. */
const AT_END = say("This is the end of the timeline. The script waits: press its next line to go on with it.");

/** That there is no event of a kind before the moment, and after it. @type {Record<string, [string, string]>} */
const NOT_FOUND = {
  flush: [say("No flush before this moment."), say("No flush after this moment.")],
  compaction: [say("No compaction before this moment."), say("No compaction after this moment.")],
  stall: [say("No stall before this moment."), say("No stall after this moment.")],
  false_positive: [say("No false positive before this moment."), say("No false positive after this moment.")],
  recovery: [say("No recovery before this moment."), say("No recovery after this moment.")],
  crash: [say("No crash before this moment."), say("No crash after this moment.")],
};

/**
 * @param {string} what
 * @param {boolean} backwards
 */
function notFound(what, backwards) {
  const key = what.replace("key:", "");
  if (!(what in NOT_FOUND))
    return backwards
      ? say("No event of key {key} before this moment.", { key })
      : say("No event of key {key} after this moment.", { key });
  return NOT_FOUND[what][backwards ? 0 : 1];
}

/**
 * @param {import("./store.js").Store<import("./state.js").State>} store
 * @param {import("./viewer.js").Viewer} viewer
 * @param {(into: boolean) => Promise<boolean>} runNext Runs the queue's next line.
 */
export function createTravel(store, viewer, runNext) {
  /**
   * Steps forward: in the timeline, or, past its end, into the queue's next line while the person follows the queue.
   * @param {Stride} stride
   */
  async function forward(stride) {
    const { stage: own, shown } = store.get();
    const { position, queue, following } = own;
    if (position < shown.length) viewer.seek(viewer.ask((t) => t.step(position, stride, false), position));
    else if (following) await runNext(stride === "event");
    else if (queue.length > 0) store.set({ status: { text: AT_END, bad: false } });
  }

  /** @param {Stride} stride */
  function back(stride) {
    const { position } = store.get().stage;
    viewer.seek(viewer.ask((t) => t.step(position, stride, true), position));
  }

  /**
   * Goes to the next event like `what`, or the previous one; says so where there is none.
   * @param {string} what
   * @param {boolean} backwards
   */
  function find(what, backwards) {
    const { position } = store.get().stage;
    const found = viewer.ask((t) => t.find(what, position, backwards), undefined);
    if (found != null) return viewer.seek(found);
    store.set({ status: { text: notFound(what, backwards), bad: true } });
  }

  return { forward, back, find };
}
