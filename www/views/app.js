// The page as a whole: where each view stands, and the dialogs above them. The player comes first, so that Tab reaches
// Play before the dozens of controls beside the stage; the grid of base.css has it at the bottom.

import { Modal } from "./dialog.js";
import { Header, PaneBar, SkipLinks } from "./header.js";
import { Opening, Panicked, Refused, Troubled, Unreported } from "./trouble.js";
import { FirstView } from "./first-view.js";
import { NewVersion } from "./new-version.js";
import { DropZone } from "./drop-zone.js";
import { LiveRegion, useEventsTold } from "./live-region.js";
import { eventSaid } from "./story.js";
import { Tabs } from "./tabs.js";
import { Scrubber } from "./scrubber.js";
import { createAhead, hidesAhead } from "../ahead.js";
import { createDrawing, later } from "../drawing.js";
import { foldIn } from "../folds.js";
import { masksNow } from "../lesson/masks.js";
import { restOfStyles } from "../sheets.js";
import { loadEngine } from "../wasm.js";
import { say } from "../words.js";
import { lazy, withEngine } from "./lazy.js";
import { html, useLayoutEffect, useRef, useState } from "./ui.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../controller.js").Controller} Controller */
/**
 * @typedef {object} Tools
 * @property {Controller} controller
 * @property {ReturnType<typeof import("../player.js").createPlayer>} player
 * @property {import("../saved-session.js").SavedSession} saved
 * @property {() => import("../lesson/lesson.js").LessonController | null} lessons
 * @property {() => import("../lesson/edit/editing.js").Editing | null} editor
 */

// The first view needs none of these.
const BackendDialog = lazy(say("the form"), async () => (await import("./backend.js")).BackendDialog);
const Charts = lazy(say("the charts"), async () => (await import("./charts.js")).Charts);
const Controls = lazy(say("the controls"), async () => (await import("./controls.js")).Controls);
const Explain = lazy(say("the reasons"), async () => (await import("./explain.js")).Explain);
const ExportDialog = lazy(say("the export"), async (/** @type {Tools} */ { controller }) => {
  // A recording that stands in for the engine is not exported.
  await controller.current()?.arrived();
  return (await import("./export/export-dialog.js")).SandboxExport;
});
const HelpDialog = lazy(say("the help"), async () => {
  // The commands are the engine's; help opens without them where it did not load.
  await loadEngine().catch(() => null);
  return (await import("./help.js")).HelpDialog;
});
const HistoryBar = lazy(say("the history"), async () => (await import("./history.js")).HistoryBar);
const HistoryDialog = lazy(say("the form"), async () => (await import("./history.js")).HistoryDialog);
const WhatIfDialog = lazy(say("the form"), async () => (await import("./what-if.js")).WhatIfDialog);
const HistoryPanel = lazy(say("the history"), async () => (await import("./history.js")).HistoryPanel);
const Inspector = lazy(say("the inspector"), async (/** @type {Tools} */ { controller }) => {
  // A recording has neither the bytes of files nor the lives of keys.
  await controller.current()?.arrived();
  return (await import("./inspector.js")).Inspector;
});
const LogRoom = room(
  say("the log"),
  withEngine(async () => (await import("./log/log-room.js")).LogRoom),
);
const Lesson = room(say("the lesson"), async () => (await import("./lesson/room.js")).LessonRoom);
const Course = room(say("the course"), async () => (await import("./lesson/course.js")).CourseList);
const PlugDialog = lazy(say("the form"), async () => (await import("./plug.js")).PlugDialog);
const ScriptDialog = lazy(say("the script"), async () => (await import("./queue.js")).ScriptDialog);
// A link has the options that differ from the preset's, which the engine knows.
const ShareDialog = lazy(
  say("the link"),
  withEngine(async () => (await import("./share.js")).ShareDialog),
);
const SweepDialog = room(say("the sweep"), async () => (await import("./sweep/sweep-dialog.js")).SweepDialog);
const EmbedDialog = lazy(say("the embed"), async () => (await import("./embed-dialog.js")).EmbedDialog);
const SimEntry = room(
  say("the simulator"),
  withEngine(async () => (await import("./sim/entry.js")).SimEntry),
);
const Edit = room(say("the editor"), async () => (await import("./lesson/edit/room.js")).EditRoom);
const NoLesson = room(say("the lesson"), async () => (await import("./lesson/no-lesson.js")).NoLesson);
const Stage = lazy(say("the stage"), async () => (await import("./stage.js")).Stage);

