// The page: draws it, and opens a database. It opens what the link says, else what was on the
// page before a reload, else what was open at the last visit, else a database in memory with the first script queued.

import { createAddress, themeOf } from "./address.js";
import { settingsOf } from "./frame/settings.js";
import { catalog } from "./catalog.js";
import { createController } from "./controller.js";
import { bindKeys } from "./keys.js";
import { createPlayer } from "./player.js";
import { readPrefs, writePrefs } from "./prefs.js";
import { bindDrop } from "./dropped.js";
import { later } from "./drawing.js";
import { engineArrived, openSandbox } from "./open-sandbox.js";
import { answeredAgain } from "./stand-in.js";
import { Sandbox } from "./sandbox.js";
import { NO_SESSION, createSavedSession } from "./saved-session.js";
import { SCRIPTS } from "./scripts.js";
import { isEmbed, isFramed } from "./site-address.js";
import { embedded, initialState } from "./state.js";
import { createStore } from "./store.js";
import { THEME_CHANGE, applyTheme, followPaper } from "./theme.js";
import { titleOf } from "./title.js";
import { atRest } from "./turns.js";
import { App } from "./views/app.js";
import { letters, storyAt } from "./views/story.js";
import { html } from "./views/ui.js";
import { hasEngine, loadEngine, loadedVersion, onPanic } from "./wasm.js";
import { say } from "./words.js";
import { render } from "htm/preact/standalone";

/**
 * A package for a learning platform has its query and its link in the page, since the platform makes the address; and
 * the text of a lesson that is not of the course.
 */
const { search = location.search, link = location.hash, lesson: ownLesson } = document.documentElement.dataset;
const query = new URLSearchParams(search);
/** The lesson that is asked for: its name or its address; empty for the list of all, null if none is. */
const lessonName = query.get("lesson");
/** The lesson with which the editor of lessons begins; empty for the draft, null if the editor is not asked for. */
const editName = query.get("edit");
/** Whether the address asks for the form that opens the history of a real database. */
const asksForHistory = query.has("history");
/** What the host of an embed asks for; null where this is no embed. */
const frame = isEmbed() ? settingsOf(search) : null;
const store = createStore(frame ? embedded(frame) : initialState());
/** Whether what is being opened begins with the tour, which is recorded. */
let opensFirst = false;
const isOperation = async (/** @type {string} */ line) => {
  if (!hasEngine()) onWaiting();
  await engineArrived();
  return Sandbox.isOperation(line);
};
const onArrived = (/** @type {import("./stand-in.js").Played[]} */ played) =>
  store.setIn("stage", { log: answeredAgain(store.get().stage.log, played) });
const openEngine = (/** @type {import("./sandbox.js").OpenConfig} */ config) =>
  openSandbox(config, { canStandIn: opensFirst, onWaiting, onMissing, onArrived, later: idle });
/** The film of a log, once one was asked for. @type {import("./log/film-player.js").FilmPlayer | undefined} */
let film;
const controller = createController(
  store,
  openEngine,
  async (wanted) => {
    const [{ History }] = await Promise.all([import("./history.js"), loadEngine()]);
    return History.read(wanted);
  },
  isOperation,
  {
    openLog: async (files) => {
      [{ filmPlayer: film }] = await Promise.all([import("./log/the-film.js"), loadEngine()]);
      return film.open(files);
    },
    closeLog: () => film?.close(),
    measuredStalls: () => film?.store.get().film?.measuredStalls ?? null,
  },
);
const player = createPlayer(controller, letters);
/** The way through a lesson, once one was asked for. @type {import("./lesson/lesson.js").LessonController | null} */
let lessons = null;
/** The host of a frame, once it has a lesson. @type {import("./frame/lesson-frame.js").LessonHost | null} */
let lessonHost = null;
/** The editor of a lesson, once it was asked for. @type {import("./lesson/edit/editing.js").Editing | null} */
let editing = null;
/** What a lesson, and its editor, has of the page. */
const pageOfLessons = {
  controller,
  player,
  openSandbox: openEngine,
  seconds: (/** @type {number} */ position) => controller.seconds(position, letters),
  arrived: (/** @type {import("./lesson/lesson.js").LessonController} */ way) => (lessons = way),
};
// Embeds of one page would share what a tab keeps.
const saved = frame
  ? NO_SESSION
  : createSavedSession(controller, undefined, async (text) => (await import("./export/session-file.js")).parsed(text));
