// The only importer of the wasm: loads it, and guards every call into it.
//
// A panic is reported once, to the listener of `onPanic`; after it every guarded call throws EngineStopped, because the
// memory of a wasm instance that panicked may be inconsistent. A panic inside of a promise never settles it, so the
// wasm's own hook reports it; a trap without a panic (a full stack) calls no hook, so the page listens to uncaught
// errors as well.

import init, { on_panic, version } from "../lsmscope.js";
import { EngineStopped } from "./engine-stopped.js";

export * as wasm from "../lsmscope.js";

let panicked = "";
let loaded = "";
/** @type {(message: string) => void} */
let tellPanic = () => {};

/**
 * Sets the listener for a panic.
 * @param {(message: string) => void} listener
 */
export function onPanic(listener) {
  tellPanic = listener;
}

/** @param {string} message */
function reportPanic(message) {
  if (panicked) return;
  panicked = message;
  // The panic is still unwinding the stack of the wasm: the page is drawn when that is over.
  queueMicrotask(() => tellPanic(message));
}

/**
 * Runs `call`, unless the wasm has panicked; notices if it breaks now (a panic, or a stack or memory that is full).
 * @template T
 * @param {() => T} call
 * @returns {T}
 */
export function guarded(call) {
  if (panicked) throw new EngineStopped(`The engine has stopped: ${panicked}`);
  try {
    return call();
  } catch (error) {
    if (!isTrap(error)) throw error;
    reportPanic(error.message);
    throw new EngineStopped(`The engine has stopped: ${error.message}`);
  }
}

/**
 * Whether `error` ended the wasm in the middle of a call: a panic, a stack that is full, or an error of the page's that
 * went right through it. The engine's own errors have a `kind`.
 * @param {unknown} error
 * @returns {error is Error}
 */
function isTrap(error) {
  if (error instanceof WebAssembly.RuntimeError) return true;
  return error instanceof Error && !("kind" in error) && /\.wasm\b|wasm-function/.test(error.stack ?? "");
}

/** Loads the wasm. Call it once, before anything else. */
export async function load() {
  await init();
  on_panic(reportPanic);
  loaded = version();
  addEventListener("error", (event) => isTrap(event.error) && reportPanic(event.error.message));
  addEventListener("unhandledrejection", (event) => isTrap(event.reason) && reportPanic(event.reason.message));
}

/** Which lsmscope was loaded. */
export const loadedVersion = () => loaded;
