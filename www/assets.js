// The files that the page fetches, by their addresses. The published site has them under names that change with what is
// in them: `xtask/src/bundle.mjs` replaces the names below, which stand there between quotes and alone. The single file
// fetches nothing: it has the engine's bytes.

/** @typedef {URL | (() => Uint8Array<ArrayBuffer>)} Wasm An address, or the bytes themselves. */

/** @param {string} name */
const address = (name) => new URL(name, import.meta.url);

/** The engine. @type {Wasm} */
export const ENGINE = address("../lsmscope_bg.wasm");
/** What shows recorded events until the engine has arrived. @type {Wasm} */
export const PLAYER = address("../lsmscope_player_bg.wasm");
/** Lessons, with what runs them: fetched when one is opened. @type {Wasm} */
export const LESSON = address("../lsmscope_lesson_bg.wasm");
/** The first tour, recorded under the options of a first visit. */
export const TOUR = address("../tour.recording");
/** Whether there is a recording: the single file has the engine at once. */
export const IS_RECORDED = true;
