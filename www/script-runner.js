// Runs many lines one after the other: a link's script, the commands before a branch, pasted lines. It runs them in
// slices, between which the browser draws, and can be cancelled.
//
// In: lines. Out: `scriptRun` of the state; the lines that did not run.

/** Milliseconds of a slice: the browser draws after it. */
const SLICE = 10;

/**
 * @param {import("./store.js").Store<import("./state.js").State>} store
 * @param {object} world
 * @param {(line: string) => Promise<boolean>} world.execute Runs a line. The position stays.
 * @param {() => void} world.look Shows the database as it is now.
 * @param {() => number} world.now Milliseconds.
 * @param {(go: () => void) => void} world.later Goes on when the browser has drawn.
 */
export function createScriptRunner(store, { execute, look, now, later }) {
  let cancelled = false;

  /**
   * Runs `lines`, also after one that fails. It ends early when it is cancelled, or at a line that is refused because
   * it would take too long.
   * @param {string[]} lines
   * @returns {Promise<string[]>} those that did not run
   */
  async function run(lines) {
    cancelled = false;
    let began = now();
    for (const [i, line] of lines.entries()) {
      if (cancelled) return end(lines.slice(i));
      const ok = await execute(line);
      if (!ok && store.get().stage.log.at(-1)?.outcome?.estimate) return end(lines.slice(i + 1));
      if (now() - began < SLICE) continue;
      store.set({ scriptRun: { done: i + 1, of: lines.length } });
      look();
      await new Promise((resolve) => later(() => resolve(null)));
      began = now();
    }
    return end([]);
  }

  /** @param {string[]} left */
  function end(left) {
    look();
    store.set({ scriptRun: null });
    return left;
  }

  function cancel() {
    cancelled = true;
  }

  return { run, cancel };
}
