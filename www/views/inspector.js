// The inspector: a file's fields and bytes, linked to each other; a table's filter; or the life of a key.

import { bytes, count } from "../format.js";
import { giveAwaitedFocus } from "../inspector-focus.js";
import { TableFacts } from "./table-facts.js";
import { Filter } from "./filter.js";
import { Hex } from "./hex.js";
import { lifeText } from "./key-life.js";
import { Icon, html, memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from "./ui.js";
import { VirtualList } from "./virtual-list.js";
import { say } from "../words.js";

/** @typedef {import("../controller.js").Controller} Controller */
/** @typedef {import("../state.js").Selection} Selection */
/** @typedef {import("./ui.js").ChoiceEvent} ChoiceEvent */
/** @typedef {import("./ui.js").FieldEvent} FieldEvent */
/** @typedef {Awaited<ReturnType<import("../timeline.js").Timeline["inspect"]>>} Inspection */
/** @typedef {Inspection["explanation"]["spans"][number]} Span */

const ROW = 19;

/**
 * @param {{
 *   controller: Controller,
 *   selection: Selection | null,
 *   position: number,
 *   wide: boolean,
 *   view: import("../state.js").Shown["view"],
 *   isHistory: boolean,
 * }} props
 *   `isHistory`: there are no files then.
 */
function InspectorView({ controller, selection, position, wide, view, isHistory }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => giveAwaitedFocus(box.current));
  if (isHistory) {
    return html`<section class="inspector" ref=${box} tabindex="-1" role="region" aria-label=${say("Inspector")}>
      ${
        selection?.file === undefined
          ? html`<p class="empty">${say("Click a table: what the MANIFEST tells of it is shown here.")}</p>`
          : html`<${TableFacts} controller=${controller} file=${selection.file} />`
      }
    </section>`;
  }
  return html`<section class="inspector" ref=${box} tabindex="-1" role="region" aria-label=${say("Inspector")}>
    ${
      selection?.file === undefined
        ? null
        : html`<button
            class="plain enlarge"
            aria-pressed=${wide ? "true" : "false"}
            aria-label=${say("Enlarge")}
            title=${wide ? say("Back to the stage") : say("More room")}
            onClick=${() => controller.store.set({ wide: !wide })}
          >
            <${Icon} name=${wide ? "shrink" : "enlarge"} />
          </button>`
    }
    ${
      selection === null
        ? html`<${Nothing} view=${view} select=${controller.select} />`
        : selection.file !== undefined
          ? html`<${FileInspector}
              key=${selection.file}
              controller=${controller}
              file=${selection.file}
              offset=${selection.offset}
              position=${position}
              wide=${wide}
            />`
          : html`<${KeyLife} controller=${controller} text=${selection.key} position=${position} />`
    }
  </section>`;
}

/**
 * Nothing is selected: what can be, and the files that are always there.
 * @param {{ view: import("../state.js").Shown["view"], select: Controller["select"] }} props
 */
function Nothing({ view, select }) {
  const files = [...(view?.wals ?? []), view?.manifest].flatMap((one) => (one ? [one.file] : []));
  return html`<p class="empty">
      ${say("Click a frame of the WAL, an entry, or a table on the stage: its fields and its bytes are shown here.")}
    </p>
    ${
      files.length === 0
        ? null
        : html`<p class="empty files">
            ${`${say("Or a file:")} `}
            ${files.map(
              (file) => html`<button key=${file} class="link" onClick=${() => select({ file })}>${file}</button>`,
            )}
          </p>`
    }`;
}

export const Inspector = memo(InspectorView);

/**
 * @param {{
 *   controller: Controller,
 *   file: string,
 *   offset: number | undefined,
 *   position: number,
 *   wide: boolean,
 * }} props
 */
function FileInspector({ controller, file, offset, position, wide }) {
  const inspection = useInspection(controller, file, position);
  const [at, setAt] = useState(-1);
  const [byte, setByte] = useState(-1);
  const spans = useMemo(() => inspection?.explanation.spans ?? [], [inspection]);
  // What was clicked is what one wants to see first.
  const clicked = useMemo(
    () => (offset === undefined ? -1 : spans.findIndex((s) => s.start >= offset)),
    [spans, offset],
  );
  if (!inspection) return html`<p class="empty">${say("Reading {file}…", { file })}</p>`;
  if ("message" in inspection) return html`<p class="error"><${Icon} name="alert" /> ${inspection.message}</p>`;
  const focus = at >= 0 ? at : clicked;
  const span = spans[focus];
  return html`<div class="inspected">
    <p class="inspected-name">
      <strong>${file}</strong> ${bytes(inspection.bytes.length)}
      ${inspection.filter ? "" : ` · ${count(spans.length, "field")}`}
    </p>
    ${
      inspection.explanation.problem
        ? html`<p class="error"><${Icon} name="alert" /> ${inspection.explanation.problem}</p>`
        : null
    }
    ${inspection.filter ? html`<${Filter} filter=${inspection.filter} />` : null}
    <div class="dump">
    <${Fields} spans=${spans} focus=${focus} pick=${setAt} />
    <${Hex} bytes=${inspection.bytes} perRow=${wide ? 16 : 8} span=${span} pick=${(/** @type {number} */ picked) => {
      setAt(deepest(spans, picked));
      setByte(picked);
    }} />
    </div>
    <${FlipBit}
      controller=${controller}
      file=${file}
      length=${inspection.bytes.length}
      byte=${byte >= 0 ? byte : (span?.start ?? 0)}
    />
  </div>`;
}