/**
 * A view with styles that no first view needs.
 * @param {string} what
 * @param {Parameters<typeof lazy>[1]} load
 */
function room(what, load) {
  return lazy(what, async (props) => (await Promise.all([load(props), restOfStyles()]))[0]);
}

/** The hint of first steps, which covers levels, is not shown on a timeline of more events than this. */
const FIRST = 600;

/**
 * Draws again whenever the state has changed.
 * @param {Tools} tools
 */
export function App(tools) {
  const { store } = tools.controller;
  const [whole, draw] = useState(store.get());
  const [ahead] = useState(createAhead);
  const figure = useRef(/** @type {ReturnType<typeof html> | null} */ (null));
  useLayoutEffect(() => {
    // What changed between the first drawing and this subscription.
    draw(store.get());
    return store.subscribe(createDrawing({ draw: () => draw(store.get()), busy: () => store.get().busy, later }));
  }, [store]);
  if (whole.phase === "panicked") return html`<${Panicked} controller=${tools.controller} state=${whole} />`;
  const state = ahead(whole);
  const { stage, shown, tabs, layout, unfolded } = state;
  const left = stage.history
    ? html`<${HistoryPanel} controller=${tools.controller} state=${state} />`
    : html`<${Controls} ...${tools} state=${state} />`;
  const controls = state.frame?.controls ?? "full";
  const charts = layout === "panels" || unfolded.includes("charts");
  // An embed has one strip, which can be opened.
  const line = !charts && state.frame !== null;
  // The simulator and a log have one layout, of panels.
  const around = state.room === "simulate" || state.room === "log" ? "panels" : layout;
  if (layout === "figure" && state.phase === "open" && state.room !== "lesson")
    figure.current = html`<${FirstView}
      ...${tools}
      state=${state}
      left=${left}
      right=${html`<${Right} ...${tools} state=${state} />`}
    />`;
  // While another link opens in an embed, its figure stays: to make it anew would take time, and memory.
  else if (layout !== "figure" || state.phase !== "opening" || !state.frame) figure.current = null;
  return html`<div
    class="app"
    data-layout=${around}
    data-room=${state.room}
    data-pane=${around === "figure" ? null : tabs.pane}
    data-history=${stage.history ? "" : null}
    data-frame=${state.frame?.controls ?? null}
    data-wide=${state.wide && tabs.right === "inspect" ? "" : null}
  >
    ${controls === "none" || state.editing ? null : html`<${SkipLinks} ...${tools} state=${state} />`}
    ${
      controls === "none" || state.room === "lesson"
        ? null
        : html`<footer class="foot">
      <${Scrubber} ...${tools} state=${state} />
      ${
        charts || line
          ? html`<${Charts}
              view=${shown.view}
              openings=${shown.openings}
              samples=${shown.samples}
              length=${shown.length}
              position=${stage.position}
              shown=${state.charts}
              by=${state.chartAxis}
              controller=${tools.controller}
              history=${stage.history !== null}
              line=${line}
            />`
          : null
      }
    </footer>`
    }
    ${controls === "full" ? html`<${Header} ...${tools} state=${state} />` : null}
    <div class="notices">
      ${state.newVersion ? html`<${NewVersion} store=${tools.controller.store} />` : null}
      <${Troubled} controller=${tools.controller} state=${state} />
      <${Unreported} controller=${tools.controller} text=${state.unreported} />
    </div>
    ${
      state.room === "lesson"
        ? html`<${LessonEntry} ...${tools} state=${state} />`
        : (figure.current ??
          html`<main class="main">
            ${layout === "panels" ? left : null}
            <${Centre} ...${tools} state=${state} />
            ${layout === "panels" ? html`<${Right} ...${tools} state=${state} />` : null}
          </main>`)
    }
    <${SimulatorRoom} store=${store} state=${state} />
    ${state.room === "log" ? html`<${LogRoom} controller=${tools.controller} />` : null}
    <${PaneBar} pane=${tabs.pane} controller=${tools.controller} room=${state.room} />
    <${EventsTold} state=${state} />
    <${LiveRegion} />
    <${Dialog} ...${tools} state=${state} />
    <${DropZone} shown=${state.dropping} />
  </div>`;
}

