// What is seen while files are dragged over the page.

import { say } from "../words.js";
import { Icon, html } from "./ui.js";

/** @param {{ shown: boolean }} props */
export function DropZone({ shown }) {
  return shown
    ? html`<div class="drop-zone" aria-hidden="true">
        <p>
          <${Icon} name="database" />
          ${say("Drop a MANIFEST here, with its OPTIONS and LOG files if you have them; or a saved session")}
        </p>
      </div>`
    : null;
}
