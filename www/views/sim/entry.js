// The way into the simulator: makes its state once, with what the link says, and draws it.

import { catalogOfSimulator, makeSimulation } from "../../sim/engine.js";
import { decode } from "../../sim/experiment.js";
import { createSimulator, initialSimulator } from "../../sim/simulator.js";
import { createStore } from "../../store.js";
import { html } from "../ui.js";
import { SimulatorView } from "./simulator.js";

const PLAIN = { preset: "rocksdb", spec: {}, a: {}, b: null };

/** A slice belongs to a frame; where the page is hidden there are none, and it goes on all the same. */
const later = (/** @type {() => void} */ slice) =>
  document.hidden ? setTimeout(slice, 0) : requestAnimationFrame(slice);

/** The simulator and what it describes, once it has been opened: both ask the engine. */
let made = /** @type {ReturnType<typeof make> | null} */ (null);

function make() {
  const catalog = catalogOfSimulator();
  const simulator = createSimulator(createStore(initialSimulator(decode(location.hash) ?? PLAIN)), {
    make: makeSimulation,
    now: () => performance.now(),
    later,
  });
  // A link that is opened while one is here.
  addEventListener("hashchange", () => {
    const experiment = decode(location.hash);
    if (experiment) simulator.change(experiment);
  });
  return { catalog, simulator };
}

/** What is simulated, as it is set up now. */
export const experimentNow = () => (made ??= make()).simulator.store.get().experiment;

/**
 * @param {{
 *   sharing: boolean,
 *   stopSharing: () => void,
 *   exporting: boolean,
 *   stopExporting: () => void,
 * }} props
 */
export function SimEntry(props) {
  made ??= make();
  return html`<${SimulatorView} ...${props} ...${made} />`;
}
