// The files that the page fetches, by their addresses. The published site has them under names that change with what is
// in them: `xtask/src/bundle.mjs` replaces the names below, which stand there between quotes and alone.

/** @param {string} name */
const address = (name) => new URL(name, import.meta.url);

/** The engine. */
export const ENGINE = address("../lsmscope_bg.wasm");
/** What shows recorded events until the engine has arrived. */
export const PLAYER = address("../lsmscope_player_bg.wasm");
/** The first tour, recorded under the options of a first visit. */
export const TOUR = address("../tour.recording");
/** Whether there is a recording: the single file has the engine at once. */
export const IS_RECORDED = true;
