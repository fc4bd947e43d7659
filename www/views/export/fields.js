// The fields of an export: how large, which colours, from where to where.

import { html, useState } from "../ui.js";
import { say } from "../../words.js";

/** @typedef {import("../ui.js").FieldEvent} FieldEvent */
/** @typedef {import("../ui.js").ChoiceEvent} ChoiceEvent */
/** @typedef {import("../../export/picture.js").Look} Look */

export const MIN_SIDE = 240;
export const MAX_SIDE = 4096;

/** Sizes by what they are for. */
const SIZES = /** @type {[string, number, number][]} */ ([
  [say("Slide, 1280 × 720"), 1280, 720],
  [say("Large slide, 1920 × 1080"), 1920, 1080],
  [say("Article, 960 × 540"), 960, 540],
  [say("Column, 720 × 405"), 720, 405],
  [say("Link preview, 1200 × 630"), 1200, 630],
  [say("Square, 800 × 800"), 800, 800],
  [say("Chart, 960 × 320"), 960, 320],
]);

/**
 * A choice of a few.
 * @template {string} T
 * @param {{ label: string, value: T, choices: [T, string][], pick: (value: T) => void }} props
 */
export function Choice({ label, value, choices, pick }) {
  return html`<label>
    <span>${label}</span>
    <select
      value=${value}
      onChange=${(/** @type {ChoiceEvent} */ e) => pick(/** @type {T} */ (e.currentTarget.value))}
    >
      ${choices.map(([name, title]) => html`<option key=${name} value=${name}>${title}</option>`)}
    </select>
  </label>`;
}

/**
 * A whole number within bounds. What is typed stays as it is until the field is left, also while previews come in.
 * @param {{
 *   label: string,
 *   value: number,
 *   min: number,
 *   max: number,
 *   set: (value: number) => void,
 *   about?: string,
 * }} props
 */
export function NumberField({ label, value, min, max, set, about }) {
  const [draft, setDraft] = useState(/** @type {string | null} */ (null));
  const type = (/** @type {FieldEvent} */ e) => {
    const { value: text, valueAsNumber: typed } = e.currentTarget;
    setDraft(text);
    if (Number.isInteger(typed) && typed >= min && typed <= max) set(typed);
  };
  const leave = (/** @type {FieldEvent} */ e) => {
    const typed = Math.round(e.currentTarget.valueAsNumber);
    if (draft !== null && Number.isFinite(typed)) set(Math.max(min, Math.min(max, typed)));
    setDraft(null);
  };
  return html`<label title=${about}>
    <span>${label}</span>
    <input type="number" min=${min} max=${max} value=${draft ?? value} onInput=${type} onBlur=${leave} />
  </label>`;
}

/**
 * Size and colours, and whether the sentence is part of it.
 * @param {{ look: Look, set: (change: Partial<Look>) => void, sentence: boolean }} props
 *   `sentence`: whether there is one.
 */
export function LookFields({ look, set, sentence }) {
  const named = SIZES.findIndex(([, width, height]) => width === look.width && height === look.height);
  return html`<label>
      <span>${say("Size")}</span>
      <select
        value=${String(named)}
        onChange=${(/** @type {ChoiceEvent} */ e) => {
          const [, width, height] = SIZES[Number(e.currentTarget.value)] ?? ["", look.width, look.height];
          set({ width, height });
        }}
      >
        ${SIZES.map(([title], i) => html`<option key=${title} value=${String(i)}>${title}</option>`)}
        <option value="-1">${say("Other")}</option>
      </select>
    </label>
    <div class="export-pair">
      <${NumberField}
        label=${say("Width")}
        value=${look.width}
        min=${MIN_SIDE}
        max=${MAX_SIDE}
        set=${(/** @type {number} */ width) => set({ width })}
      />
      <${NumberField}
        label=${say("Height")}
        value=${look.height}
        min=${MIN_SIDE}
        max=${MAX_SIDE}
        set=${(/** @type {number} */ height) => set({ height })}
      />
    </div>
    <${Choice}
      label=${say("Colours")}
      value=${look.theme}
      choices=${[
        ["light", say("Light")],
        ["dark", say("Dark")],
      ]}
      pick=${(/** @type {Look["theme"]} */ theme) => set({ theme })}
    />
    ${
      sentence
        ? html`<label class="export-check">
            <input
              type="checkbox"
              checked=${look.sentence}
              onChange=${(/** @type {FieldEvent} */ e) => set({ sentence: e.currentTarget.checked })}
            />
            <span>${say("With the sentence below")}</span>
          </label>`
        : null
    }`;
}

/**
 * A range of events.
 * @param {{
 *   range: { from: number, to: number },
 *   length: number,
 *   set: (range: { from: number, to: number }) => void,
 * }} props
 */
export function RangeFields({ range, length, set }) {
  return html`<div class="export-pair">
    <${NumberField}
      label=${say("From event")}
      value=${range.from}
      min=${0}
      max=${Math.max(0, length - 1)}
      about=${say("The moment after this many events")}
      set=${(/** @type {number} */ from) => set({ from, to: Math.max(range.to, Math.min(from + 1, length)) })}
    />
    <${NumberField}
      label=${say("To event")}
      value=${range.to}
      min=${Math.min(1, length)}
      max=${length}
      set=${(/** @type {number} */ to) => set({ from: Math.min(range.from, Math.max(0, to - 1)), to })}
    />
  </div>`;
}
