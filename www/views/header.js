// The top bar: what runs, where it is stored, and what can be done with the whole.

import { titleSaid } from "../kept-titles.js";
import { hidesAhead } from "../ahead.js";
import { describe, promise } from "../backends.js";
import { toCommand } from "../keys.js";
import { choose } from "../language.js";
import { addressOfPart } from "../site-address.js";
import { applyTheme, theme } from "../theme.js";
import { say, sayParts } from "../words.js";
import { LanguageChoice, otherLanguages } from "./language-choice.js";
import { Popover } from "./popover.js";
import { ByWord, Icon, html } from "./ui.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {[title: string, icon: string, act: () => void, lang?: string]} Item of a menu */

/** @param {{ controller: import("../controller.js").Controller, state: State }} props */
export function Header({ controller, state }) {
  const open = (/** @type {State["dialog"]} */ dialog) => () => controller.store.set({ dialog });
  const simulating = state.room === "simulate";
  // A lesson has its own database, and its own way.
  const learning = state.room === "lesson";
  // So has the log of a real database.
  const watching = state.room === "log";
  const { history } = state.stage;
  const backend = state.phase === "open" ? state.stage.backend : null;
  return html`<header class="head">
    <h1 class="mark">lsm<b>scope</b></h1>
    <${Rooms} controller=${controller} room=${state.room} />
    ${learning ? html`<a class="button to-course" href="?lesson">${say("Course")}</a>` : null}
    ${simulating || learning || watching ? null : html`<${Crumb} state=${state} />`}
    <span class="space"></span>
    ${
      simulating || learning || watching || history
        ? null
        : html`<button
            class="pill"
            onClick=${open("backend")}
            title=${
              backend
                ? say("{promise} Click to change where the bytes are stored.", { promise: promise(backend) })
                : say("Click to change where the bytes are stored.")
            }
            aria-label=${
              backend ? say("Backend: {backend}", { backend: describe(backend) }) : say("Backend: none, no database")
            }
          >
            <${Icon} name="database" />
            <${Place} backend=${backend} />
          </button>`
    }
    ${
      simulating || learning
        ? null
        : html`<button
            class="history"
            onClick=${() => openHistory(controller)}
            title=${say("What happened in a real database, and whether ours would have decided the same")}
          >
            <${Icon} name="database" />${say("History")}
          </button>`
    }
    ${
      simulating
        ? html`<button
            class="wide"
            onClick=${open("sweep")}
            title=${say("Runs of lsmscope sweep: many sets of options, and those that no other beats")}
          >
            <${Icon} name="chart" />${say("Sweep")}
          </button>`
        : null
    }
    ${
      learning || watching
        ? null
        : html`<button
              class="wide"
              disabled=${!simulating && history !== null}
              onClick=${simulating ? () => controller.store.set({ sharing: true }) : open("share")}
            >
              <${Icon} name="share" />${say("Share")}
            </button>
            <button class="wide export" onClick=${open("export")}>
              <${Icon} name="download" />${say("Export")}
            </button>`
    }
    ${
      simulating || learning || watching
        ? null
        : html`<button
            onClick=${() => controller.prefer({ layout: state.layout === "figure" ? "panels" : "figure" })}
            title=${
              state.layout === "figure"
                ? say("Everything at once: panels around the stage")
                : say("The figure alone, everything else folded in")
            }
          >
            ${state.layout === "figure" ? say("Panels") : say("Figure")}
          </button>`
    }
    <button
      class="square theme"
      aria-label=${say("Theme")}
      title=${say("Light or dark")}
      onClick=${() => switchTheme(controller)}
    >
      <${Icon} name="theme" />
    </button>
    ${state.frame ? null : html`<${LanguageChoice} />`}
    <${More} controller=${controller} state=${state} />
    <button onClick=${open("help")}><${Icon} name="help" />${say("Help")}</button>
  </header>`;
}

/**
 * What a phone's top bar has no room for.
 * @param {{ controller: import("../controller.js").Controller, state: State }} props
 */
function More({ controller, state }) {
  const { store } = controller;
  const { room } = state;
  // The list of lessons is not the lesson.
  const others = ROOMS.filter(({ name }) => name !== room || room === "lesson");
  const items = /** @type {Item[]} */ ([
    ...others.map((to) => {
      const address = addressOf(room, to.name);
      return [to.title, to.icon, () => (address ? location.assign(address) : controller.enter(to.name))];
    }),
    ...(room === "sandbox" || room === "log" ? [[say("History"), "database", () => openHistory(controller)]] : []),
    ...(room === "simulate" ? [[say("Sweep"), "chart", () => store.set({ dialog: "sweep" })]] : []),
    ...(room === "lesson" || room === "log"
      ? []
      : [[say("Export"), "download", () => store.set({ dialog: "export" })]]),
    [theme() === "dark" ? say("Light") : say("Dark"), "theme", () => switchTheme(controller)],
    ...(state.frame ? [] : otherLanguages().map(([code, name]) => [name, "language", () => choose(code), code])),
  ]);
  const menu = (/** @type {() => void} */ close) =>
    html`<div class="more-items">
      ${items.map(
        ([title, icon, act, lang]) =>
          html`<button
            key=${title}
            lang=${lang}
            onClick=${() => {
              close();
              act();
            }}
          >
            <${Icon} name=${icon} />${title}
          </button>`,
      )}
    </div>`;
  return html`<${Popover} class="more" button="square" label=${say("More")} box=${menu}><${Icon} name="menu" /><//>`;
}

/**
 * The page's first stops for Tab: from here on to what runs the engine, or the experiment, or is to be read. A link
 * moves the address, which is the experiment's or a moment's; so it moves the focus alone.
 * @param {{ controller: import("../controller.js").Controller, state: State }} props
 */
