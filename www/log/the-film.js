// The one film of the page: it stays when its room is left.

import { createStore } from "../store.js";
import { NO_FILM, createFilmPlayer } from "./film-player.js";
import { readLog } from "./log-film.js";

export const filmPlayer = createFilmPlayer(createStore(NO_FILM), {
  read: readLog,
  now: () => performance.now(),
  later: requestAnimationFrame,
});
