// Estimates how long a line takes that was refused because it would take long: its beginning runs, for SAMPLE
// milliseconds, on another database in memory.

/** Milliseconds of the sample. */
const SAMPLE = 300;
/** A run has 10 ms of each frame: the rest is the browser's. */
const SHARE = 10 / (1000 / 60);

/**
 * @param {object} world
 * @param {(config: import("./sandbox.js").OpenConfig) => Promise<import("./sandbox.js").Sandbox>} world.open
 * @param {() => number} world.now Milliseconds.
 * @param {(go: () => void) => void} world.later Goes on when the browser has drawn.
 */
export function createTimeEstimate({ open, now, later }) {
  /**
   * About how many seconds `line` would take on the page with `options`; null if there is no estimate.
   * @param {string} line
   * @param {Record<string, string>} options
   */
  async function seconds(line, options) {
    try {
      const sandbox = await open({ backend: "memory", options });
      let spent = 0;
      let began = now();
      let done = 0;
      sandbox.onDrive((progress) => {
        spent += now() - began;
        done = progress.done;
        if (spent >= SAMPLE) return false;
        return new Promise((resolve) => {
          later(() => {
            began = now();
            resolve(true);
          });
        });
      });
      began = now();
      await sandbox.run(`${line} anyway`);
      await sandbox.close();
      return done > 0 ? spent / done / SHARE / 1000 : null;
    } catch {
      return null;
    }
  }

  return { seconds };
}
