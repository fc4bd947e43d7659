// What a person can do with the simulator: set an experiment up, run, pause, reset, look at a moment.
//
// In: intents, and a factory of simulations. Out: changes of the simulator's state. Errors: an experiment that is
// refused or fails is the phase "failed", with its `trouble`.
//
// A simulation runs in slices, so that the page keeps 60 frames a second and a run can be paused or cancelled; its
// results are read every PAUSE milliseconds. Two simulations keep to the same virtual time.

import { say } from "../words.js";

/** @typedef {import("./experiment.js").Experiment} Experiment */
/** @typedef {import("./engine.js").Simulated} Simulated */
/** @typedef {import("./engine.js").Progress} Progress */
/** @typedef {import("./engine.js").Results} Results */
/** @typedef {import("../jobs.js").Range} Range */
/** @typedef {ReturnType<typeof createSimulator>} Simulator */

/** @typedef {{ message: string, field?: string, expected?: string }} Trouble */

/**
 * @typedef {object} SimulatorState
 * @property {Experiment} experiment
 * @property {Experiment | null} ran What the runs are of: it may have been changed since.
 * @property {"idle" | "running" | "paused" | "done" | "failed"} phase
 * @property {Results[]} results The results of each simulation so far: of one, or of two that are compared.
 * @property {number} at How far they are, in seconds of virtual time.
 * @property {number} duration
 * @property {number} speed Virtual seconds in a second; Infinity: as fast as it goes.
 * @property {number | null} cursor The moment that is looked at; null: the last.
 * @property {number | null} chosen The moment that was chosen, and is looked at where nothing is pointed at.
 * @property {Range | null} range The stretch of time in view; null: all of it.
 * @property {Trouble | null} trouble
 * @property {string} status The last thing that happened, in words.
 */

/** Milliseconds of a frame that a slice may take. */
const SLICE = 8;
/** Milliseconds between two reads of the results. */
const PAUSE = 100;
/** Simulated events that are run before the clock is asked again. */
const BATCH = 64;

/**
 * @param {import("../store.js").Store<SimulatorState>} store
 * @param {object} world
 * @param {(experiment: Experiment, side: "a" | "b") => Simulated} world.make Rejects what can not be run by throwing `{
 *   message, field, expected }`.
 * @param {() => number} world.now Milliseconds.
 * @param {(slice: () => void) => void} world.later Runs a slice in a while.
 */