/** Whether a lesson asks for what the sentence of the event tells. @param {State} state */
const isMasked = ({ room, lesson }) => room === "lesson" && lesson !== null && masksNow(lesson).story;

/**
 * The simulator: its state stays when it is left.
 * @param {{ store: Controller["store"], state: State }} props
 */
function SimulatorRoom({ store, state }) {
  if (state.room !== "simulate" || state.phase === "loading") return null;
  return html`<${SimEntry}
    sharing=${state.sharing}
    stopSharing=${() => store.set({ sharing: false })}
    exporting=${state.dialog === "export"}
    stopExporting=${() => store.set({ dialog: "" })}
  />`;
}

/** A lesson, the list of them, or why there is none. @param {Tools & { state: State }} tools */
function LessonEntry(tools) {
  const { lesson, lessonOpening, course, editing } = tools.state;
  if (editing) return html`<${Edit} ...${tools} editing=${tools.editor()} />`;
  if (course) return html`<${Course} course=${course} />`;
  if (!lesson) return html`<${NoLesson} opening=${lessonOpening} />`;
  return html`<${Lesson} ...${tools} lesson=${lesson} lessons=${tools.lessons()} />`;
}

/** @param {Tools & { state: State }} props */
function Centre({ controller, player, state }) {
  if (state.phase === "refused") return html`<${Refused} controller=${controller} state=${state} />`;
  if (state.phase === "opening")
    return html`<${Opening} controller=${controller} stored=${state.config.backend === "indexeddb"} />`;
  const { history, position } = state.stage;
  const { view, lanes, options, length, trouble } = state.shown;
  const stage = html`<${Stage}
    controller=${controller}
    view=${view}
    lanes=${lanes}
    options=${options}
    hint=${state.hint && !trouble && !history && length < FIRST}
    done=${state.hintsDone}
    busy=${state.busy}
    atEnd=${!state.shown.ahead && position >= length - 1}
    speed=${player.speed()}
    zoom=${state.zoom}
  />`;
  return history
    ? html`<div class="history-stage"><${HistoryBar} controller=${controller} state=${state} />${stage}</div>`
    : stage;
}

/** @param {Tools & { state: State }} props */
function Right({ controller, state }) {
  const { stage, shown, tabs } = state;
  const inspecting = tabs.right === "inspect";
  return html`<aside class="side right" aria-label=${say("Explanations")}>
    <${Explain}
      view=${shown.view}
      controller=${controller}
      length=${shown.length}
      ticks=${shown.tickRuns}
      events=${!inspecting}
      whose=${whose(controller, state)}
    >
      <${Tabs}
        label=${say("Explanations")}
        tabs=${[
          ["explain", say("Why & events")],
          ["inspect", say("Inspector")],
        ]}
        on=${tabs.right}
        pick=${(/** @type {State["tabs"]["right"]} */ right) => controller.store.setIn("tabs", { right })}
        close=${state.layout === "figure" ? () => foldIn(controller, "right") : null}
      />
      ${
        inspecting
          ? html`<${Inspector}
              controller=${controller}
              selection=${stage.selection}
              position=${stage.position}
              wide=${state.wide}
              view=${shown.view}
              isHistory=${stage.history !== null}
            />`
          : null
      }
    <//>
  </aside>`;
}

