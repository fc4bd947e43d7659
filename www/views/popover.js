// A button that opens a box beside it: with a click or with the keyboard; Escape or anything outside closes it.

import { html, useLayoutEffect, useRef, useState } from "./ui.js";

/**
 * `box`: what the opened box holds; asked for only then, with what closes it. `label`: null where what stands on the
 * button names it.
 * @param {{
 *   class: string,
 *   button: string,
 *   label: string | null,
 *   title?: string,
 *   children?: import("./ui.js").Children,
 *   box: (close: () => void) => import("./ui.js").Children,
 * }} props
 */
export function Popover({ class: name, button: buttonClass, label, title = label ?? "", children, box: content }) {
  const [open, setOpen] = useState(false);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const button = useRef(/** @type {HTMLElement | null} */ (null));
  const close = () => setOpen(false);
  useDismissal(open, close, box, button);
  return html`<div class=${name} ref=${box}>
    <button
      ref=${button}
      class=${buttonClass}
      aria-label=${label === title ? null : label}
      title=${title}
      aria-expanded=${open ? "true" : "false"}
      onClick=${() => setOpen(!open)}
    >
      ${children}
    </button>
    ${open ? content(close) : null}
  </div>`;
}

/**
 * While `open`: Escape closes, with the focus back on `button` if there is one, and so does anything outside of `box`.
 * @param {boolean} open
 * @param {() => void} close
 * @param {{ current: HTMLElement | null }} box
 * @param {{ current: HTMLElement | null }} [button]
 */
export function useDismissal(open, close, box, button) {
  // Before anything else can be pressed.
  useLayoutEffect(() => {
    if (!open) return;
    const outside = (/** @type {Event} */ event) => {
      if (!box.current?.contains(/** @type {Node} */ (event.target))) close();
    };
    const escape = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close();
      button?.current?.focus();
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    document.addEventListener("keydown", escape, true);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
      document.removeEventListener("keydown", escape, true);
    };
  }, [open]);
}
