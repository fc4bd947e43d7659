// A figure with a database of its own: it plays when it is first seen, but not while the page is gone through by
// keyboard; it halts where its author wants it, stays at its end, and can be scrubbed or played again. To those who
// hear the page, one figure at a time tells: the one that has the focus, or was asked to play last. On paper it is at
// its end, also if it has not been seen. Where it follows a key, the steps of the key's way are below it; a press leads
// to one.

import { WORDS } from "./words.js";
import { lines as linesOf } from "../../command-lines.js";
import { FigureStage } from "../figure.js";
import { useHeldFocus } from "../focus.js";
import { lifeText } from "../key-life.js";
import { Told } from "../prose.js";
import { Meters } from "./meters.js";
import { MOST_ROWS, TableList } from "./table-list.js";
import { tell, useEventsTold } from "../live-region.js";
import { before, eventSaid, letters, story } from "../story.js";
import { atRest } from "../../turns.js";
import { Icon, html, useCallback, useEffect, useMemo, useRef, useState } from "../ui.js";

/** @typedef {import("../../lesson/own-stage.js").OwnStage} OwnStage */
/**
 * @typedef {{
 *   opening: { preset: string, options: Record<string, string> },
 *   lines: string[],
 *   from?: string | null,
 *   to?: string | null,
 *   via?: string[],
 *   key?: string | null,
 * }} Wanted
 */
/** @typedef {(wanted: Wanted) => Promise<OwnStage>} StageOf */

/** How many figures there have been. */
let figures = 0;
/** The figure that tells: the last one that had the focus, or was asked to play. */
let telling = "";

/** How much faster than beside a lesson's text: there is nothing to answer. */
const SPEED = 2;

/**
 * @param {{
 *   stageOf: StageOf,
 *   wanted: Wanted,
 *   title?: import("../ui.js").Children,
 *   name?: string,
 *   caption?: import("../ui.js").Children,
 *   changes?: boolean,
 *   show?: string[],
 *   about?: string,
 * }} props `name`: its title in words, where another plays beside it; `show`: what stands below it: `meters`, `tables`;
 *   `about`: its caption in words
 */