/**
 * A bad sector, made by hand.
 * @param {{ controller: Controller, file: string, length: number, byte: number }} props
 */
function FlipBit({ controller, file, length, byte }) {
  const [chosen, setChosen] = useState(byte);
  const [bit, setBit] = useState(0);
  // What was clicked last counts, until another number is typed.
  useEffect(() => setChosen(byte), [byte]);
  const flip = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const line = `flip ${file} ${chosen} ${bit}`;
    controller.branches.runHere([line], line);
  };
  return html`<form
    class="flip-bit"
    onSubmit=${flip}
    title=${say("Flips a bit on the disk, as a bad sector would: the next read of it meets a checksum")}
  >
    <label>
      ${say("Byte")} <input
        type="number"
        min="0"
        max=${Math.max(0, length - 1)}
        value=${chosen}
        onInput=${(/** @type {FieldEvent} */ e) => setChosen(e.currentTarget.valueAsNumber || 0)}
      />
    </label>
    <label>
      ${say("bit")} <select
        value=${bit}
        onChange=${(/** @type {ChoiceEvent} */ e) => setBit(Number(e.currentTarget.value))}
      >
        ${[0, 1, 2, 3, 4, 5, 6, 7].map((n) => html`<option key=${n} value=${n}>${n}</option>`)}
      </select>
    </label>
    <button>${say("Flip it")}</button>
  </form>`;
}

/**
 * The file's bytes and what they mean, as of `position`; null while they are read, or what is wrong.
 * @param {Controller} controller
 * @param {string} file
 * @param {number} position
 */
function useInspection(controller, file, position) {
  const [inspection, setInspection] = useState(
    /** @type {Inspection | { message: string, explanation: { spans: [] } } | null} */ (null),
  );
  useEffect(() => {
    let wanted = true;
    Promise.resolve(controller.timeline()?.inspect(file, position)).then(
      (found) => wanted && setInspection(found ?? null),
      (error) => wanted && setInspection({ message: error?.message ?? String(error), explanation: { spans: [] } }),
    );
    return () => {
      wanted = false;
    };
  }, [controller, file, position]);
  return inspection;
}

/**
 * The innermost field that holds `byte`.
 * @param {Span[]} spans
 * @param {number} byte
 */
export function deepest(spans, byte) {
  let best = -1;
  spans.forEach((span, i) => {
    if (span.start <= byte && byte < span.end && (best < 0 || span.depth >= spans[best].depth)) best = i;
  });
  return best;
}

/** @param {{ spans: Span[], focus: number, pick: (i: number) => void }} props */
function Fields({ spans, focus, pick }) {
  const row = (/** @type {number} */ i) => {
    const span = spans[i];
    return html`<button
      key=${i}
      class=${i === focus ? "span on" : "span"}
      style=${`padding-left:${6 + span.depth * 9}px`}
      title=${say("bytes {from} to {to}", { from: span.start, to: span.end - 1 })}
      onMouseEnter=${() => pick(i)}
      onFocus=${() => pick(i)}
      onClick=${() => pick(i)}
    >
      <span>${span.name}</span><b>${span.value}</b>
    </button>`;
  };
  return html`<${VirtualList}
    count=${spans.length}
    height=${ROW}
    row=${row}
    focus=${focus}
    label=${say("Fields")}
    class="fields"
  />`;
}

/** @param {{ controller: Controller, text: string, position: number }} props */
function KeyLife({ controller, text, position }) {
  const life = useMemo(() => controller.keyLife(text), [controller, text, position]);
  return html`<div class="inspected">
    <p class="inspected-name"><strong>${text}</strong> ${say("the life of a key")}</p>
    <ol class="life scroll">
      ${life.map(
        (moment) => html`<li key=${`${moment.event} ${moment.seq}`} class=${moment.event >= position ? "ahead" : ""}>
          <button onClick=${() => controller.seek(moment.event + 1)}>
            <span>${moment.event + 1}</span>
            ${lifeText(moment)}
          </button>
        </li>`,
      )}
    </ol>
  </div>`;
}
