// Estimates how long lines take of which one was refused because it would take long: the beginning of the last runs,
// for SAMPLE milliseconds, on another database of the same kind.

/** The name of the other database where it is stored in the browser; it is erased afterwards. */
const NAME = "lsmscope-estimate";
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
   * About how many seconds `lines` take on the page, on a database that is opened so; null if there is no estimate.
   * @param {string[]} lines
   * @param {import("./sandbox.js").OpenConfig} config
   */
  async function seconds(lines, config) {
    try {
      const stored = config.backend === "indexeddb";
      const sandbox = await open(stored ? { ...config, name: NAME, take_over: true } : config);
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
      const last = lines.at(-1) ?? "";
      for (const line of lines.slice(0, -1)) await sandbox.run(line);
      [spent, done, began] = [0, 0, now()];
      await sandbox.run(last.endsWith(" anyway") ? last : `${last} anyway`);
      // It was over before the sample was.
      if (spent < SAMPLE) [spent, done] = [spent + now() - began, 1];
      await sandbox.close();
      if (stored) indexedDB.deleteDatabase(NAME);
      return spent / done / SHARE / 1000;
    } catch {
      return null;
    }
  }

  return { seconds };
}