export function OwnFigure({
  stageOf,
  wanted: given,
  title = null,
  name = "",
  caption = null,
  changes = false,
  show = [],
  about = "",
}) {
  // What a reader runs in its place is shown from its first event to its last.
  const [own, setOwn] = useState(/** @type {string[] | null} */ (null));
  const wanted = useMemo(() => (own ? { opening: given.opening, lines: own } : given), [given, own]);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const isNear = useSeen(box, "300px", 0);
  const isIdle = useIdle();
  const isSeen = useSeen(box, "0px", 0.6);
  const isAtRest = useRest();
  const { stage, failure } = useStage(stageOf, wanted, isNear || isIdle);
  const [position, setPosition] = useState(0);
  const [playing, setPlaying] = useState(false);
  const isStarted = useRef(false);
  const [source] = useState(() => `figure ${(figures += 1)}`);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  useEffect(() => {
    if (!stage) return;
    setPosition(still ? stage.to : stage.from);
    if (!own || still) return;
    isStarted.current = true;
    setPlaying(true);
  }, [stage]);
  useEffect(() => {
    if (!stage || !isSeen || !isAtRest || isStarted.current || still || isByKeyboard()) return;
    isStarted.current = true;
    setPlaying(true);
  }, [stage, isSeen, isAtRest]);
  const seconds = useCallback((/** @type {number} */ at) => stage?.seconds(at, letters) ?? 0, [stage]);
  useEffect(() => {
    if (!stage || !playing) return undefined;
    if (position >= stage.to) return void setPlaying(false);
    const wait = position === stage.from ? 300 : (seconds(position) * 1000) / SPEED;
    const timer = setTimeout(() => {
      setPosition(position + 1);
      if (stage.halts.includes(position + 1)) setPlaying(false);
    }, wait);
    return () => clearTimeout(timer);
  }, [stage, playing, position]);
  useEffect(() => {
    if (!stage) return undefined;
    const atEnd = () => {
      isStarted.current = true;
      setPlaying(false);
      setPosition(stage.to);
    };
    addEventListener("beforeprint", atEnd);
    return () => removeEventListener("beforeprint", atEnd);
  }, [stage]);
  /** From now on it tells, and says first which one it is. */
  const ask = () => {
    isStarted.current = true;
    if (about) tell("figure", about, { once: true });
    telling = source;
  };
  const toggle = () => {
    if (!stage) return;
    ask();
    if (!playing && position >= stage.to) setPosition(stage.from);
    setPlaying(!playing);
  };
  const goTo = (/** @type {number} */ to) => {
    ask();
    setPlaying(false);
    setPosition(to);
  };
  const step = (/** @type {KeyboardEvent} */ event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    // The slider has these keys already.
    if (!by || !stage || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    goTo(Math.min(stage.to, Math.max(stage.from, position + by)));
  };
  const runOwn = (/** @type {string[] | null} */ lines) => {
    ask();
    tell("run", WORDS.runs);
    setOwn(lines);
  };
  const isHalfway = stage && position > stage.from && position < stage.to;
  const press = playing ? WORDS.pause : isHalfway ? WORDS.play : WORDS.playFigure;
  const event = stage?.eventAt(position) ?? null;
  const told = event ? story(event) : before(0);
  useEventsTold({
    source,
    text: stage && event ? said(stage, position, event, name) : "",
    event,
    playing,
    // What has not been played or gone through has its sentence below it.
    waits: !isStarted.current,
    isUnasked: telling !== source,
  });
  return html`<figure class="own-figure" ref=${box} onFocusCapture=${() => (telling = source)}>
    ${title ? html`<figcaption class="figure-title">${title}</figcaption>` : null}
    <div class="own-stage">
      ${
        stage && position > 0
          ? html`<${FigureStage}
              paint=${stage.paint}
              position=${position}
              shown=${stage}
              label=${WORDS.stage(position - stage.from, told.title)}
              seconds=${seconds}
              speed=${SPEED}
              oneOfMany
            />`
          : null
      }
    </div>
    ${stage && show.length > 0 ? html`<${Numbers} stage=${stage} position=${position} show=${show} />` : null}
    ${failure ? html`<p class="error" role="alert">${WORDS.figureFailed(failure)}</p>` : null}
    <p class="own-sentence">${stage ? html`<${Told} told=${told} />` : null}</p>
    <div class="stage-bar" onKeyDown=${step}>
      <button
        class="square"
        aria-label=${press}
        disabled=${!stage}
        onClick=${toggle}
      >
        <${Icon} name=${playing ? "pause" : "play"} />
      </button>
      <input
        type="range"
        aria-label=${WORDS.position}
        aria-valuetext=${stage ? WORDS.eventOf(position - stage.from, stage.to - stage.from) : null}
        min=${stage?.from ?? 0}
        max=${stage?.to ?? 1}
        value=${position}
        disabled=${!stage}
        onInput=${(/** @type {import("../ui.js").FieldEvent} */ e) => goTo(e.currentTarget.valueAsNumber)}
      />
    </div>
    ${
      stage && stage.way.length > 0 && wanted.key
        ? html`<${Way} name=${wanted.key} stage=${stage} position=${position} goTo=${goTo} />`
        : null
    }
    ${caption ? html`<figcaption>${caption}</figcaption>` : null}
    ${changes ? html`<${Change} lines=${wanted.lines} run=${runOwn} isChanged=${own !== null} />` : null}
  </figure>`;
}

/**
 * An event of a figure, for those who hear the page.
 * @param {OwnStage} stage
 * @param {number} position
 * @param {import("../../timeline.js").Event} now
 * @param {string} name
 */
function said({ from, to }, position, now, name) {
  const told = eventSaid({ now, position: position - from, length: to - from, start: 0 });
  return name ? `${name}: ${told}` : told;
}

/**
 * The way of a key. What happened before the figure begins is said only.
 * @param {{ name: string, stage: OwnStage, position: number, goTo: (position: number) => void }} props
 */
function Way({ name, stage, position, goTo }) {
  const last = stage.way.filter((step) => step.position <= position).at(-1);
  return html`<div class="life-box way">
    <p class="kicker">${WORDS.life(name)}</p>
    <ol>
      ${stage.way.map(
        (at, which) =>
          html`<li key=${which} aria-current=${at === last ? "step" : null}>
            ${
              at.position < stage.from
                ? lifeText(at.step)
                : html`<button type="button" class="link" onClick=${() => goTo(at.position)}>
                    ${lifeText(at.step)}
                  </button>`
            }
          </li>`,
      )}
    </ol>
  </div>`;
}

/**
 * The numbers of a figure at a position.
 * @param {{ stage: OwnStage, position: number, show: string[] }} props
 */
function Numbers({ stage, position, show }) {
  const view = useMemo(() => stage.viewAt(position), [stage, position]);
  if (!view) return null;
  const count = view.levels.reduce((sum, level) => sum + level.count, 0);
  return html`
    ${show.includes("meters") ? html`<${Meters} view=${view} />` : null}
    ${show.includes("tables") ? html`<${TableList} tables=${stage.tables(MOST_ROWS)} count=${count} />` : null}
  `;
}

/** The most commands that a reader runs in a figure. */
const MAX_LINES = 200;

/**
 * The commands of a figure, to be changed and run.
 * @param {{ lines: string[], run: (lines: string[] | null) => void, isChanged: boolean }} props
 */
function Change({ lines, run, isChanged }) {
  const [text, setText] = useState(lines.join("\n"));
  const box = useRef(/** @type {HTMLDetailsElement | null} */ (null));
  // The way back is gone once it was taken.
  useHeldFocus(box, () => box.current?.querySelector("textarea"));
  const submit = () => run(linesOf(text).slice(0, MAX_LINES));
  const reset = () => {
    run(null);
    setText(lines.join("\n"));
  };
  return html`<details class="change" ref=${box}>
    <summary>${WORDS.change}</summary>
    <div>
      <textarea
        aria-label=${WORDS.lines}
        rows=${Math.min(10, Math.max(3, lines.length))}
        spellcheck=${false}
        value=${text}
        onInput=${(/** @type {import("../ui.js").AreaEvent} */ e) => setText(e.currentTarget.value)}
      ></textarea>
      <p class="lesson-acts">
        <button class="primary" onClick=${submit}>${WORDS.run}</button>
        ${isChanged ? html`<button type="button" onClick=${reset}>${WORDS.asItWas}</button>` : null}
      </p>
    </div>
  </details>`;
}

/**
 * The database of a figure, once it is near; closed when the figure goes.
 * @param {StageOf} stageOf
 * @param {Wanted} wanted
 * @param {boolean} isNear
 */
function useStage(stageOf, wanted, isNear) {
  const [stage, setStage] = useState(/** @type {OwnStage | null} */ (null));
  const [failure, setFailure] = useState("");
  const name = useMemo(() => JSON.stringify(wanted), [wanted]);
  useEffect(() => {
    if (!isNear) return undefined;
    let gone = false;
    /** @type {OwnStage | null} */
    let open = null;
    stageOf(wanted).then(
      (found) => {
        open = found;
        if (gone) found.close();
        else setStage(found);
      },
      (error) => gone || setFailure(error?.message ?? String(error)),
    );
    return () => {
      gone = true;
      open?.close();
    };
  }, [isNear, name]);
  return { stage, failure };
}

/** Whether the page has had nothing else to do, since the first time that it had not. */
function useIdle() {
  const [isIdle, setIdle] = useState(false);
  useEffect(() => {
    // A browser without idle time has a figure when it is near.
    if (!("requestIdleCallback" in globalThis)) return undefined;
    const wish = requestIdleCallback(() => setIdle(true));
    return () => cancelIdleCallback(wish);
  }, []);
  return isIdle;
}

/** Whether the page is gone through by keyboard: the focus is on something that a key has reached. */
const isByKeyboard = () => document.querySelector(':focus-visible:not([tabindex="-1"])') !== null;

/** Whether the page has come to rest. */
function useRest() {
  const [isAtRest, setAtRest] = useState(false);
  useEffect(() => void atRest().then(() => setAtRest(true)), []);
  return isAtRest;
}

/**
 * Whether an element has been in view, since the first time that it was.
 * @param {{ current: HTMLElement | null }} element
 * @param {string} rootMargin
 * @param {number} threshold
 */
function useSeen(element, rootMargin, threshold) {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    if (!element.current || isSeen) return undefined;
    const watcher = new IntersectionObserver(([entry]) => entry.isIntersecting && setSeen(true), {
      rootMargin,
      threshold,
    });
    watcher.observe(element.current);
    return () => watcher.disconnect();
  }, [isSeen]);
  return isSeen;
}
