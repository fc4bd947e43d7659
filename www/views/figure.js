// The figure: the engine at the position as a picture, and the way from one event to the next.
//
// In: what makes a picture of a position (`paint`). Out: a canvas, with a layer of words over it. One event forward or
// back moves; anything further is shown at rest, and so is everything where motion is reduced. The key axis can be
// zoomed.

import { draw } from "../figure/canvas.js";
import { ALL, around, keyed, wheeled } from "./axis-window.js";
import { THEME_CHANGE, theme } from "../theme.js";
import { decimal, say } from "../words.js";
import { prepare, release } from "./canvas.js";
import { FigureLayer } from "./figure-layer.js";
import { useHeldFocus } from "./focus.js";
import { goToInspector } from "../inspector-focus.js";
import { tell } from "./live-region.js";
import { html, memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "./ui.js";
import { ZoomButtons } from "./zoom-buttons.js";

/** @typedef {import("../timeline.js").Figure} Figure */
/** @typedef {import("./axis-window.js").AxisWindow} AxisWindow */
/** @typedef {NonNullable<ReturnType<Figure["selectionAt"]>>} Selection */
/** @typedef {(position: number, width: number, height: number, window: AxisWindow) => Figure | null} Paint */

/** The longest that a motion takes, in milliseconds at speed 1; the rest of an event's time is for reading. */
const LONGEST = 1400;
const SHORTEST = 220;

/**
 * @typedef {object} FigureProps
 * @property {Paint} paint
 * @property {number} position
 * @property {unknown} shown What the picture is of, beside the position: another one is painted anew.
 * @property {string} label
 * @property {(position: number) => number} [seconds] How long the event that leads to a position takes, at speed 1.
 * @property {number} [speed]
 * @property {AxisWindow | null} [zoom] The window, where the page keeps it; null is all.
 * @property {(next: (now: AxisWindow | null) => AxisWindow | null) => void} [setZoom]
 * @property {(selection: Selection) => void} [pick] What a click on a part does.
 * @property {import("./figure-layer.js").Act} [act] What it does instead.
 * @property {import("./figure-layer.js").Acts} [acts] Of which parts.
 * @property {import("./figure-layer.js").Places} [places] What can be chosen.
 * @property {import("../lesson/masks.js").Masks} [masks] What is hidden.
 * @property {boolean} [isFixed] Whether it has no axis of keys that could be zoomed.
 * @property {boolean} [oneOfMany] Whether it is not the page's own: its lanes are no landmarks.
 */

/** @param {FigureProps} props */
function FigureView(props) {
  const { paint, position, shown, label, seconds, speed = 1, zoom: held, setZoom, pick, places, masks } = props;
  const { oneOfMany = false } = props;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const [own, setOwn] = useState(/** @type {AxisWindow | null} */ (null));
  const window = (setZoom ? held : own) ?? ALL;
  const size = useSize(box);
  const redrawn = useThemeChanges();
  const { figure, lanes } = useFigure(paint, position, shown, size, window);
  const last = useRef({ position, size, window });
  useLayoutEffect(() => {
    const element = canvas.current;
    return () => void (element && release(element));
  }, []);

  useLayoutEffect(() => {
    if (!canvas.current || !figure) return undefined;
    const by = position - last.current.position;
    const same = last.current.size === size && last.current.window === window;
    last.current = { position, size, window };
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const moves = seconds && same && !still && Math.abs(by) === 1;
    if (!moves) {
      frame(canvas.current, figure, 1, size);
      canvas.current.dataset.at = String(position);
      return undefined;
    }
    // Backwards, the event that led away from the position is played from its end.
    const event = by === 1 ? figure : paint(position + 1, size.width, size.height, window);
    const time = Math.min(LONGEST, Math.max(SHORTEST, seconds(position + (by === 1 ? 0 : 1)) * 600)) / speed;
    const stop = move(canvas.current, event ?? figure, by === 1, time, position, size);
    return () => {
      stop();
      if (event !== figure) event?.free();
    };
  }, [figure, redrawn]);

  const zoom = useCallback(
    (/** @type {(now: AxisWindow) => AxisWindow} */ next) =>
      (setZoom ?? setOwn)((now) => {
        const then = next(now ?? ALL);
        return then === ALL ? null : then;
      }),
    [setZoom],
  );
  const wheel = useRef(/** @type {(event: WheelEvent) => void} */ (() => {}));
  wheel.current = (event) => {
    const [x, , width] = lanes[0]?.area ?? [0, 0, 1];
    const left = box.current?.getBoundingClientRect().left ?? 0;
    if (props.isFixed) return;
    const act = wheeled(event, Math.min(1, Math.max(0, (event.clientX - left - x) / width)), width);
    if (!act) return;
    event.preventDefault();
    zoom(act);
  };
  useWheel(box, wheel);
  const act = useCallback(
    (
      /** @type {import("./figure-layer.js").Part} */ part,
      /** @type {string} */ lane,
      /** @type {boolean} */ byKey,
    ) => {
      const [x, , width] = lanes[0].area;
      const { opens } = part;
      if (opens) zoom((now) => around(now, (opens[0] - x) / width, (opens[1] - x) / width));
      else if (props.act) props.act(part, lane, byKey);
      else if (part.selection && pick) {
        if (byKey) {
          goToInspector(part.id);
          tell("inspector", inspectorSaid(part.selection));
        }
        pick(part.selection);
      }
    },
    [lanes, pick, props.act, zoom],
  );
  const acts = useCallback(
    (/** @type {import("./figure-layer.js").Part} */ part, /** @type {string} */ lane) =>
      Boolean(part.opens || (props.act ? props.acts?.(part, lane) : pick && part.selection)),
    [pick, props.act, props.acts],
  );
  const press = (/** @type {KeyboardEvent} */ event) => {
    const change = event.ctrlKey || event.metaKey || event.altKey ? undefined : keyed(event.key);
    if (!change || props.isFixed) return;
    event.preventDefault();
    event.stopPropagation();
    zoom(change);
  };
  const at = (/** @type {MouseEvent} */ event) => figure?.selectionAt(event.offsetX, event.offsetY) ?? null;
  const click = (/** @type {MouseEvent} */ event) => {
    const found = at(event);
    if (found) pick?.(found);
  };
  const point = (/** @type {MouseEvent} */ event) => {
    if (canvas.current) canvas.current.style.cursor = pick && at(event) ? "pointer" : "";
  };
  // What had the focus may be out of the window, and the buttons of the zoom are gone where there is nothing to zoom.
  useHeldFocus(box, () => box.current?.querySelector(".figure-layer [tabindex='0']"));
  const zoomedBefore = useRef(window);
  useEffect(() => {
    if (zoomedBefore.current === window) return;
    zoomedBefore.current = window;
    if (box.current?.contains(document.activeElement)) tell("zoom", zoomSaid(window));
  }, [window]);
  const groups = lanes.some((lane) => lane.parts.some((part) => part.opens));
  return html`<div class="figure-box" ref=${box} onKeyDown=${press}>
    <canvas class="figure" ref=${canvas} aria-hidden="true" onClick=${click} onPointerMove=${point}></canvas>
    <${FigureLayer}
      lanes=${lanes}
      label=${label}
      act=${act}
      acts=${acts}
      places=${places}
      masks=${masks}
      lanesAre=${oneOfMany ? "group" : "region"}
    />
    ${groups || window !== ALL ? html`<${Zoom} window=${window} go=${zoom} />` : null}
  </div>`;
}

export const FigureStage = memo(FigureView);

/**
 * The figure of a position and its words; it is freed when there is another.
 * @param {Paint} paint
 * @param {number} position
 * @param {unknown} shown
 * @param {{ width: number, height: number }} size
 * @param {AxisWindow} window
 */
function useFigure(paint, position, shown, size, window) {
  const made = useMemo(() => {
    const figure = size.width > 0 && size.height > 0 ? paint(position, size.width, size.height, window) : null;
    return { figure, lanes: figure?.listing() ?? [] };
  }, [paint, position, shown, size, window]);
  useEffect(() => () => made.figure?.free(), [made]);
  return made;
}

/**
 * The size of an element, in whole pixels; 0 until it is known.
 * @param {{ current: HTMLElement | null }} element
 */
function useSize(element) {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return undefined;
    const measure = () => {
      const [width, height] = [current.clientWidth, current.clientHeight];
      setSize((before) => (before.width === width && before.height === height ? before : { width, height }));
    };
    // It reports once at the start, when the page is laid out: to ask before would lay it out once more.
    const watcher = new ResizeObserver(measure);
    watcher.observe(current);
    return () => watcher.disconnect();
  }, []);
  return size;
}

