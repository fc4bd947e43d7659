// The form of a sweep that is run on the page: which options of the simulator's experiment vary, and their values. It
// says how many runs these are, and about how long they take.

import { number, roughly } from "../../format.js";
import { catalogOfSimulator } from "../../sim/engine.js";
import { MAX_AXES, MAX_RUNS, firstAxes, planSweep, suggestedAxis } from "../../sweep/sweep-plan.js";
import { measured, workerCount } from "../../sweep/sweep-runners.js";
import { loadedVersion } from "../../wasm.js";
import { say, sayCount, sayParts } from "../../words.js";
import { GROUPS } from "../options.js";
import { experimentNow } from "../sim/entry.js";
import { Icon, html, useEffect, useMemo, useState } from "../ui.js";

/** @typedef {import("../../sim/experiment.js").Experiment} Experiment */
/** @typedef {import("../../sim/experiment.js").Catalog} Catalog */
/** @typedef {import("../../sweep/sweep-plan.js").TypedAxis} TypedAxis */
/** @typedef {import("../../sweep/sweep-plan.js").Planned} Planned */
/** @typedef {import("../../sweep/sweep-plan.js").SweepPlan} SweepPlan */
/** @typedef {import("../../sweep/run-sweep.js").SweepState} SweepState */

/** Milliseconds after the last key until the first run is measured. */
const SETTLED = 400;

/** What was typed last, for as long as the page is open. @type {TypedAxis[] | null} */
let typed = null;

/**
 * @param {{
 *   sweep: SweepState | null,
 *   run: (plan: SweepPlan) => void,
 *   cancel: () => void,
 * }} props
 */
export function SweepForm({ sweep, run, cancel }) {
  const [catalog, experiment] = useMemo(() => [catalogOfSimulator(), experimentNow()], []);
  const [axes, setAxes] = useState(() => typed ?? firstAxes(experiment, catalog));
  const planned = useMemo(() => planSweep(experiment, axes, catalog, loadedVersion()), [axes]);
  const runnable = planned.plan?.runs.filter(({ refused }) => !refused) ?? [];
  const isRunning = sweep?.phase === "running";
  const seconds = useSeconds(isRunning ? null : planned.plan);
  const change = (/** @type {TypedAxis[]} */ axes) => setAxes((typed = axes));
  const set = (/** @type {number} */ at, /** @type {TypedAxis} */ axis) =>
    change(axes.map((one, i) => (i === at ? axis : one)));
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (isRunning) cancel();
    else if (planned.plan && runnable.length > 0) run(planned.plan);
  };
  return html`<form class="sweep-form" onSubmit=${submit}>
    <p>
      ${sayParts("Each run is the simulator's experiment, {experiment}, with other values of one to three options:", {
        experiment: html`<code>${textOf(experiment)}</code>`,
      })}
    </p>
    ${axes.map(
      (axis, at) =>
        html`<${Axis}
          key=${at}
          at=${at}
          axis=${axis}
          wrong=${planned.wrong[at]}
          catalog=${catalog}
          others=${axes.filter((one) => one !== axis).map(({ name }) => name)}
          disabled=${isRunning}
          choose=${(/** @type {string} */ name) => set(at, suggestedAxis(name, experiment, catalog))}
          type=${(/** @type {string} */ text) => set(at, { ...axis, text })}
          remove=${axes.length > 1 ? () => change(axes.filter((one) => one !== axis)) : null}
        />`,
    )}
    <div class="sweep-actions">
      ${
        axes.length < MAX_AXES
          ? html`<button
              type="button"
              disabled=${isRunning}
              onClick=${() => change([...axes, suggestedAxis(another(axes), experiment, catalog)])}
            >
              ${say("Another option")}
            </button>`
          : null
      }
      <button class=${isRunning ? "" : "primary"} disabled=${!isRunning && runnable.length === 0}>
        ${isRunning ? say("Cancel") : say("Run the sweep")}
      </button>
      <span role="status" class="sweep-status">
        ${isRunning ? progressText(sweep) : html`<${PlanText} planned=${planned} seconds=${seconds} />`}
      </span>
      ${isRunning ? html`<progress aria-label=${say("Progress")} value=${sweep.share} />` : null}
    </div>
  </form>`;
}

/** An option that is worth a look, and does not vary yet. @param {TypedAxis[]} axes */
const another = (axes) =>
  [
    "max_bytes_for_level_multiplier",
    "compaction_style",
    "level0_file_num_compaction_trigger",
    "write_buffer_size",
  ].find((name) => axes.every((axis) => axis.name !== name)) ?? "";

/** @param {Experiment} experiment */
function textOf({ preset, spec, a }) {
  return [preset, ...Object.entries({ ...spec, ...a }).map(([name, value]) => `${name}=${value}`)].join(" ");
}

