// What lies over a figure: its lanes and parts as elements without a look of their own, so that they can be pointed at,
// walked over by keyboard, and heard. What a part is stands in its title. A part is a button only where a press does
// something.

import { termOf } from "../glossary.js";
import { NO_MASKS } from "../lesson/masks.js";
import { say } from "../words.js";
import { MASK, MASK_SAID } from "./hidden.js";
import { TermButton } from "./term.js";
import { html, memo, useRef, useState } from "./ui.js";

/** @typedef {import("../timeline.js").FigureLane} Lane */
/** @typedef {Lane["parts"][number]} Part */
/** @typedef {(part: Part, lane: string, byKey: boolean) => void} Act `lane`: the id of its lane. */
/** @typedef {(part: Part, lane: string) => boolean} Acts Whether a press on a part does something. */
/**
 * Parts and lanes that are places to choose, by their ids, and whether they are chosen; none where nothing is asked.
 * @typedef {Map<string, boolean>} Places
 */

/** What its keys do. */
const KEYS = say("The arrow keys go from part to part; plus, minus and 0 zoom. They are in the help.");
/** How many layers there have been: each has a description of its own. */
let layers = 0;
/** @type {Places} */
const NONE = new Map();

/**
 * @param {{
 *   lanes: Lane[],
 *   label: string,
 *   act: Act,
 *   acts: Acts,
 *   places?: Places,
 *   masks?: import("../lesson/masks.js").Masks,
 *   lanesAre?: "region" | "group",
 * }} props `masks`: what is covered, and not said, until a question is answered
 */
function LayerView({ lanes: listed, label, act, acts, places = NONE, masks = NO_MASKS, lanesAre = "region" }) {
  const lanes = masks === NO_MASKS ? listed : listed.map((lane) => masked(lane, masks));
  const layer = useRef(/** @type {HTMLElement | null} */ (null));
  const [focused, focus] = useState("");
  const [keys] = useState(() => `figure-keys-${(layers += 1)}`);
  // What a lane is stands at its left end.
  const walked = lanes.map((lane) => ({ ...lane, parts: [titleOf(lane), ...lane.parts] }));
  const parts = lanes.flatMap((lane) => lane.parts);
  // One stop of the Tab key: what had the focus last, or the first part.
  const known = walked.some((lane) => lane.parts.some((part) => part.id === focused));
  const stop = known ? focused : (parts[0]?.id ?? walked[0]?.parts[0].id ?? "");
  const walk = (/** @type {KeyboardEvent} */ event) => {
    if (!/^Arrow/.test(event.key)) return;
    // Elsewhere on the page the arrows step through time: not here, nor where there is no part further on.
    event.preventDefault();
    event.stopPropagation();
    const to = neighbour(walked, stop, event.key);
    if (!to) return;
    focus(to.id);
    for (const part of /** @type {Iterable<HTMLElement>} */ (layer.current?.querySelectorAll("[data-part]") ?? [])) {
      if (part.dataset.part === to.id) part.focus();
    }
  };
  return html`<div
    class="figure-layer"
    ref=${layer}
    role="group"
    aria-label=${label}
    aria-describedby=${keys}
    aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown"
    onKeyDown=${walk}
  >
    <p id=${keys} hidden>${KEYS}</p>
    ${lanes.map((lane, at) => {
      const [title] = walked[at].parts;
      const term = termOf(lane.name) ?? termOf("level");
      return html`<section key=${lane.id} role=${lanesAre} aria-label=${lane.name}>
          <p
            class="lane-words"
            style=${place(title.area)}
            title=${`${lane.name}: ${lane.facts}. ${lane.reason}`.trim()}
          >${
            term
              ? html`<${TermButton}
                  term=${term}
                  text=${html`<span>${lane.facts}</span>`}
                  label=${title.words}
                  part=${title.id}
                  stop=${title.id === stop}
                  onFocus=${() => focus(title.id)}
                />`
              : html`<span>${lane.facts}</span>`
          }</p>
          ${
            masks.lane(lane.id)
              ? html`<div class="mask" style=${place(lane.area)} aria-hidden="true">${MASK}</div>`
              : null
          }
          ${
            masks.facts(lane.id)
              ? html`<div class="mask lane-facts" style=${place(factsOf(lane.area))} aria-hidden="true">
                ${lane.name} ${MASK}
              </div>`
              : null
          }
          ${places.has(`lane:${lane.id}`) ? html`<${LanePlace} lane=${lane} places=${places} act=${act} />` : null}
          ${lane.parts.map(
            (part) =>
              html`<${acts(part, lane.id) ? "button" : "div"}
                key=${part.id}
                data-part=${part.id}
                role=${acts(part, lane.id) ? null : "img"}
                aria-label=${acts(part, lane.id) ? null : part.words}
                class=${masks.part(part.id) ? "part mask" : "part"}
                aria-pressed=${pressed(places.get(part.id))}
                tabindex=${part.id === stop ? 0 : -1}
                style=${place(part.area)}
                title=${part.words}
                onPointerDown=${keepFocus}
                onFocus=${() => focus(part.id)}
                onClick=${(/** @type {MouseEvent} */ event) => act(part, lane.id, event.detail === 0)}
              ><span>${part.words}</span><//>`,
          )}
        </section>`;
    })}
  </div>`;
}