const address = createAddress(controller, saved, (preset) =>
  // The recording is of a preset without changes.
  hasEngine() ? catalog.presetOptions(preset) : (store.get().shown.options ?? undefined),
);

const entitle = () => {
  const title = titleOf(store.get());
  if (document.title !== title) document.title = title;
};
entitle();
store.subscribe(entitle);
if (themeOf(search)) store.set({ theme: themeOf(search) });
applyTheme(store.get().theme);
bindKeys(controller, player);
bindDrop(
  (files) => openLessonFile(files) || saved.openFile(files) || openSweep(files) || controller.histories.open(files),
  (dropping) => dropping !== store.get().dropping && store.set({ dropping }),
  controller.histories.refuseFolder,
);
onPanic((message) => {
  player.pause();
  store.set({ phase: "panicked", problem: { kind: "panic", message, remedy: "" } });
});

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
/** Draws the page, in the place of its shell in index.html. */
function draw() {
  root.replaceChildren();
  const tools = { controller, player, saved, lessons: () => lessons, editor: () => editing };
  render(html`<${App} ...${tools} />`, root);
}
// The shell stays until there is something to see: what is in memory is open at once, a stored database may not be.
if (!isOnItsWay()) draw();
else {
  const stop = store.subscribe(() => {
    if (isOnItsWay()) return;
    stop();
    draw();
  });
}

function isOnItsWay() {
  const { phase, config, layout, room } = store.get();
  const opening = phase === "loading" || (phase === "opening" && config.backend === "memory");
  return opening && layout === "figure" && room === "sandbox";
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => dispatchEvent(new Event(THEME_CHANGE)));
followPaper();
/** On a first visit that no link began, the first view says what this is, until something is done or looked at. */
const isFirst = link === "" && !readPrefs().welcomed && !frame;
// No await at the top: a classic script has none (see `xtask/src/bundle.mjs`).
beginVisit().then(async (visit) => {
  if (editName !== null && !frame) await beginEditing(editName);
  else if (ownLesson !== undefined) await beginLesson(new File([ownLesson], "lesson.md"), visit);
  else if (lessonName !== null) await beginLesson(lessonName, visit);
  else {
    await address.begin(openFirst, visit?.fragment ?? link);
    saved.bind();
    if (frame) await meetHost(frame, visit);
    else address.bindMoment();
    if (asksForHistory) store.set({ dialog: "history", historyOpening: null });
    else if (isFirst && isUntouched()) welcome();
  }
  const { version } = document.documentElement.dataset;
  // What a lesson needs comes before what is kept, and the list asks for it when it rests.
  if (version && lessonName === "") await atRest();
  if (version) idle(() => beOffline(version));
});

/** Begins the visit of an embed whose link asks for a report. */
async function beginVisit() {
  if (!frame?.report) return null;
  // Meanwhile it can come.
  loadEngine().catch(() => {});
  const trouble = (/** @type {string} */ unreported) => store.set({ unreported });
  try {
    const visits = await import("./frame/visit.js");
    return await visits.beginVisit({ settings: frame, fragment: link, now: () => performance.now(), trouble });
  } catch (error) {
    trouble(
      say("This visit is not reported, since a part of the page could not be loaded ({error}). Reload to try again.", {
        error: String(error),
      }),
    );
    return null;
  }
}

/**
 * Has the published page kept for use without a network: last, when the engine has come.
 * @param {string} version
 */
async function beOffline(version) {
  await loadEngine().catch(() => null);
  const offline = await import("./offline.js").catch(() => null);
  // A page in a frame is its host's visit, not one of this site.
  const keeps = !frame && !isFramed();
  idle(() => offline?.useOffline({ version, keeps, onNewVersion: () => store.set({ newVersion: !frame }) }));
}

/** Says what this is, until something is done or looked at. */
function welcome() {
  store.set({ welcome: true });
  const stop = store.subscribe(() => {
    if (isUntouched()) return;
    stop();
    store.set({ welcome: false });
    writePrefs({ welcomed: true });
  });
}