/**
 * Whose reasons Why shows, for a history: it has the real database's decisions, but no reasons for them.
 * @param {Tools["controller"]} controller
 * @param {State} state
 */
function whose(controller, { stage, shown }) {
  if (!stage.history || !shown.view?.job?.compaction) return "";
  const { difference } = controller.histories.at(stage.position);
  if (!difference) return "";
  return difference.ours
    ? say("RocksDB did otherwise: this is what ours would have done, and why.")
    : say("RocksDB did this, where ours has nothing to compact: these are its scores.");
}

/** Says what has happened, where the sentence is not what a lesson asks. @param {{ state: State }} props */
function EventsTold({ state }) {
  const { shown, playing, busy, room, lesson } = state;
  // What is in view has a sandbox's events, or a lesson's.
  const view = isMasked(state) || room === "log" || room === "simulate" ? null : shown.view;
  const phase = room === "lesson" ? lesson?.phase : null;
  // Lines run to their end before they are played from their beginning.
  const isShown = lesson?.show?.isRunning ?? false;
  const runs = phase === "preparing" || ((phase === "running" || isShown) && !playing);
  // What leads up to a question plays while the question is read.
  const asks = phase === "asking" && lesson !== null && lesson.steps[lesson.step]?.questions.length > 0;
  useEventsTold({
    source: "events",
    text: view ? eventSaid(view, hidesAhead(state)) : "",
    event: view?.now,
    playing,
    waits: busy || runs || phase === "reading",
    isUnasked: asks && playing && state.playsTo !== null,
  });
  return null;
}

/** Dialogs that tell the whole script. */
const TELLING = ["script", "share", "embed", "export"];

/** @param {{ controller: Controller }} props */
function Hiding({ controller }) {
  const close = () => controller.store.set({ dialog: "" });
  return html`<${Modal} title=${say("What is ahead is hidden")} close=${close}>
    <p class="quiet">${say("This would tell all commands, also those that are still to come.")}</p>
    <div class="actions">
      <button onClick=${close}>${say("Cancel")}</button>
      <button class="primary" onClick=${() => controller.hideAhead(false)}>${say("Show what is ahead")}</button>
    </div>
  <//>`;
}

/** @param {Tools & { state: State }} props */
function Dialog({ controller, player, saved, state }) {
  const close = () => controller.store.set({ dialog: "" });
  // The simulator has its own.
  if (state.room === "simulate" && state.dialog === "export") return null;
  if (hidesAhead(state) && TELLING.includes(state.dialog)) return html`<${Hiding} controller=${controller} />`;
  switch (state.dialog) {
    case "help":
      return html`<${HelpDialog}
        close=${close}
        room=${state.room}
        editing=${state.editing}
        letterKeys=${state.letterKeys}
        prefer=${controller.prefer}
      />`;
    case "script":
      return html`<${ScriptDialog} controller=${controller} queue=${state.stage.queue} close=${close} />`;
    case "plug":
      return html`<${PlugDialog} controller=${controller} state=${state} close=${close} />`;
    case "backend":
      return html`<${BackendDialog}
        controller=${controller}
        config=${state.config}
        backend=${state.stage.backend}
        close=${close}
      />`;
    case "embed":
      return html`<${EmbedDialog} controller=${controller} state=${state} close=${close} />`;
    case "share":
      return html`<${ShareDialog} controller=${controller} state=${state} close=${close} />`;
    case "history":
      return html`<${HistoryDialog} controller=${controller} state=${state} close=${close} />`;
    case "what-if":
      return html`<${WhatIfDialog} controller=${controller} state=${state} close=${close} />`;
    case "sweep":
      return html`<${SweepDialog}
        file=${state.sweepFile}
        simulating=${state.room === "simulate"}
        close=${() => controller.store.set({ dialog: "", sweepFile: null })}
      />`;
    case "export":
      return html`<${ExportDialog}
        controller=${controller}
        player=${player}
        saved=${saved}
        state=${state}
        close=${close}
      />`;
    default:
      return null;
  }
}
