// A list that may be very long: only the rows in view exist. Every row has the same height.

import { html, useLayoutEffect, useRef, useState } from "./ui.js";

/** @typedef {import("./ui.js").BoxEvent} BoxEvent */

/**
 * @param {{
 *   count: number,
 *   height: number,
 *   row: (i: number) => import("./ui.js").Children,
 *   focus: number,
 *   label: string,
 *   class?: string,
 *   prefetch?: (from: number, to: number) => void,
 * }} props
 *   `focus` is the row that is kept in view; -1 for none.
 */
export function VirtualList({ count, height, row, focus, label, class: name = "", prefetch }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [top, setTop] = useState(0);
  const [viewport, setViewport] = useState(200);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const watcher = new ResizeObserver(() => setViewport(element.clientHeight));
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || focus < 0) return;
    const y = focus * height;
    const margin = Math.min(2 * height, element.clientHeight / 3);
    if (y < element.scrollTop + margin) element.scrollTop = Math.max(0, y - margin);
    else if (y + height > element.scrollTop + element.clientHeight - margin)
      element.scrollTop = y + height + margin - element.clientHeight;
  }, [focus, count, height, viewport]);
  const from = Math.max(0, Math.floor(top / height) - 4);
  const to = Math.min(count, Math.ceil((top + viewport) / height) + 4);
  prefetch?.(from, to);
  const rows = [];
  for (let i = from; i < to; i += 1) rows.push(row(i));
  return html`<div
    class=${`virtual scroll ${name}`}
    ref=${box}
    tabindex="0"
    role="group"
    aria-label=${label}
    onScroll=${(/** @type {BoxEvent} */ e) => setTop(e.currentTarget.scrollTop)}
  >
    <div style=${`height:${count * height}px;position:relative`}>
      <div style=${`position:absolute;inset:${from * height}px 0 auto 0`}>${rows}</div>
    </div>
  </div>`;
}
