// The buttons of an axis that can be zoomed: of the keys of the figure, of the simulator's time.

import { pressable } from "./focus.js";
import { ALL, panned, zoomed } from "./axis-window.js";
import { Icon, html } from "./ui.js";

/** @typedef {import("./axis-window.js").AxisWindow} AxisWindow */

/**
 * @typedef {object} ZoomNames What the buttons are called, and their keys if there are any.
 * @property {string} group
 * @property {[string, string?]} earlier
 * @property {[string, string?]} later
 * @property {[string, string?]} out
 * @property {[string, string?]} in
 * @property {[string, string?]} all
 */

/**
 * @param {object} props
 * @param {string} props.class
 * @param {ZoomNames} props.names
 * @param {boolean} props.whole Whether all of the axis is in view.
 * @param {boolean} [props.off] Whether there is nothing to zoom into.
 * @param {number} [props.place] What a zoom in keeps in its place, of 1; the middle by default.
 * @param {(next: (now: AxisWindow) => AxisWindow) => void} props.go
 * @param {import("./ui.js").Children} [props.children] Before the buttons.
 */
export function ZoomButtons({ class: className, names, whole, off = false, place, go, children }) {
  const button = (
    /** @type {[string, string?]} */ [name, key],
    /** @type {string} */ icon,
    /** @type {boolean} */ disabled,
    /** @type {(now: AxisWindow) => AxisWindow} */ next,
    extra = "",
  ) =>
    html`<button
      class=${`plain ${extra}`}
      aria-label=${key ? name : null}
      title=${key ? `${name} (${key})` : name}
      ...${pressable(off || disabled, () => go(next))}
    >
      <${Icon} name=${icon} />
    </button>`;
  return html`<div class=${className} role="group" aria-label=${names.group}>
    ${children}
    ${button(names.earlier, "back", whole, (now) => panned(now, -0.5), "pan")}
    ${button(names.later, "forward", whole, (now) => panned(now, 0.5), "pan")}
    ${button(names.out, "minus", whole, (now) => zoomed(now, 2))}
    ${button(names.in, "plus", false, (now) => zoomed(now, 0.5, place))}
    ${button(names.all, "shrink", whole, () => ALL)}
  </div>`;
}