export function createSimulator(store, { make, now, later }) {
  /** @type {Simulated[]} */
  let simulated = [];
  let run = 0;
  let drawn = 0;

  /** Begins a run of the experiment as it is now. */
  function begin() {
    end();
    const { experiment } = store.get();
    try {
      simulated.push(make(experiment, "a"));
      if (experiment.b) simulated.push(make(experiment, "b"));
    } catch (error) {
      end();
      const trouble = troubleOf(error);
      store.set({ phase: "failed", trouble, results: [], ran: null, status: trouble.message });
      return;
    }
    store.set({
      phase: "running",
      trouble: null,
      results: [],
      ran: experiment,
      at: 0,
      duration: 0,
      cursor: null,
      chosen: null,
      range: null,
      status: say("Running."),
    });
    drawn = 0;
    go();
  }

  /** Runs on from where it was paused. */
  function resume() {
    if (store.get().phase !== "paused") return;
    store.set({ phase: "running", status: say("Running.") });
    go();
  }

  function pause() {
    if (store.get().phase !== "running") return;
    run += 1;
    takeOver();
    store.set({ phase: "paused", status: say("Paused.") });
  }

  /** The button that runs, pauses and goes on. */
  function toggle() {
    const { phase } = store.get();
    if (phase === "running") pause();
    else if (phase === "paused") resume();
    else begin();
  }

  /** Throws away what was run. */
  function reset() {
    const status = store.get().phase === "running" ? say("Cancelled.") : say("Reset.");
    end();
    store.set({
      phase: "idle",
      trouble: null,
      results: [],
      ran: null,
      at: 0,
      duration: 0,
      cursor: null,
      chosen: null,
      range: null,
      status,
    });
  }

  function end() {
    run += 1;
    for (const simulation of simulated) simulation.free();
    simulated = [];
  }

  function go() {
    const mine = (run += 1);
    const from = { at: store.get().at, clock: now() };
    const slice = () => {
      if (mine !== run) return;
      try {
        if (advance(from)) finish();
        else later(slice);
      } catch (error) {
        fail(error);
      }
    };
    later(slice);
  }

  /**
   * One slice: the simulation that is behind runs on, until both are as far as they should be, or the slice is over.
   * @param {{ at: number, clock: number }} from
   * @returns {boolean} whether all is done
   */
  function advance(from) {
    const until = now() + SLICE;
    const { speed } = store.get();
    const target = from.at + ((now() - from.clock) / 1000) * speed;
    for (;;) {
      const behind = simulated.filter((one) => !one.progress.done).sort((a, b) => a.progress.at - b.progress.at)[0];
      if (!behind) break;
      if (behind.progress.at >= target || now() >= until) break;
      behind.run(BATCH);
    }
    const done = simulated.every((one) => one.progress.done);
    if (done || now() - drawn >= PAUSE) takeOver();
    return done;
  }

  /** Reads the results of the simulations. */
  function takeOver() {
    drawn = now();
    const at = Math.min(...simulated.map((one) => one.progress.at));
    store.set({ results: simulated.map((one) => one.results()), at, duration: simulated[0]?.progress.duration ?? 0 });
  }

  function finish() {
    run += 1;
    store.set({ phase: "done", status: say("Done.") });
  }

  /** @param {unknown} error */
  function fail(error) {
    const trouble = troubleOf(error);
    end();
    store.set({ phase: "failed", trouble, status: trouble.message });
  }

  /**
   * Changes the experiment. What was run stays in view, until it is run again.
   * @param {Partial<Experiment>} patch
   */
  function change(patch) {
    store.set({ experiment: { ...store.get().experiment, ...patch }, trouble: null });
  }

  /**
   * Looks at a moment, and stays there; null, or the end of what was run: the last.
   * @param {number | null} moment
   */
  function look(moment) {
    const { at } = store.get();
    const chosen = moment === null || moment >= at ? null : Math.max(0, moment);
    store.set({ cursor: chosen, chosen });
  }

  /**
   * Looks at a moment as long as it is pointed at; null: at the one that was chosen.
   * @param {number | null} moment
   */
  function point(moment) {
    const { at, duration, chosen } = store.get();
    store.set({ cursor: moment === null ? chosen : Math.max(0, Math.min(moment, Math.max(at, duration))) });
  }

  /** @param {Range | null} range */
  function view(range) {
    const { duration } = store.get();
    const whole = range === null || (range.from <= 0 && range.to >= duration) || !(range.to > range.from);
    store.set({ range: whole ? null : { from: Math.max(0, range.from), to: Math.min(duration, range.to) } });
  }

  /** @param {number} speed */
  function pace(speed) {
    store.set({ speed });
    // The pace holds from here on.
    if (store.get().phase === "running") {
      takeOver();
      go();
    }
  }

  return { store, begin, resume, pause, toggle, reset, change, look, point, view, pace };
}

/**
 * @param {Experiment} experiment
 * @returns {SimulatorState}
 */
export function initialSimulator(experiment) {
  return {
    experiment,
    ran: null,
    phase: "idle",
    results: [],
    at: 0,
    duration: 0,
    speed: Number.POSITIVE_INFINITY,
    cursor: null,
    chosen: null,
    range: null,
    trouble: null,
    status: "",
  };
}

/**
 * @param {unknown} error
 * @returns {Trouble}
 */
function troubleOf(error) {
  const e = /** @type {Partial<import("../../lsmscope.js").LsmError> | null | undefined} */ (error);
  return { message: e?.message ?? String(error), field: e?.field, expected: e?.expected };
}
