// A worker that runs simulations of a sweep, as the page sees it: begun with its first run, and begun again with the
// next one after it broke.
//
// In: a `PlannedRun`. Out: the cells of its row. Errors: `RunnerMissing` if it never began; else what the engine says.

/** @typedef {import("./sweep-plan.js").PlannedRun} PlannedRun */
/** @typedef {import("./sweep-worker.js").WorkerReport} WorkerReport */

/**
 * @typedef {object} Runner One run at a time.
 * @property {(run: PlannedRun, tell: (share: number) => void) => Promise<string[]>} run `tell` hears how far it is.
 * @property {() => void} end Ends it, and what it runs: that run is rejected.
 */

/** It could not begin: another runner can run what it was given. */
export class RunnerMissing extends Error {}

/**
 * @param {() => Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onerror">} make may throw
 * @returns {Runner}
 */
export function workerRunner(make) {
  /** @type {ReturnType<typeof make> | null} */
  let worker = null;
  let isReady = false;
  /** @type {(why: Error) => void} */
  let reject = () => {};
  const drop = () => {
    worker?.terminate();
    [worker, isReady] = [null, false];
  };
  return {
    run: ({ preset, spec, options }, tell) =>
      new Promise((resolve, rejected) => {
        reject = rejected;
        try {
          worker ??= make();
        } catch (error) {
          rejected(new RunnerMissing(String(error)));
          return;
        }
        worker.onmessage = (/** @type {MessageEvent<WorkerReport>} */ { data }) => {
          if (data.kind === "ready") isReady = true;
          else if (data.kind === "share") tell(data.share);
          else if (data.kind === "done") resolve(data.cells);
          else {
            rejected(isReady ? new Error(data.message) : new RunnerMissing(data.message));
            if (data.isBroken || !isReady) drop();
          }
        };
        worker.onerror = (/** @type {ErrorEvent} */ event) => {
          event.preventDefault?.();
          rejected(isReady ? new Error(event.message) : new RunnerMissing(event.message));
          drop();
        };
        worker.postMessage({ preset, spec, options });
      }),
    end() {
      drop();
      reject(new RunnerMissing("ended"));
    },
  };
}
