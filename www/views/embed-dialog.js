// The dialog that writes the lines for another page, beside the frame as it will be there.

import { HOSTS, embedCode, frameAddress, isElement } from "../embed-code.js";
import { siteAddress } from "../site-address.js";
import { say } from "../words.js";
import { Modal } from "./dialog.js";
import { Copied, useLink } from "./share.js";
import { html, useLayoutEffect, useMemo, useRef, useState } from "./ui.js";

/** @typedef {import("../embed-code.js").EmbedChoice} EmbedChoice */
/** @typedef {import("./ui.js").ChoiceEvent} ChoiceEvent */
/** @typedef {import("./ui.js").FieldEvent} FieldEvent */

/** @type {[EmbedChoice["controls"] | "figure", string][]} */
const SHOWN = [
  ["player", say("The stage, a field to type into, and the player")],
  ["full", say("Everything, folded in at the edges")],
  ["none", say("The stage and its sentence only")],
  ["figure", say("A figure: the last operation plays when it is seen")],
];
const hosts = HOSTS.map(({ host, title }) => [host, title]);
/** The smallest and the largest side of a frame, in pixels. */
const SIDES = [200, 4000];

/**
 * @param {{ controller: import("../controller.js").Controller, state: import("../state.js").State,
 *   close: () => void }} props
 */
export function EmbedDialog({ controller, state, close }) {
  const [choice, setChoice] = useState(
    /** @type {EmbedChoice} */ ({ host: "element", controls: "player", isFigure: false, width: 720, height: 540 }),
  );
  const change = (/** @type {Partial<EmbedChoice>} */ part) => setChoice({ ...choice, ...part });
  const all = useMemo(() => controller.branches.all(), [controller, state]);
  const withRest = hasRest(state.stage);
  const link = useLink(state, all, { withBranches: false, withRest, withTheme: false, pastOnly: false });
  const fragment = link.slice(link.indexOf("#") + 1);
  const site = siteAddress();
  const shown = choice.isFigure ? "figure" : choice.controls;
  const show = (/** @type {any} */ picked) =>
    change(picked === "figure" ? { isFigure: true } : { isFigure: false, controls: picked });
  const side = (/** @type {"width" | "height"} */ name) => html`<label key=${name}>
    ${name === "width" ? say("Width") : say("Height")}
    <input
      type="number"
      min=${SIDES[0]}
      max=${SIDES[1]}
      value=${choice[name]}
      onChange=${(/** @type {FieldEvent} */ event) => {
        const value = Math.round(Number(event.currentTarget.value));
        change({ [name]: Math.min(SIDES[1], Math.max(SIDES[0], value || choice[name])) });
      }}
    />
  </label>`;
  return html`<${Modal} title=${say("Embed this moment")} close=${close}>
    <div class="embed-choices">
      <${Choose}
        name=${say("Into")}
        of=${hosts}
        on=${choice.host}
        pick=${(/** @type {any} */ host) => change({ host })}
      />
      <${Choose} name=${say("Shows")} of=${SHOWN} on=${shown} pick=${show} />
      ${isElement(choice.host) ? null : [side("width"), side("height")]}
    </div>
    <p class="quiet">${HOSTS.find(({ host }) => host === choice.host)?.mind}</p>
    <${Copied}
      label=${say("Lines for the page")}
      text=${embedCode(site, fragment, choice)}
      button=${say("Copy the lines")}
      rows=${8}
    />
    <p class="quiet">${
      navigator.onLine
        ? say("As it will be there:")
        : say("The lines are right. Without a network, the frame is not shown here.")
    }</p>
    <${Preview}
      src=${link && navigator.onLine ? frameAddress(site, fragment, choice, { start: "now", height: "fixed" }) : ""}
      width=${choice.width}
      height=${choice.height}
    />
  <//>`;
}

/** The most of the window's height that the preview takes. */
const PREVIEW = 0.46;

/**
 * The whole frame at its true proportion: where it is larger than its room, it is scaled down.
 * @param {{ src: string, width: number, height: number }} props `src`: empty where there is none.
 */
function Preview({ src, width, height }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [room, setRoom] = useState({ width, height });
  useLayoutEffect(() => {
    const { current } = box;
    if (!current) return undefined;
    const measure = () => setRoom({ width: current.clientWidth, height: innerHeight * PREVIEW });
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(current);
    return () => watcher.disconnect();
  }, []);
  const scale = Math.min(1, room.width / width, room.height / height);
  return html`<div class="embed-preview" ref=${box}>
    ${
      src
        ? html`<div style=${{ width: `${width * scale}px`, height: `${height * scale}px` }}>
            <iframe
              title=${say("Preview of the embed")}
              src=${src}
              width=${width}
              height=${height}
              style=${{ transform: scale < 1 ? `scale(${scale})` : "" }}
              sandbox="allow-scripts"
            ></iframe>
          </div>`
        : null
    }
  </div>`;
}

/**
 * Whether a link has the lines that are still queued: of a script that is followed. One of which none has run, where
 * other lines have, is left out: a reader who plays on would meet it.
 * @param {import("../state.js").Stage} stage
 */
function hasRest({ script, queue, queued, following }) {
  return following && !(script.length > 0 && queue.length === queued.length);
}

/**
 * A choice with its name.
 * @param {{ name: string, of: [string, string][], on: string, pick: (value: string) => void }} props
 */
function Choose({ name, of, on, pick }) {
  const option = (/** @type {[string, string]} */ [value, title]) =>
    html`<option key=${value} value=${value} selected=${value === on}>${title}</option>`;
  return html`<label>
    ${name}
    <select onChange=${(/** @type {ChoiceEvent} */ event) => pick(event.currentTarget.value)}>
      ${of.map(option)}
    </select>
  </label>`;
}
