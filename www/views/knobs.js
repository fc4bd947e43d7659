// Knobs: parameters described as data (name, unit, range, meaning), in groups, each checked where it is typed. The
// options of the engine, the workload and the simulator are all drawn by these.

import { bytes } from "../format.js";
import { termOf } from "../glossary.js";
import { say } from "../words.js";
import { TermButton } from "./term.js";
import { Icon, breakable, html, useLayoutEffect, useState } from "./ui.js";

/** @typedef {import("../catalog.js").Knob} Knob */
/** @typedef {import("../catalog.js").WrongValue} WrongValue */
/** @typedef {import("./ui.js").Children} Children */
/** @typedef {import("./ui.js").ChoiceEvent} ChoiceEvent */
/** @typedef {import("./ui.js").DetailsEvent} DetailsEvent */
/** @typedef {import("./ui.js").FieldEvent} FieldEvent */

/**
 * @param {object} props
 * @param {string} props.id What ids of fields begin with.
 * @param {Knob[]} props.knobs
 * @param {Record<string, string>} props.groups Titles by group, in order; a group without one goes by its name.
 * @param {Record<string, string>} props.values What stands in the fields; nothing: the preset's value.
 * @param {Record<string, string>} props.changed Those that were changed.
 * @param {WrongValue[]} props.problems
 * @param {(name: string, value: string) => void} props.set
 * @param {string[]} [props.open] Groups that are open at first; else the first.
 */
export function Knobs({ id, knobs, groups, values, changed, problems, set, open }) {
  const names = [...new Set([...Object.keys(groups), ...knobs.map((knob) => knob.group)])].filter((group) =>
    knobs.some((knob) => knob.group === group),
  );
  const opened = open ?? names.slice(0, 1);
  // The knob that had the focus last explains itself until another one does: were it to stop when one presses on
  // something below, that would move away from the pointer before the button is let go, and nothing would be clicked.
  const [told, setTold] = useState("");
  const focus = (/** @type {FocusEvent} */ event) => {
    const field = /** @type {Element} */ (event.target);
    const knob = /** @type {HTMLElement | null} */ (field.closest(".knob"))?.dataset.knob;
    if (knob) setTold(knob);
  };
  return html`<div class="knobs scroll" onfocusin=${focus}>
    ${names.map((group) => {
      const mine = knobs.filter((knob) => knob.group === group);
      const wrong = mine.some((knob) => problems.some((problem) => problem.field === knob.name));
      return html`<${Group}
        key=${group}
        name=${group}
        title=${groups[group] ?? group}
        changed=${mine.some((knob) => knob.name in changed)}
        wrong=${wrong}
        opened=${opened.includes(group)}
      >
        ${mine.map(
          (knob) => html`<${KnobField}
            key=${knob.name}
            id=${`${id}-${knob.name}`}
            knob=${knob}
            value=${values[knob.name] ?? ""}
            changed=${knob.name in changed}
            told=${told === knob.name}
            problem=${problems.find((problem) => problem.field === knob.name)?.expected ?? ""}
            set=${(/** @type {string} */ value) => set(knob.name, value)}
          />`,
        )}
      <//>`;
    })}
  </div>`;
}

/**
 * A group opens when something in it is wrong. It is not closed again when that is mended: the user is typing there.
 * @param {object} props
 * @param {string} props.name
 * @param {string} props.title
 * @param {boolean} props.changed
 * @param {boolean} props.wrong
 * @param {boolean} props.opened
 * @param {Children} [props.children]
 */
function Group({ name, title, changed, wrong, opened, children }) {
  const [open, setOpen] = useState(opened);
  const term = termOf(name);
  useLayoutEffect(() => {
    if (wrong) setOpen(true);
  }, [wrong]);
  return html`<div class="knob-group">
    <details open=${open} onToggle=${(/** @type {DetailsEvent} */ e) => setOpen(e.currentTarget.open)}>
      <summary>${title}${changed ? html` <span class="changed">${say("changed")}</span>` : null}</summary>
      ${children}
    </details>
    ${term ? html`<${TermButton} term=${term} text="?" label=${say("What {term} means", { term: title })} />` : null}
  </div>`;
}

/** @param {Knob[]} knobs */
export function defaultsOf(knobs) {
  return Object.fromEntries(knobs.map((knob) => [knob.name, knob.default]));
}

/**
 * `told`: it explains itself.
 * @param {{
 *   id: string,
 *   knob: Knob,
 *   value: string,
 *   changed: boolean,
 *   told: boolean,
 *   problem: string,
 *   set: (value: string) => void,
 * }} props
 */
function KnobField({ id, knob, value, changed, told, problem, set }) {
  return html`<div class=${changed ? "knob changed" : "knob"} data-knob=${knob.name} title=${knob.about}>
    <label for=${id}>
      ${breakable(knob.name)}${changed ? html`<span class="changed"> ${say("changed")}</span>` : null}
    </label>
    <${Control} id=${id} knob=${knob} value=${value} problem=${problem} set=${set} />
    ${
      knob.unit === "bytes" && /^\d{5,}$/.test(value) && !problem
        ? html`<small class="as-size" aria-hidden="true">${bytes(Number(value))}</small>`
        : null
    }
    ${
      problem
        ? html`<p class="error" id=${`${id}-problem`}>
            <${Icon} name="alert" /> ${say("expected {value}", { value: problem })}
          </p>`
        : null
    }
    ${told ? html`<p class="about">${knob.about} <span>${rangeOf(knob)}</span></p>` : null}
  </div>`;
}

/** @param {{ id: string, knob: Knob, value: string, problem: string, set: (value: string) => void }} props */
function Control({ id, knob, value, problem, set }) {
  const choices = knob.unit === "switch" ? ["true", "false"] : knob.choices;
  if (choices.length > 0) {
    return html`<select
      id=${id}
      value=${value}
      onChange=${(/** @type {ChoiceEvent} */ e) => set(e.currentTarget.value)}
    >
      ${value === "" ? html`<option value="">${say("preset's")}</option>` : null}
      ${choices.map((choice) => html`<option key=${choice} value=${choice}>${choice}</option>`)}
    </select>`;
  }
  return html`<input
    id=${id}
    type="text"
    inputmode="decimal"
    placeholder=${problem ? "" : say("preset's")}
    value=${value}
    aria-invalid=${problem ? "true" : "false"}
    aria-describedby=${problem ? `${id}-problem` : null}
    onInput=${(/** @type {FieldEvent} */ e) => set(e.currentTarget.value)}
    spellcheck=${false}
  />`;
}

/** @param {Knob} knob */
function rangeOf(knob) {
  const { unit, min, max } = knob;
  if (min == null || max == null) return "";
  switch (unit) {
    case "bytes":
      return say("{min} to {max}; type 64 KB, 1.5 MB, 2 TB.", { min: bytes(Number(min)), max: bytes(Number(max)) });
    case "percent":
      return say("{min} to {max} %.", { min, max });
    case "seconds":
      return say("{min} to {max} seconds; type 500ms, 90s, 5m, 1.5h, 30d.", { min, max });
    case "milliseconds":
      return say("{min} to {max} milliseconds; type 500ms, 90s, 5m, 1.5h, 30d.", { min, max });
    case "per_second":
      return say("{min} to {max} a second.", { min, max });
    case "bits":
      return say("{min} to {max} bits.", { min, max });
    default:
      return say("{min} to {max}.", { min, max });
  }
}