/**
 * Opens a lesson in the place of what the page has else; the session of the tab stays for when the lesson is left.
 * @param {string | File} what The name of a lesson, empty for the list of all; or its file.
 * @param {import("./frame/visit.js").Visit | null} [visit]
 */
async function beginLesson(what, visit = null) {
  const { visitFile, visitLesson } = await import("./lesson/lesson-visit.js");
  const isFirst = lessonHost === null;
  if (frame) lessonHost ??= await meetHostOfLessons(frame, visit);
  const host = lessonHost;
  const carried = isFirst ? await host?.carried(link) : null;
  const page = { ...pageOfLessons, tell: host?.tell, keeps: host?.keeps, carried };
  const step = Number(query.get("step")) || undefined;
  // Who comes back goes on where they were.
  const how = { beat: step && !carried ? step - 1 : undefined, presents: query.has("present") && !frame };
  if (typeof what === "string") await visitLesson(what, page, how);
  else await visitFile(what, page);
  host?.ready(loadedVersion());
}

/**
 * Shows the rows of a sweep, if they are among the files.
 * @param {File[]} files
 */
function openSweep(files) {
  const file = files.find(({ name }) => /\.csv$/i.test(name));
  if (!file) return false;
  store.set({ dialog: "sweep", sweepFile: file });
  return true;
}

/**
 * @param {import("./frame/settings.js").FrameSettings} settings
 * @param {import("./frame/visit.js").Visit | null} visit
 */
async function meetHostOfLessons(settings, visit) {
  const { connectLesson } = await import("./frame/lesson-frame.js");
  return connectLesson({ settings, store, visit, lessons: () => lessons });
}

/**
 * Opens the editor of lessons.
 * @param {string} name The lesson to begin with.
 */
async function beginEditing(name) {
  const { visitEditor } = await import("./lesson/edit/edit-visit.js");
  editing = await visitEditor(name, pageOfLessons);
  store.set({ editing: editing !== null, lessonOpening: editing ? null : store.get().lessonOpening });
}

/** @param {File[]} files that are dropped; one that ends with .md is a lesson */
function openLessonFile(files) {
  const file = files.find(({ name }) => /\.(md|markdown)$/i.test(name));
  if (!file) return false;
  if (editing) {
    void editing.openFile(file);
    return true;
  }
  // What is on the page comes back when the lesson is left.
  if (store.get().room !== "lesson") saved.keep();
  void beginLesson(file);
  return true;
}

/**
 * @param {import("./frame/settings.js").FrameSettings} settings
 * @param {import("./frame/visit.js").Visit | null} visit
 */
async function meetHost(settings, visit) {
  const { connect } = await import("./frame/frame.js");
  const title = (/** @type {number} */ position) => storyAt(controller, position).title;
  const { fragment, load, tellMoments } = address;
  const version = loadedVersion();
  connect({ settings, controller, player, fragment, load, tellMoments, title, version, visit, isOperation });
}

/** Whether the first script waits at the end of the open. */
function isUntouched() {
  const { phase, stage, shown, playing } = store.get();
  const waits = stage.queueTitle === SCRIPTS[0].title && stage.queue.length === SCRIPTS[0].lines.length;
  return phase === "open" && waits && !playing && stage.script.length === 0 && stage.position === shown.length;
}

/** The engine follows when the page has been drawn, and nothing else is to be done. @param {() => void} task */
function idle(task) {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(task, { timeout: 1000 });
  else later(task);
}

function onWaiting() {
  const text = say("The engine is still being loaded. This runs as soon as it is there.");
  store.set({ status: { text, bad: false } });
}

/** @param {string} message */
function onMissing(message) {
  const text = say("{message}. The recorded tour can be played; any other command tries again to load the engine.", {
    message,
  });
  store.set({ status: { text, bad: true } });
}

/** Opens what was open at the last visit; at the first, a database in memory, with a script queued. */
async function openFirst() {
  const { config } = store.get();
  opensFirst = true;
  const opened = await controller.open({ preset: "teaching", ...config });
  opensFirst = false;
  const [tour] = SCRIPTS;
  if (opened && config.backend === "memory") controller.enqueue(tour.lines.join("\n"), tour.title);
}
