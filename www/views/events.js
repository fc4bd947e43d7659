// Every event, one a line, and runs of ticks of the clock in one; the one that has just happened is marked. A click
// goes there.

import { eventRows, tickTitle } from "../event-rows.js";
import { say } from "../words.js";
import { story } from "./story.js";
import { ByWord, html, memo, useMemo } from "./ui.js";
import { VirtualList } from "./virtual-list.js";

const ROW = 24;

/**
 * @param {{
 *   controller: import("../controller.js").Controller,
 *   position: number,
 *   length: number,
 *   ticks: import("../event-rows.js").TickRun[],
 * }} props
 */
function EventList({ controller, position, length, ticks }) {
  const list = useMemo(() => eventRows(length, ticks), [length, ticks]);
  /** @type {Map<number, import("../../lsmscope.js").EventRow>} */
  const rows = new Map();
  const prefetch = (/** @type {number} */ from, /** @type {number} */ to) => {
    // A stretch of single events at a time: what is folded is not asked for.
    let stretch = -1;
    for (let i = from; i <= to; i += 1) {
      const single = i < to && list.at(i).run === null;
      if (single && stretch < 0) stretch = i;
      if (single || stretch < 0) continue;
      const first = list.at(stretch).first;
      controller.events(first, first + i - stretch).forEach((row, at) => rows.set(first + at, row));
      stretch = -1;
    }
  };
  const row = (/** @type {number} */ i) => {
    const { first, last, run } = list.at(i);
    const data = rows.get(first);
    const now = first < position && position - 1 <= last;
    return html`<button
      key=${i}
      class=${now ? "event now" : first >= position ? "event ahead" : "event"}
      aria-current=${now ? "step" : null}
      onClick=${() => controller.seek(last + 1)}
    >
      <span>${last + 1}</span>
      <${ByWord}>${run ? tickTitle(run) : data ? story(data.event).title : ""}<//>
    </button>`;
  };
  return html`<section class="events" role="region" aria-label=${say("Events")}>
    <h2>${say("Events")}</h2>
    <${VirtualList}
      count=${list.count}
      height=${ROW}
      row=${row}
      focus=${position === 0 ? -1 : list.rowOf(position - 1)}
      label=${say("Event list")}
      prefetch=${prefetch}
    />
  </section>`;
}

export const Events = memo(EventList);
