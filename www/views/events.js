// Every event, one a line; the one that has just happened is marked. A click goes there.

import { story } from "./story.js";
import { html, memo } from "./ui.js";
import { VirtualList } from "./virtual-list.js";

const ROW = 21;

/** @param {{ controller: import("../controller.js").Controller, position: number, length: number }} props */
function EventList({ controller, position, length }) {
  /** @type {Map<number, import("../../lsmscope.js").EventRow>} */
  const rows = new Map();
  const prefetch = (/** @type {number} */ from, /** @type {number} */ to) => {
    controller.events(from, to).forEach((row, i) => rows.set(from + i, row));
  };
  const row = (/** @type {number} */ i) => {
    const data = rows.get(i);
    const now = i === position - 1;
    return html`<button
      key=${i}
      class=${now ? "event now" : i >= position ? "event ahead" : "event"}
      aria-current=${now ? "step" : null}
      onClick=${() => controller.seek(i + 1)}
    >
      <span>${i + 1}</span>
      ${data ? story(data.event).title : ""}
    </button>`;
  };
  return html`<section class="events" role="region" aria-label="Events">
    <h2>Events</h2>
    <${VirtualList}
      count=${length}
      height=${ROW}
      row=${row}
      focus=${position - 1}
      label="Event list"
      prefetch=${prefetch}
    />
  </section>`;
}

export const Events = memo(EventList);
