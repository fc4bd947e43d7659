// A modal dialog with a title and a close button. Escape closes it, and the focus goes back to where it was.

import { say } from "../words.js";
import { Icon, html, useEffect, useRef } from "./ui.js";

/**
 * @param {{ title: string, close: () => void, children?: import("./ui.js").Children, wide?: boolean }} props
 */
export function Modal({ title, close, children, wide = false }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return html`<dialog
    ref=${dialog}
    class=${wide ? "wide-dialog" : null}
    aria-label=${title}
    onClose=${close}
    onClick=${(/** @type {MouseEvent} */ e) => e.target === dialog.current && close()}
  >
    <div class="dialog">
      <header>
        <h1>${title}</h1>
        <button class="plain" aria-label=${say("Close")} onClick=${close}><${Icon} name="cross" /></button>
      </header>
      ${children}
    </div>
  </dialog>`;
}
