// What other options would have cost a database: a field for them, and what it itself came to beside the estimates for
// its own options and for these.

import { bytes, number, ratio, time } from "../format.js";
import { say, sayParts } from "../words.js";
import { Modal } from "./dialog.js";
import { Icon, breakable, html, useState } from "./ui.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../controller.js").Controller} Controller */
/** @typedef {NonNullable<NonNullable<State["whatIf"]>["result"]>} Result */
/** @typedef {Result["measured"]} Outcome */

/** Sets that are worth a look, each a button. */
const TRIED = [
  "compaction_style=universal",
  "max_bytes_for_level_multiplier=5",
  "level0_file_num_compaction_trigger=8",
  "max_background_jobs=8",
];

/** @param {{ controller: Controller, state: State, close: () => void }} props */
export function WhatIfDialog({ controller, state, close }) {
  const { whatIf, stage } = state;
  const [text, setText] = useState(() => whatIf?.text || TRIED[0]);
  const { estimate, stop } = controller.histories.whatIf;
  const shut = () => {
    stop();
    close();
  };
  return html`<${Modal} title=${say("What other options would have cost")} close=${shut} wide=${true}>
    <p>
      ${sayParts(
        "The writes of {name} once more, under other options: what was flushed, and when, is as it was; which keys " +
          "it had is estimated from what compactions dropped.",
        { name: html`<b>${stage.history?.name ?? ""}</b>` },
      )}
    </p>
    <form
      class="what-if"
      onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        estimate(text);
      }}
    >
      <label for="what-if-changes">${say("Options to change")}</label>
      <div class="what-if-line">
        <input
          id="what-if-changes"
          value=${text}
          spellcheck="false"
          autocapitalize="off"
          autocomplete="off"
          aria-invalid=${whatIf?.problem ? "true" : null}
          aria-describedby="what-if-problem"
          onInput=${(/** @type {import("./ui.js").FieldEvent} */ event) => setText(event.currentTarget.value)}
        />
        ${
          whatIf?.busy
            ? html`<button type="button" onClick=${stop}>${say("Stop")}</button>`
            : html`<button class="primary" disabled=${text.trim() === ""}>${say("Estimate")}</button>`
        }
      </div>
      <p id="what-if-problem" class="error" role="alert">
        ${whatIf?.problem ? `${whatIf.problem.message}. ${whatIf.problem.remedy ?? ""}` : ""}
      </p>
      <p class="quiet what-if-tried">
        ${say("For example:")}
        ${TRIED.map(
          (set) => html`<button key=${set} type="button" class="link" onClick=${() => setText(set)}>${set}</button>`,
        )}
      </p>
      <p class="quiet">
        ${say(
          "Options of memtables, the WAL, blocks and caches change no estimate (write_buffer_size): flushes and the " +
            "sizes of entries are those of the history.",
        )}
      </p>
    </form>
    ${
      whatIf?.busy
        ? html`<div class="what-if-line" role="status">
            <progress aria-label=${say("Progress")} max=${whatIf.of || 1} value=${whatIf.done}></progress>
            <span>${say("Writing it again…")}</span>
          </div>`
        : null
    }
    ${
      whatIf?.problem && whatIf.result
        ? html`<p class="quiet">
            ${say("Estimated before: {changes}", { changes: whatIf.result.changes.join(" ") })}
          </p>`
        : null
    }
    ${
      whatIf?.result
        ? html`<${Outcomes}
            result=${whatIf.result}
            isOld=${whatIf.busy || whatIf.problem !== null}
            busy=${whatIf.busy}
          />`
        : null
    }
  <//>`;
}

