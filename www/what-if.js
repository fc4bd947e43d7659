// What other options would have cost the database whose history is on the stage: estimated in slices, between which the
// page is drawn.
//
// In: changes, `name=value`. Out: `whatIf` of the state: progress, then what the database came to beside two estimates.
// Errors: changes that cannot be, and a history that does not tell what its tables hold, are a `problem` of it.

import { problemOf } from "./problem.js";
import { drawn, inSlices } from "./slices.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./history.js").Estimating} Estimating */

/**
 * @param {import("./store.js").Store<State>} store
 * @param {(changes: string[]) => Estimating | null} begin none: no history is on the stage
 */
export function createWhatIf(store, begin) {
  let runs = 0;

  /** @param {string} text `name=value`, several with spaces between */
  async function estimate(text) {
    const run = (runs += 1);
    const changes = text.split(/[\s,]+/).filter(Boolean);
    const last = store.get().whatIf?.result ?? null;
    /** @param {Partial<NonNullable<State["whatIf"]>>} what */
    const set = (what) =>
      store.set({ whatIf: { text, busy: true, done: 0, of: 0, problem: null, result: last, ...what } });
    set({});
    await drawn();
    if (run !== runs) return;
    try {
      const work = begin(changes);
      if (!work) return;
      const isDone = await inSlices(
        () => work.advance(1),
        () => set(work.progress()),
        () => run === runs,
      );
      if (isDone) set({ busy: false, result: { changes, withoutEffect: work.withoutEffect(), ...work.result() } });
    } catch (error) {
      if (run === runs) set({ busy: false, problem: problemOf(error) });
    }
  }

  /** Stops, and forgets what was found: another history is on the stage, or none. */
  function forget() {
    runs += 1;
    if (store.get().whatIf) store.set({ whatIf: null });
  }

  /** Stops what runs. */
  function stop() {
    runs += 1;
    const { whatIf } = store.get();
    if (whatIf?.busy) store.set({ whatIf: { ...whatIf, busy: false } });
  }

  return { estimate, forget, stop };
}
