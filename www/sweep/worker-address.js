// Where the worker is that runs simulations of a sweep. The published site has it under a name that changes with what
// is in it; the single file has none (`xtask/src/bundle.mjs`).

/** @type {URL | null} */
export const SWEEP_WORKER = new URL("./sweep-worker.js", import.meta.url);