/** @param {{ result: Result, isOld: boolean, busy: boolean }} props `isOld`: it is not of what was asked for last */
function Outcomes({ result, isOld, busy }) {
  const { measured, recorded, changed, changes, distinct_keys: keys } = result;
  const outcomes = [measured, recorded, changed];
  const levels = Math.max(...outcomes.map((outcome) => outcome.levels.length));
  const most = Math.max(...outcomes.flatMap((outcome) => outcome.levels));
  const used = [...Array(levels).keys()].filter((level) => outcomes.some((outcome) => outcome.levels[level] > 0));
  /**
   * @param {string} name
   * @param {(outcome: Outcome) => string} cell
   */
  const row = (name, cell) => {
    const cells = outcomes.map((outcome) => html`<td>${cell(outcome)}</td>`);
    return html`<tr key=${name}><th scope="row">${name}</th>${cells}</tr>`;
  };
  return html`<div class=${isOld ? "what-if-result old" : "what-if-result"} aria-busy=${busy}>
    <div class="scroll" tabindex="0" role="region" aria-label=${say("Estimate")}>
      <table class="scores">
        <thead>
          <tr>
            <td></td>
            <${Head} long=${say("the database itself")} short=${say("itself||a database, the head of a column")} />
            <${Head}
              long=${say("estimated, its own options")}
              short=${say("own||options, the head of a column")}
            />
            <${Head}
              long=${sayParts("estimated, {changes}", { changes: breakable(changes.join(" ")) })}
              short=${say("changed||options, the head of a column")}
            />
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">${say("write amplification")}</th>
            <td>${ratio(measured.write_amp)}</td>
            <td><${Ranged} estimate=${recorded} /></td>
            <td><${Ranged} estimate=${changed} /></td>
          </tr>
          ${row(say("sorted runs that a read may look into"), (outcome) => ratio(outcome.read_amp))}
          ${row(say("space amplification"), (outcome) => ratio(outcome.space_amp))}
          ${row(say("most bytes on disk"), (outcome) => bytes(outcome.peak_bytes))}
          ${row(say("compacted"), (outcome) => bytes(outcome.compacted))}
          ${row(say("merges"), (outcome) => number(Math.round(outcome.compactions)))}
          ${row(say("writes stopped"), (outcome) => stalled(outcome.stalled?.stopped))}
          ${row(say("writes slowed by"), (outcome) => stalled(outcome.stalled?.delayed))}
          ${row(say("deletions among the entries at the end"), (outcome) => percent(outcome.deletion_share))}
          ${used.map(
            (level) =>
              html`<tr key=${level}>
                <th scope="row">${say("level {level} at the end", { level })}</th>
                ${outcomes.map(
                  (outcome) =>
                    html`<td>
                      <span class="what-if-bar" style=${{ width: `${(60 * (outcome.levels[level] ?? 0)) / most}px` }} />
                      ${bytes(outcome.levels[level] ?? 0)}
                    </td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="quiet">
      ${
        keys == null
          ? say("Every write had a new key, as far as its compactions tell.")
          : say("It writes to about {keys} different keys, as far as its compactions tell.", { keys: number(keys) })
      }${" "}
      ${say(
        "How far its own estimate is from the database itself is how far the other can be trusted; the range is that " +
          "of several draws of keys.",
      )}${" "}
      ${
        measured.stalled
          ? say("How long the writes of the database itself waited is RocksDB's own count, up to its last statistics.")
          : ""
      }
    </p>
    ${
      result.deletions_meet_nothing
        ? html`<p>
            <${Icon} name="alert" />${" "}${say(
              "No deletion has met what it deletes yet, as far as the LOG tells: it is estimated as if none ever " +
                "did. Under options that merge deletions into the last level, less may be left than is said here.",
            )}
          </p>`
        : null
    }
    ${result.withoutEffect.map((what) => html`<p key=${what}><${Icon} name="alert" />${" "}${what}</p>`)}
  </div>`;
}

/**
 * The head of a column; `short` where there is little room.
 * @param {{ long: unknown, short: string }} props
 */
const Head = ({ long, short }) => html`<th scope="col">
  <span class="roomy">${long}</span><span class="brief">${short}</span>
</th>`;

/** @param {number} share from 0 to 1 */
const percent = (share) => `${number(Math.round(100 * share))} %`;

/** @param {{ estimate: Result["changed"] }} props */
function Ranged({ estimate }) {
  const [least, most] = estimate.write_amp_range;
  return html`${ratio(estimate.write_amp)}${" "}
    <small class="quiet">${say("{least} to {most}", { least: ratio(least), most: ratio(most) })}</small>`;
}

/** @param {number | null | undefined} s */
const stalled = (s) => (s == null ? "–" : time(s));