/** @param {boolean | undefined} chosen undefined: it cannot be chosen */
function pressed(chosen) {
  return chosen === undefined ? null : chosen ? "true" : "false";
}

/**
 * A lane as a place to choose, below its parts.
 * @param {{ lane: Lane, places: Places, act: Act }} props
 */
function LanePlace({ lane, places, act }) {
  const id = `lane:${lane.id}`;
  const { name: words, area } = lane;
  return html`<button
    data-part=${id}
    class="part"
    aria-pressed=${pressed(places.get(id))}
    tabindex="-1"
    style=${place(area)}
    title=${words}
    onPointerDown=${keepFocus}
    onClick=${() => act(/** @type {Part} */ ({ id, words, area }), lane.id, false)}
  ><span>${words}</span></button>`;
}

/**
 * A lane without what is masked.
 * @param {Lane} lane
 * @param {import("../lesson/masks.js").Masks} masks
 * @returns {Lane}
 */
function masked(lane, masks) {
  if (masks.lane(lane.id)) return { ...lane, facts: MASK_SAID, reason: "", parts: [] };
  const parts = lane.parts.map((part) =>
    masks.part(part.id) ? { ...part, words: `${lane.name}: ${MASK_SAID}` } : part,
  );
  return masks.facts(lane.id) ? { ...lane, facts: MASK_SAID, reason: "", parts } : { ...lane, parts };
}

/** The least width, in pixels, of names beside their lanes; else they stand above. */
const BESIDE = 60;
/** The height of a name above its lane. */
const ABOVE = 19;

/**
 * Where a lane's name and facts are drawn.
 * @param {Part["area"]} area
 */
function factsOf([x, y, width, height]) {
  return x >= BESIDE ? [0, y, x, height] : [x, y - ABOVE, width, ABOVE - 1];
}

/**
 * The name of a lane, as a part of it.
 * @param {Lane} lane
 */
function titleOf({ id, name, facts, area: [x, y, , height] }) {
  const area = /** @type {Part["area"]} */ ([0, y, x, height]);
  return { id: `name of ${id}`, words: `${name}: ${facts}`, area };
}

export const FigureLayer = memo(LayerView);

/**
 * A click leaves the focus where it is, so that keys go on to step through time.
 * @param {Event} event
 */
function keepFocus(event) {
  event.preventDefault();
}

/** @param {number[]} area */
function place([x, y, w, h]) {
  return `left:${x}px;top:${y}px;width:${w}px;height:${h}px`;
}

/**
 * Left and right along a lane; up and down to the next lane that has parts, to the nearest of them.
 * @param {Lane[]} lanes
 * @param {string} id
 * @param {string} key
 * @returns {Part | undefined}
 */
export function neighbour(lanes, id, key) {
  const used = lanes.filter((lane) => lane.parts.length > 0);
  const row = used.findIndex((lane) => lane.parts.some((part) => part.id === id));
  if (row < 0) return undefined;
  const { parts } = used[row];
  const at = parts.findIndex((part) => part.id === id);
  if (key === "ArrowLeft") return parts[at - 1];
  if (key === "ArrowRight") return parts[at + 1];
  const next = used[row + (key === "ArrowUp" ? -1 : 1)];
  if (!next) return undefined;
  const middle = (/** @type {Part} */ part) => part.area[0] + part.area[2] / 2;
  const from = middle(parts[at]);
  return next.parts.reduce((best, part) =>
    Math.abs(middle(part) - from) < Math.abs(middle(best) - from) ? part : best,
  );
}
