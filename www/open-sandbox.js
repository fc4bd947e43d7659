// Opens a database: in the engine; or, where the engine is still on its way and a recording is of the same database, at
// once in the player, which hands over to the engine when that has arrived.
//
// In: what to open. Out: a `Sandbox`. Errors: `{ kind, message, remedy }`.

import { IS_RECORDED, TOUR } from "./assets.js";
import { fetched } from "./early.js";
import { Sandbox } from "./sandbox.js";
import { StandIn } from "./stand-in.js";
import { nextTurn } from "./turns.js";
import { hasEngine, loadEngine, loadPlayer } from "./wasm.js";
import { say } from "./words.js";

/** @typedef {import("./sandbox.js").OpenConfig} OpenConfig */

/**
 * Whether the recording is of such a database.
 * @param {OpenConfig} config
 */
const isRecorded = ({ backend, preset = "teaching", options }) =>
  backend === "memory" && preset === "teaching" && Object.keys(options ?? {}).length === 0;

const NOT_ALLOWED = say(
  "The browser has WebAssembly turned off, or the site's policy forbids it ('wasm-unsafe-eval' allows it): " +
    "open the page in another browser.",
);

/** Whether WebAssembly is there, and may run. */
function mayRun() {
  try {
    return Boolean(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
  } catch {
    return false;
  }
}

/**
 * The engine, loaded; rejects with a problem that the page can show.
 * @param {string} remedy Where there is a recording, the page goes on without it.
 */
export async function engineArrived(remedy = say("Check the connection; the next command tries again.")) {
  try {
    return await loadEngine();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = say("The engine could not be loaded: {why}", { why });
    throw Object.assign(new Error(message), { kind: "load", remedy: mayRun() ? remedy : NOT_ALLOWED });
  }
}

/**
 * @param {OpenConfig} config
 * @param {object} listeners
 * @param {boolean} listeners.canStandIn Whether the recording may stand in.
 * @param {() => void} listeners.onWaiting A command waits until the engine has arrived.
 * @param {(played: import("./stand-in.js").Played[]) => void} listeners.onArrived The engine has taken over from a
 *   stand-in, and answered what was played.
 * @param {(message: string) => void} listeners.onMissing It could not be loaded, and the stand-in stays.
 * @param {(task: () => void) => void} listeners.later Runs a task when the page has been drawn.
 */
export async function openSandbox(config, { canStandIn, onWaiting, onArrived, onMissing, later }) {
  if (IS_RECORDED && canStandIn && !hasEngine() && isRecorded(config)) {
    // Without the recording, there is still the engine.
    const standIn = await standInFor(config, onWaiting).catch(() => null);
    if (standIn) {
      const arrived = () => onArrived(standIn.answered);
      later(() => standIn.isClosed || standIn.arrive().then(arrived, (error) => onMissing(error.message)));
      return new Sandbox(standIn);
    }
  }
  await engineArrived(say("Check the connection, then reload the page."));
  const sandbox = await Sandbox.open(config);
  await nextTurn();
  return sandbox;
}

/**
 * @param {OpenConfig} config
 * @param {() => void} onWaiting
 */
async function standInFor(config, onWaiting) {
  const [player, response] = await Promise.all([loadPlayer(), fetched(TOUR)]);
  if (!response.ok) throw new Error(`${TOUR.pathname}: ${response.status}`);
  const recording = player.Player.read(new Uint8Array(await response.arrayBuffer()));
  return new StandIn(recording, async () => (await engineArrived()).Sandbox.open(config), onWaiting);
}
