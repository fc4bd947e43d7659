import { test } from "node:test";
import assert from "node:assert/strict";

import { NO_FILM, createFilmPlayer } from "./film-player.js";
import { createStore } from "../store.js";

/** @typedef {import("./log-film.js").LogFilm} LogFilm */

/** An empty log of `duration` seconds. */
const film = (/** @type {number} */ duration) =>
  /** @type {LogFilm} */ (
    /** @type {unknown} */ ({
      duration,
      report: { from: 0, until: duration * 1e6, findings: [], stalls: { episodes: [] } },
      free: () => freed.push(duration),
    })
  );
/** The lengths of those that were freed. @type {number[]} */
const freed = [];

const files = (/** @type {string} */ name, size = 10) => ({
  name,
  logs: [{ name, file: new File(["x".repeat(size)], name) }],
  hasDecisions: false,
});

/** A player whose clock and frames are turned by hand, and which reads the films that are given, one after another. */
function player(/** @type {(LogFilm | Error)[]} */ ...films) {
  let time = 0;
  /** @type {(() => void)[]} */
  let frames = [];
  const store = createStore(NO_FILM);
  const made = createFilmPlayer(store, {
    read: async (_files, tell, isWanted) => {
      tell(5);
      const next = films.shift();
      await null;
      if (next instanceof Error) throw next;
      return isWanted() ? (next ?? null) : null;
    },
    now: () => time,
    later: (frame) => frames.push(frame),
  });
  const pass = (/** @type {number} */ millis) => {
    time += millis;
    const due = frames;
    frames = [];
    for (const frame of due) frame();
  };
  return { ...made, pass };
}

test("a film takes a minute at most, rests at its end, and plays again from the beginning", async () => {
  const { store, open, toggle, pass } = player(film(600));
  assert.equal(await open(files("LOG")), true);
  assert.deepEqual([store.get().speed, store.get().now, store.get().opened?.why], [10, 600, "end"]);
  toggle();
  pass(2000);
  assert.equal(store.get().now, 20);
  pass(58_001);
  assert.deepEqual([store.get().now, store.get().playing], [600, false]);
  pass(1000);
  assert.equal(store.get().now, 600);
  toggle();
  pass(100);
  assert.equal(store.get().now, 1);
});

test("what is pointed at is looked at while nothing plays, and the moment that was chosen stays", async () => {
  const { store, open, look, point, toggle } = player(film(60));
  await open(files("LOG"));
  look(30);
  point(45);
  assert.deepEqual([store.get().now, store.get().pointed], [30, 45]);
  point(null);
  assert.deepEqual([store.get().now, store.get().pointed], [30, null]);
  toggle();
  point(50);
  assert.equal(store.get().pointed, null);
});

test("a stretch is shown with what is around it, within the log; while it plays, the view goes along", async () => {
  const { store, open, show, view, toggle, pass } = player(film(100));
  await open(files("LOG"));
  show({ from: 90, to: 98 });
  assert.deepEqual([store.get().range, store.get().now], [{ from: 86, to: 100 }, 94]);
  view({ from: -5, to: 120 });
  assert.equal(store.get().range, null);
  view({ from: 50, to: 50.000001 });
  assert.deepEqual(store.get().range, { from: 50, to: 50.001 }, "no narrower");
  show({ from: 10, to: 20 });
  toggle();
  // Ten seconds of the log a second.
  pass(1100);
  const { range, now } = store.get();
  assert.deepEqual([now, range], [26, { from: 26, to: 46 }]);
});

test("files that are refused say why, and the film before stays; another one frees it", async () => {
  const first = film(60);
  const { store, open } = player(first, Object.assign(new Error("no line of it"), { kind: "x", remedy: "y" }), film(5));
  await open(files("LOG"));
  assert.equal(await open(files("notes.txt")), false);
  assert.deepEqual([store.get().phase, store.get().problem?.message], ["refused", "no line of it"]);
  assert.equal(store.get().film, first);
  assert.deepEqual([store.get().files?.name, store.get().asked?.name], ["LOG", "notes.txt"]);
  await open(files("LOG.old"));
  assert.deepEqual([store.get().phase, store.get().problem, store.get().film?.duration], ["done", null, 5]);
  assert.deepEqual(freed, [60]);
});

test("reading can be cancelled, and the same files are not read again", async () => {
  const { store, open, cancel } = player(film(60), film(60));
  const same = files("LOG");
  const opening = open(same);
  assert.deepEqual([store.get().phase, store.get().done, store.get().of], ["reading", 5, 10]);
  cancel();
  assert.equal(await opening, false);
  assert.deepEqual([store.get().phase, store.get().film], ["idle", null]);
  await open(same);
  const { film: shown } = store.get();
  assert.equal(await open({ ...same, hasDecisions: true }), true);
  assert.equal(store.get().film, shown);
});