/** How often the theme has changed. */
function useThemeChanges() {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const change = () => setChanges((n) => n + 1);
    addEventListener(THEME_CHANGE, change);
    return () => removeEventListener(THEME_CHANGE, change);
  }, []);
  return changes;
}

/**
 * Listens to the wheel so that it can be kept from scrolling.
 * @param {{ current: HTMLElement | null }} element
 * @param {{ current: (event: WheelEvent) => void }} act
 */
function useWheel(element, act) {
  useEffect(() => {
    const { current } = element;
    const turn = (/** @type {WheelEvent} */ event) => act.current(event);
    current?.addEventListener("wheel", turn, { passive: false });
    return () => current?.removeEventListener("wheel", turn);
  }, []);
}

/** @type {import("./zoom-buttons.js").ZoomNames} */
const ZOOM = {
  group: say("Zoom"),
  earlier: [say("Earlier keys"), "<"],
  later: [say("Later keys"), ">"],
  out: [say("Zoom out"), "-"],
  in: [say("Zoom in"), say("+, or Ctrl and the wheel")],
  all: [say("All keys"), "0"],
};

/** Where a press on a part leads. @param {Selection} selection */
const inspectorSaid = (selection) =>
  say("Inspector: {what}. Esc leads back to the figure.", {
    what: "file" in selection ? selection.file : selection.key,
  });

