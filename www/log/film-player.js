// What a person can do with the log of a database: open it, play it, look at a moment, zoom, choose a column family.
//
// In: intents, and a way to read logs. Out: changes of the state. Errors: files that are refused are the phase
// "refused", with the `problem`; what was open before stays.

import { PACES } from "../paces.js";
import { problemOf } from "../problem.js";
import { openingMoment } from "./opening-moment.js";

/** @typedef {import("./log-film.js").LogFilm} LogFilm */
/** @typedef {import("../history-files.js").LogFile} LogFile */
/** @typedef {import("../jobs.js").Range} Range */
/** @typedef {ReturnType<typeof createFilmPlayer>} FilmPlayer */

/**
 * @typedef {object} LogFiles
 * @property {string} name What they are called together.
 * @property {LogFile[]} logs In order of time.
 * @property {string} [options] The text of an OPTIONS file.
 * @property {boolean} hasDecisions Whether there is a MANIFEST whose decisions can be compared.
 */

/**
 * @typedef {object} FilmState
 * @property {"idle" | "reading" | "done" | "refused"} phase
 * @property {LogFiles | null} files What is shown.
 * @property {LogFiles | null} asked What is being read, or was refused.
 * @property {number} done Bytes of the files that are read.
 * @property {number} of
 * @property {import("../problem.js").Problem | null} problem
 * @property {LogFilm | null} film
 * @property {import("./opening-moment.js").OpeningMoment | null} opened The moment at which it was opened.
 * @property {number} now The moment, in seconds.
 * @property {number | null} pointed The one that is pointed at.
 * @property {Range | null} range The stretch of time in view; null: all of it.
 * @property {boolean} playing
 * @property {number} speed Seconds of the log in a second.
 * @property {number | null} family The column family whose jobs are shown; null: all.
 */

/** @type {FilmState} */
export const NO_FILM = {
  phase: "idle",
  files: null,
  asked: null,
  done: 0,
  of: 0,
  problem: null,
  film: null,
  opened: null,
  now: 0,
  pointed: null,
  range: null,
  playing: false,
  speed: 1,
  family: null,
};

/** The narrowest view, in seconds; a millionth of the log, if that is more. */
const LEAST = 0.001;
/** About as long as a film takes at the speed with which it begins, in seconds. */
const LENGTH = 60;

/**
 * @param {import("../store.js").Store<FilmState>} store
 * @param {object} world
 * @param {typeof import("./log-film.js").readLog} world.read
 * @param {() => number} world.now Milliseconds.
 * @param {(frame: () => void) => void} world.later Runs a frame in a while.
 */
export function createFilmPlayer(store, { read, now, later }) {
  let openings = 0;
  let plays = 0;

  /**
   * @param {LogFiles} files
   * @returns {Promise<boolean>} whether it is shown
   */
  async function open(files) {
    const before = store.get();
    const opening = (openings += 1);
    if (before.files && sameFiles(before.files, files)) {
      store.set({ phase: "done", files, asked: null, problem: null });
      return true;
    }
    pause();
    const of = files.logs.reduce((sum, { file }) => sum + file.size, 0);
    store.set({ phase: "reading", asked: files, done: 0, of, problem: null });
    try {
      const film = await read(
        files,
        (done) => store.set({ done: Math.min(done, of) }),
        () => opening === openings,
      );
      if (!film) return false;
      if (opening !== openings) {
        film.free();
        return false;
      }
      before.film?.free();
      const [speed] = PACES.find(([speed]) => film.duration / speed <= LENGTH) ?? PACES[PACES.length - 1];
      const opened = openingMoment(film);
      store.set({ ...NO_FILM, phase: "done", files, film, speed, opened, now: opened.moment });
      return true;
    } catch (error) {
      if (opening === openings) store.set({ phase: "refused", problem: problemOf(error) });
      return false;
    }
  }

  /** Stops reading; what was shown before stays. */
  function cancel() {
    openings += 1;
    const { film } = store.get();
    store.set({ phase: film ? "done" : "idle", asked: null });
  }

  /** @param {number} moment */
  function look(moment) {
    const { film } = store.get();
    if (film) store.set({ now: Math.max(0, Math.min(film.duration, moment)), pointed: null });
  }

  /** @param {number | null} moment */
  function point(moment) {
    const { film, playing } = store.get();
    if (!film || playing) return;
    store.set({ pointed: moment === null ? null : Math.max(0, Math.min(film.duration, moment)) });
  }

  /** @param {Range | null} range */
  function view(range) {
    const { film } = store.get();
    if (!film) return;
    const whole = range === null || (range.from <= 0 && range.to >= film.duration) || !(range.to > range.from);
    if (whole) return store.set({ range: null });
    const least = Math.max(LEAST, film.duration * 1e-6);
    const from = Math.max(0, Math.min(range.from, film.duration - least));
    store.set({ range: { from, to: Math.min(film.duration, Math.max(range.to, from + least)) } });
  }

  /**
   * Looks at a moment of a stretch of time, its middle by default, with some of what is around the stretch in view.
   * @param {Range | null} stretch null: all of the log
   * @param {number} [moment]
   */
  function show(stretch, moment) {
    pause();
    const { film } = store.get();
    const { from, to } = stretch ?? { from: 0, to: film?.duration ?? 0 };
    const around = Math.max((to - from) / 2, 0.5);
    view(stretch && { from: from - around, to: to + around });
    look(moment ?? (from + to) / 2);
  }

  /**
   * Looks at a moment, and brings it into view.
   * @param {number} moment
   */
  function go(moment) {
    const { range } = store.get();
    if (range && (moment < range.from || moment > range.to)) {
      const half = (range.to - range.from) / 2;
      const { duration } = /** @type {LogFilm} */ (store.get().film);
      const from = Math.max(0, Math.min(moment - half, duration - 2 * half));
      view({ from, to: from + 2 * half });
    }
    look(moment);
  }

  function toggle() {
    if (store.get().playing) pause();
    else play();
  }

  function play() {
    const { film, now: at } = store.get();
    if (!film) return;
    const mine = (plays += 1);
    if (at >= film.duration) look(0);
    store.set({ playing: true, pointed: null });
    let last = now();
    const frame = () => {
      if (mine !== plays || !store.get().playing) return;
      const time = now();
      step(((time - last) / 1000) * store.get().speed);
      last = time;
      later(frame);
    };
    later(frame);
  }

  /** @param {number} seconds of the log */
  function step(seconds) {
    const { film, now: at, range } = store.get();
    if (!film) return;
    const next = Math.min(film.duration, at + seconds);
    // What is in view goes along.
    if (range && next > range.to) view({ from: next, to: Math.min(film.duration, next + (range.to - range.from)) });
    store.set({ now: next, playing: next < film.duration });
  }

  function pause() {
    plays += 1;
    store.set({ playing: false });
  }

  /** Another database is opened: nothing of this one is kept. */
  function close() {
    openings += 1;
    plays += 1;
    store.get().film?.free();
    store.set(NO_FILM);
  }

  /** @param {number} speed */
  const pace = (speed) => store.set({ speed });

  /** @param {number | null} family */
  const choose = (family) => store.set({ family });

  return { store, open, cancel, close, look, go, point, view, show, toggle, pause, pace, choose };
}

/**
 * Whether all that is read is the same.
 * @param {LogFiles} a
 * @param {LogFiles} b
 */
const sameFiles = (a, b) =>
  a.options === b.options &&
  a.logs.length === b.logs.length &&
  a.logs.every(({ file }, at) => file === b.logs[at].file);
