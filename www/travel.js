// Moving in time: a step forward or back, or to the next event of a kind.
//
// In: a stride, or what to look for. Out: the position; past the end, the queue's next line runs.

/** @typedef {import("./timeline.js").Stride} Stride */

/** What a step past the end says where a script waits that the person has left. */
const AT_END = "This is the end of the timeline. The script waits: press its next line to go on with it.";

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
    const name = what.replace("_", " ").replace("key:", "event of key ");
    const text = `No ${name} ${backwards ? "before" : "after"} this moment.`;
    store.set({ status: { text, bad: true } });
  }

  return { forward, back, find };
}