/** @param {AxisWindow} window */
const shareOf = ({ from, to }) => Math.round(1 / (to - from));

/** What of the keys is in view, for those who hear the figure. @param {AxisWindow} window */
function zoomSaid(window) {
  if (window === ALL) return ZOOM.all[0];
  const percent = (/** @type {number} */ share) => decimal(String(Number((share * 100).toPrecision(3))));
  return say("1/{share} of the keys, from {from} % to {to} % of their row", {
    share: shareOf(window),
    from: percent(window.from),
    to: percent(window.to),
  });
}

/** @param {{ window: AxisWindow, go: (next: (now: AxisWindow) => AxisWindow) => void }} props */
function Zoom({ window, go }) {
  const whole = window === ALL;
  const share = shareOf(window);
  return html`<${ZoomButtons} class="figure-zoom" names=${ZOOM} whole=${whole} go=${go}>
    ${whole ? null : html`<span>${say("1/{share} of the keys", { share })}</span>`}
  <//>`;
}

/**
 * Plays an event from its beginning, or backwards from its end.
 * @param {HTMLCanvasElement} canvas
 * @param {Figure} figure
 * @param {boolean} forwards
 * @param {number} time In milliseconds.
 * @param {number} position Where it rests then.
 * @param {{ width: number, height: number }} size
 * @returns {() => void} stops it
 */
function move(canvas, figure, forwards, time, position, size) {
  let begin = 0;
  let next = requestAnimationFrame(function step(now) {
    begin ||= now;
    const share = Math.min(1, (now - begin) / time);
    frame(canvas, figure, forwards ? share : 1 - share, size);
    if (share < 1) next = requestAnimationFrame(step);
    else canvas.dataset.at = String(position);
  });
  return () => cancelAnimationFrame(next);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Figure} figure
 * @param {number} progress
 * @param {{ width: number, height: number }} size
 */
function frame(canvas, figure, progress, size) {
  const { context } = prepare(canvas, size);
  if (!context) return;
  // The strings are complete once the frame is there.
  const records = figure.frame(progress);
  draw(context, records, figure.strings, figure.colours(theme()));
}