export function SkipLinks({ controller, state }) {
  const links = skips(state);
  if (links.length === 0) return null;
  return html`<nav class="skips" aria-label=${say("To skip")}>
    ${links.map(([id, text]) => {
      const skip = (/** @type {Event} */ event) => {
        event.preventDefault();
        if (id === "command") toCommand(controller);
        else document.getElementById(id)?.focus();
      };
      return html`<a key=${id} class="skip" href=${`#${id}`} onClick=${skip}>${text}</a>`;
    })}
  </nav>`;
}

/**
 * Where there is something to skip to, by its id, and how that is called.
 * @param {State} state
 * @returns {[id: string, text: string][]}
 */
function skips({ room, lesson, course, phase, stage, frame }) {
  switch (room) {
    case "simulate":
      return [["run", say("Skip to Run")]];
    case "log":
      return [["run", say("Skip to the player")]];
    case "lesson":
      // Before an audience it is all there is.
      if (lesson?.show || (!lesson && !course)) return [];
      return [["content", course ? say("Skip to the list") : say("Skip to the text")]];
    default:
      return phase === "open" && !stage.history && !frame?.readonly
        ? [
            ["play", say("Skip to the player")],
            ["command", say("Skip to the command box")],
          ]
        : [["play", say("Skip to the player")]];
  }
}

/**
 * The rooms of the page. What is in the sandbox and in the simulator stays there.
 * @type {{ name: Exclude<State["room"], "log">, title: string, icon: string, about: string }[]}
 */
const ROOMS = [
  {
    name: "lesson",
    title: say("Course"),
    icon: "table",
    about: say("Lessons in which you say first what the engine will do"),
  },
  { name: "sandbox", title: say("Sandbox"), icon: "play", about: say("A real engine, stepped event by event") },
  {
    name: "simulate",
    title: say("Simulate"),
    icon: "chart",
    about: say("Terabytes in seconds: the same decisions on tables without bytes, under virtual time"),
  },
];

/**
 * The address that leads from one room to another; empty where the page need not be loaded anew: the course is a page
 * of its own.
 * @param {State["room"]} from
 * @param {Exclude<State["room"], "log">} to
 */
const addressOf = (from, to) => (from === "lesson" || to === "lesson" ? addressOfPart(to) : "");

/** @param {{ controller: import("../controller.js").Controller, room: State["room"] }} props */
function Rooms({ controller, room }) {
  return html`<nav class="rooms" aria-label=${say("Rooms")}>
    ${ROOMS.map(({ name, title, about }) => {
      const address = addressOf(room, name);
      const current = room === name ? "page" : null;
      return address
        ? html`<a key=${name} class="button" href=${address} aria-current=${current} title=${about}>${title}</a>`
        : html`<button key=${name} aria-current=${current} title=${about} onClick=${() => controller.enter(name)}>
            ${title}
          </button>`;
    })}
  </nav>`;
}

/**
 * Where the bytes are; where there is little room, what tells apart.
 * @param {{ backend: State["stage"]["backend"] }} props
 */
function Place({ backend }) {
  if (!backend)
    return html`<span class="wide-only">${say("no database||top bar")}</span>
      <span class="narrow-only">${say("none||no database")}</span>`;
  if (backend.kind === "memory") return describe(backend);
  return html`<span class="wide-only">${describe(backend)}</span>
    <span class="narrow-only">${backend.durability}</span>`;
}

/** @param {{ state: State }} props */
function Crumb({ state }) {
  const { queue } = state.stage;
  const queueTitle = titleSaid(state.stage.queueTitle);
  if (queueTitle && queue.length > 0) {
    const left = hidesAhead(state) ? "" : ` · ${say("{n} to go", { n: queue.length })}`;
    return html`<span class="crumb">
      <${ByWord} title=${say("Script · {title}", { title: queueTitle }) + left}>
        ${sayParts("Script · {title}", { title: html`<strong>${queueTitle}</strong>` })}${left}
      <//>
    </span>`;
  }
  return html`<span class="crumb"><${ByWord}>${say("A storage engine that you can stop at any instant")}<//></span>`;
}

/** @param {import("../controller.js").Controller} controller */
function openHistory(controller) {
  controller.store.set({ dialog: "history", historyOpening: null });
}

/** @param {import("../controller.js").Controller} controller */
function switchTheme(controller) {
  const next = theme() === "dark" ? "light" : "dark";
  applyTheme(next);
  controller.prefer({ theme: next });
}

const PANES = /** @type {const} */ ([
  ["operate", { sandbox: say("Operate"), simulate: say("Setup"), log: say("Files||a pane") }],
  ["stage", { sandbox: say("Stage"), simulate: say("Run||a pane"), log: say("Film||a pane") }],
  ["explain", { sandbox: say("Explain"), simulate: say("Summary||a pane"), log: say("Findings||a pane") }],
]);

/**
 * Where there is no room for three columns, these choose the one to see.
 * @param {{
 *   pane: State["tabs"]["pane"],
 *   controller: import("../controller.js").Controller,
 *   room: State["room"],
 * }} props
 */
export function PaneBar({ pane, controller, room }) {
  return html`<nav class="panes" aria-label=${say("Panes")}>
    ${PANES.map(
      ([name, titles]) => html`<button
        key=${name}
        aria-pressed=${pane === name ? "true" : "false"}
        onClick=${() => controller.store.setIn("tabs", { pane: name })}
      >
        ${room === "lesson" ? titles.sandbox : titles[room]}
      </button>`,
    )}
    <button class="other-room" onClick=${() => controller.enter(room === "sandbox" ? "simulate" : "sandbox")}>
      ${room === "sandbox" ? say("Simulate") : say("Sandbox")}
    </button>
  </nav>`;
}
