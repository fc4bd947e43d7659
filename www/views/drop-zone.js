// What is seen while files are dragged over the page.

import { say } from "../words.js";
import { Icon, html } from "./ui.js";

/** @param {{ shown: boolean }} props */
export function DropZone({ shown }) {
  return shown
    ? html`<div class="drop-zone" aria-hidden="true">
        <p>
          <${Icon} name="database" />
          ${say("Drop a database's folder here, or its LOG, MANIFEST and OPTIONS files; or a saved session")}
        </p>
      </div>`
    : null;
}