/** @param {SweepState} sweep */
function progressText({ plan, ended, left }) {
  const values = { ended: number(ended), all: number(plan.runs.filter(({ refused }) => !refused).length) };
  return left === null
    ? say("{ended} of {all} runs", values)
    : say("{ended} of {all} runs; {time} left", { ...values, time: roughly(left) });
}

/**
 * About how many seconds the runs of a plan take; null as long as that is not known.
 * @param {SweepPlan | null} plan
 */
function useSeconds(plan) {
  const [known, setKnown] = useState(/** @type {{ plan: SweepPlan, seconds: number } | null} */ (null));
  useEffect(() => {
    if (known?.plan === plan) return undefined;
    let isWanted = true;
    const runs = plan?.runs.filter(({ refused }) => !refused) ?? [];
    const timer = setTimeout(async () => {
      if (!plan || runs.length === 0) return;
      // The longest are measured: of a short one, most would be its beginning. The first and the last of them differ in
      // all options, and most others lie between.
      const work = Math.max(...runs.map((run) => run.work));
      const longest = runs.filter((run) => run.work === work);
      const times = [];
      for (const run of [longest[0], longest[longest.length - 1]])
        times.push(await measured(run, () => isWanted).catch(() => null));
      if (!isWanted || times[0] === null || times[1] === null) return;
      const all = runs.reduce((sum, run) => sum + run.work, 0) / work;
      const workers = Math.min(runs.length, workerCount());
      setKnown({ plan, seconds: (Math.sqrt(times[0] * times[1]) * all) / workers });
    }, SETTLED);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [plan]);
  return known && known.plan === plan ? known.seconds : null;
}

/** @param {{ planned: Planned, seconds: number | null }} props */
function PlanText({ planned: { plan, count, wrong }, seconds }) {
  if (!plan)
    return count > MAX_RUNS && !wrong.some(Boolean)
      ? html`<span class="error">
          <${Icon} name="alert" />
          ${say("{n} runs are too many: {most} at most.", { n: number(count), most: MAX_RUNS })}
        </span>`
      : null;
  const refused = plan.runs.filter((run) => run.refused);
  const [first] = refused;
  const runs =
    seconds === null
      ? sayCount(count, "{n} run: measuring how long…", "{n} runs: measuring how long…")
      : sayCount(count, "{n} run: {time}", "{n} runs: {time}", { time: roughly(seconds) });
  return html`${runs}${
    first?.refused
      ? html`.${" "}
          <span class="error">
            ${sayCount(
              refused.length,
              "{n} of them is left out: {field}: expected {expected}",
              "{n} of them are left out: {field}: expected {expected}",
              first.refused,
            )}
          </span>`
      : null
  }`;
}

/**
 * @param {{
 *   at: number,
 *   axis: TypedAxis,
 *   wrong: string,
 *   catalog: Catalog,
 *   others: string[],
 *   disabled: boolean,
 *   choose: (name: string) => void,
 *   type: (text: string) => void,
 *   remove: (() => void) | null,
 * }} props
 */
function Axis({ at, axis, wrong, catalog, others, disabled, choose, type, remove }) {
  const id = `sweep-axis-${at}`;
  const option = (/** @type {{ name: string }} */ { name }) =>
    html`<option key=${name} value=${name} disabled=${others.includes(name)}>${name}</option>`;
  const groups = Object.entries(GROUPS).filter(([group]) => catalog.options.some((knob) => knob.group === group));
  const about = [...catalog.options, ...catalog.spec].find(({ name }) => name === axis.name)?.about;
  return html`<div class="sweep-axis">
    <select
      aria-label=${say("Option that varies")}
      title=${about}
      value=${axis.name}
      disabled=${disabled}
      onChange=${(/** @type {import("../ui.js").ChoiceEvent} */ e) => choose(e.currentTarget.value)}
    >
      ${groups.map(
        ([group, title]) =>
          html`<optgroup key=${group} label=${title}>
            ${catalog.options.filter((knob) => knob.group === group).map(option)}
          </optgroup>`,
      )}
      <optgroup label=${say("Workload")}>${catalog.spec.map(option)}</optgroup>
    </select>
    <input
      type="text"
      aria-label=${say("Values of {name}", { name: axis.name })}
      aria-invalid=${wrong ? "true" : "false"}
      aria-describedby=${wrong ? id : null}
      value=${axis.text}
      disabled=${disabled}
      spellcheck=${false}
      autocapitalize="off"
      autocomplete="off"
      onInput=${(/** @type {import("../ui.js").FieldEvent} */ e) => type(e.currentTarget.value)}
    />
    ${
      remove
        ? html`<button
            type="button"
            class="plain"
            disabled=${disabled}
            aria-label=${say("Do not vary {name}", { name: axis.name })}
            onClick=${remove}
          >
            <${Icon} name="cross" />
          </button>`
        : null
    }
    ${wrong ? html`<p class="error" id=${id}><${Icon} name="alert" /> ${wrong}</p>` : null}
  </div>`;
}
