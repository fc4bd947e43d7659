// What lies over a figure: its lanes and parts as elements without a look of their own, so that they can be pointed at,
// walked over by keyboard, and heard. What a part is stands in its title.

import { html, memo, useRef, useState } from "./ui.js";

/** @typedef {import("../timeline.js").FigureLane} Lane */
/** @typedef {Lane["parts"][number]} Part */
/** @typedef {(part: Part) => void} Act */

/**
 * @param {{ lanes: Lane[], label: string, act: Act }} props
 */
function LayerView({ lanes, label, act }) {
  const layer = useRef(/** @type {HTMLElement | null} */ (null));
  const [focused, focus] = useState("");
  const parts = lanes.flatMap((lane) => lane.parts);
  // One stop of the Tab key: the part that had the focus last, or the first.
  const stop = parts.some((part) => part.id === focused) ? focused : (parts[0]?.id ?? "");
  const walk = (/** @type {KeyboardEvent} */ event) => {
    const to = /^Arrow/.test(event.key) ? neighbour(lanes, stop, event.key) : undefined;
    if (!to) return;
    // Elsewhere on the page the arrows step through time.
    event.preventDefault();
    event.stopPropagation();
    focus(to.id);
    for (const button of layer.current?.querySelectorAll("button") ?? []) {
      if (button.dataset.part === to.id) button.focus();
    }
  };
  return html`<div class="figure-layer" ref=${layer} role="group" aria-label=${label} onKeyDown=${walk}>
    ${lanes.map(
      (lane) =>
        html`<section key=${lane.id} role="region" aria-label=${lane.name}>
          <p
            class="lane-words"
            style=${place([0, lane.area[1], lane.area[0], lane.area[3]])}
            title=${`${lane.name}: ${lane.facts}. ${lane.reason}`}
          ><span>${lane.facts}</span></p>
          ${lane.parts.map(
            (part) =>
              html`<button
                key=${part.id}
                data-part=${part.id}
                class="part"
                tabindex=${part.id === stop ? 0 : -1}
                style=${place(part.area)}
                title=${part.words}
                onPointerDown=${keepFocus}
                onFocus=${() => focus(part.id)}
                onClick=${() => act(part)}
              ><span>${part.words}</span></button>`,
          )}
        </section>`,
    )}
  </div>`;
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
