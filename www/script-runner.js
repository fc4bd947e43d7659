// Lines that run by themselves, one after the other: a link's script, a branch's past, lines that were pasted. Between slices the
// browser draws, and one may end it.

/** Milliseconds that lines may run before the browser gets to draw. */
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
   * Runs `lines`, whatever becomes of each; only one that is too long to be run unasked ends it, as cancelling does.
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
