// The only importer of the wasm: loads the player, the engine and lessons, and guards every call into them.
//
// The player (timelines, figures, recordings) arrives first, and shows what was recorded; the engine, four times as
// large, follows. Lessons, with an engine of their own, come when one is opened.
//
// A panic is reported once, to the listener of `onPanic`; after it every guarded call throws EngineStopped, because the
// memory of a wasm instance that panicked may be inconsistent. A panic inside of a promise
// never settles it, so the wasm's own hook reports it; a trap without a panic (a full stack) calls no hook, so the page
// listens to uncaught errors as well.

import * as bindings from "../lsmscope_player.js";
import { ENGINE, LESSON, PLAYER } from "./assets.js";
import { fetched } from "./early.js";
import { EngineStopped } from "./engine-stopped.js";
import { once } from "./once.js";
import { nextTurn } from "./turns.js";
import { ofEngine, ofLessons, retellBy, say, spoken } from "./words.js";

/** @typedef {typeof import("../lsmscope.js")} Engine */
/** @typedef {typeof import("../lsmscope_player.js")} Player */
/** @typedef {typeof import("../lsmscope_lesson.js")} Lessons */

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
  if (panicked) throw new EngineStopped(say("The engine has stopped: {why}", { why: panicked }));
  try {
    return call();
  } catch (error) {
    if (!isTrap(error)) throw error;
    reportPanic(error.message);
    throw new EngineStopped(say("The engine has stopped: {why}", { why: error.message }));
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

/**
 * Loads a wasm with its bindings.
 * @template {Engine | Player | Lessons} Bindings
 * @param {Promise<Bindings>} bindings
 * @param {import("./assets.js").Wasm} wasm
 */
async function load(bindings, wasm) {
  // The wasm does not wait for its bindings.
  const [bound, source] = await Promise.all([bindings, typeof wasm === "function" ? wasm() : fetched(wasm)]);
  await bound.default({ module_or_path: source });
  await nextTurn();
  bound.on_panic(reportPanic);
  if (spoken() !== "en") {
    bound.speak(ofEngine());
    retellBy((what) => (panicked ? what : bound.retold(what)));
  }
  loaded = bound.version();
  return bound;
}

/** @type {Engine | null} */
let engineLoaded = null;
/** @type {Player | null} */
let playerLoaded = null;

/** Loads the engine, once. */
export const loadEngine = once(async () => (engineLoaded = await load(import("../lsmscope.js"), ENGINE)));

/** Loads the player, once. */
export const loadPlayer = once(async () => (playerLoaded = await load(Promise.resolve(bindings), PLAYER)));

/** Loads what reads, presents and grades lessons, once. @returns {Promise<Lessons>} */
export const loadLessons = once(async () => {
  const [lessons, sentences] = await Promise.all([load(import("../lsmscope_lesson.js"), LESSON), ofLessons()]);
  lessons.speak(sentences);
  return lessons;
});

/** Whether the engine has arrived. */
export const hasEngine = () => engineLoaded !== null;

/** The engine, which has arrived. */
export function engine() {
  if (!engineLoaded) throw new Error("the engine has not arrived yet: wait for loadEngine");
  return engineLoaded;
}

/** What both have: the painter's colours. */
export function painter() {
  return engineLoaded ?? playerLoaded ?? engine();
}

/** Which lsmscope was loaded. */
export const loadedVersion = () => loaded;

addEventListener("error", (event) => isTrap(event.error) && reportPanic(event.error.message));
addEventListener("unhandledrejection", (event) => isTrap(event.reason) && reportPanic(event.reason.message));
