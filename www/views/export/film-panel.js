// A film of a range of events: its fields, its first picture, then how far it is, and the film.

import { TYPES, makeFilm, formats, Cancelled } from "../../export/film.js";
import { svgOf } from "../../export/picture.js";
import { count, duration, roughly } from "../../format.js";
import { say } from "../../words.js";
import { Icon, html, useEffect, useMemo, useRef, useState } from "../ui.js";
import { Choice, LookFields, RangeFields } from "./fields.js";
import { Actions, Preview, madeOf, useMade } from "./made.js";

/** @typedef {import("../../export/film.js").Format} Format */

/** @type {Record<Format, string>} */
const NAMES = {
  gif: say("GIF, plays everywhere"),
  webm: say("WebM, for browsers"),
  mp4: say("MP4, for slides"),
};
const RATES = /** @type {["10" | "20" | "25" | "50", string][]} */ ([
  ["10", say("{n} frames a second", { n: 10 })],
  ["20", say("{n} frames a second", { n: 20 })],
  ["25", say("{n} frames a second", { n: 25 })],
  ["50", say("{n} frames a second", { n: 50 })],
]);
const SPEEDS = /** @type {["0.5" | "1" | "2" | "4", string][]} */ ([
  ["0.5", say("half as fast as the stage")],
  ["1", say("as fast as the stage")],
  ["2", say("twice as fast")],
  ["4", say("four times as fast")],
]);

/** @typedef {{ done: number, of: number, left: number | null }} Progress */

/** @param {import("./panels.js").PanelProps} props */
export function FilmPanel({ takeable, look, set }) {
  const { subject, length, name, plan } = takeable;
  const [range, setRange] = useState(takeable.range);
  const [rate, setRate] = useState(RATES[1][0]);
  const [speed, setSpeed] = useState(SPEEDS[1][0]);
  const [format, setFormat] = useState(/** @type {Format} */ ("gif"));
  const [possible, setPossible] = useState(/** @type {Format[]} */ (["gif"]));
  const { width, height } = look;
  useEffect(() => {
    let current = true;
    formats({ width, height }).then((found) => current && setPossible(found));
    return () => void (current = false);
  }, [width, height]);
  const chosen = possible.includes(format) ? format : "gif";
  const frames = useMemo(
    () => plan?.(range.from, range.to, Number(speed), Number(rate)) ?? null,
    [plan, range, speed, rate],
  );
  const first = useMade(
    () => madeOf("", "image/svg+xml", svgOf(subject, [{ position: range.from, progress: 1 }], look)),
    [subject, range.from, look],
  );
  const film = useFilm([subject, range, speed, rate, chosen, look]);
  const make = () => {
    if (!frames) return;
    film.begin(frames.length, async (signal, progress) => {
      const blob = await makeFilm(subject, frames, look, chosen, { signal, progress });
      return { name: `${name}.${chosen}`, blob: blob.slice(0, blob.size, TYPES[chosen]), text: null };
    });
  };
  const seconds = frames?.reduce((sum, frame) => sum + frame.seconds, 0) ?? 0;
  const shown = film.made ?? first.preview;
  return html`<div class="export-fields">
      <${Choice}
        label=${say("Format")}
        value=${chosen}
        choices=${possible.map((one) => [one, NAMES[one]])}
        pick=${setFormat}
      />
      <${RangeFields} range=${range} length=${length} set=${setRange} />
      <${Choice} label=${say("Speed")} value=${speed} choices=${SPEEDS} pick=${setSpeed} />
      <${Choice} label=${say("Frames")} value=${rate} choices=${RATES} pick=${setRate} />
      <${LookFields} look=${look} set=${set} sentence=${takeable.tells} />
    </div>
    <div class="export-result">
      <${Preview}
        made=${shown}
        error=${film.error || first.error}
        alt=${film.made ? say("A film from event {from} to event {to}", range) : subject.title(range.from)}
      />
      <div class="export-actions">
        <span class="quiet" role="status">
          ${
            frames
              ? `${count(frames.length, "frame")}, ${duration(seconds)}`
              : say("That would be more than 6,000 frames: choose a shorter range, or a higher speed.")
          }
        </span>
        ${
          film.progress
            ? html`<button onClick=${film.cancel}>${say("Cancel")}</button>`
            : html`<button class="primary" disabled=${!frames} onClick=${make}>
                <${Icon} name="play" />${say("Make the film")}
              </button>`
        }
      </div>
      ${film.progress ? html`<${Bar} progress=${film.progress} />` : null}
      ${film.made ? html`<${Actions} made=${film.made} />` : null}
    </div>`;
}

/** @param {{ progress: Progress }} props */
function Bar({ progress: { done, of, left } }) {
  return html`<div class="export-progress">
    <progress aria-label=${say("Progress")} max=${of} value=${done}></progress>
    <span>${
      left === null
        ? say("{part} of {whole}", { part: done, whole: of })
        : say("{done} of {all}, {time} left", { done, all: of, time: roughly(left) })
    }</span>
  </div>`;
}

/**
 * The making of a film: one at a time; what it was made of is another, and it is gone.
 * @param {unknown[]} of
 */
function useFilm(of) {
  const none = {
    progress: /** @type {Progress | null} */ (null),
    made: /** @type {import("./made.js").Made | null} */ (null),
    error: "",
  };
  const [state, setState] = useState(none);
  const running = useRef(/** @type {AbortController | null} */ (null));
  useEffect(() => {
    setState(none);
    return () => running.current?.abort();
  }, of);

  /**
   * @param {number} frames
   * @param {(
   *   signal: AbortSignal,
   *   progress: (done: number) => void,
   * ) => Promise<import("./made.js").Made>} make
   */
  async function begin(frames, make) {
    const mine = new AbortController();
    running.current = mine;
    const began = performance.now();
    setState({ ...none, progress: { done: 0, of: frames, left: null } });
    const progress = (/** @type {number} */ done) => {
      const passed = (performance.now() - began) / 1000;
      // The first frames say little: codecs and tables are made with them.
      const left = passed < 0.5 ? null : (passed / done) * (frames - done);
      if (!mine.signal.aborted) setState({ ...none, progress: { done, of: frames, left } });
    };
    try {
      const made = await make(mine.signal, progress);
      if (!mine.signal.aborted) setState({ ...none, made });
    } catch (error) {
      if (error instanceof Cancelled || mine.signal.aborted) return;
      setState({ ...none, error: error instanceof Error ? error.message : String(error) });
    }
  }

  const cancel = () => {
    running.current?.abort();
    setState(none);
  };
  return { ...state, begin, cancel };
}
