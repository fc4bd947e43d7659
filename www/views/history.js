// The history on the stage: whether our policy would have decided as the real database did, decision by decision.
//
// The bar stands above the levels: which decision this is, and what both did where they differ. The panel on the left
// has what the whole history came to. The dialog takes files.

import { ofDatabase } from "../dropped.js";
import { count, list, number, file } from "../format.js";
import { say, sayCount, sayParts } from "../words.js";
import { Modal } from "./dialog.js";
import { Icon, html, useRef, useState } from "./ui.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../controller.js").Controller} Controller */
/** @typedef {import("./ui.js").ChoiceEvent} ChoiceEvent */
/** @typedef {import("./ui.js").DetailsEvent} DetailsEvent */
/** @typedef {NonNullable<State["stage"]["history"]>["comparison"]["report"]["first_difference"] & {}} Difference */

/** @param {{ controller: Controller, state: State }} props */
export function HistoryBar({ controller, state }) {
  const { histories } = controller;
  const { history } = state.stage;
  if (!history) return null;
  const { report, differing } = history.comparison;
  const { decision, difference } = histories.at(state.stage.position);
  const now = decision?.number ?? 0;
  const next = differing.find((n) => n > now);
  return html`<section class="history-bar" role="region" aria-label=${say("Comparison")}>
    <div class="history-line">
      <strong>
        ${say("matched {matched} of {decisions}", {
          matched: number(report.matched),
          decisions: number(report.decisions),
        })}
      </strong>
      <span>
        ${
          decision
            ? html`${say("decision {number}", { number: number(now) })}<span class="where-in">, ${decision.at}</span>`
            : report.decisions === 0
              ? say("it has no decision")
              : say("before the first decision")
        }
      </span>
      ${
        decision && decision.edits_later > 0
          ? html`<span
              class="quiet roomy"
              title=${say(
                "The levels are shown as they were just before its own edit; Why has the scores of the tree on which " +
                  "it was taken.",
              )}
            >
              ${sayCount(decision.edits_later, "taken {n} edit before", "taken {n} edits before")}
            </span>`
          : null
      }
      ${decision ? html`<${Verdict} matches=${decision.matches} named=${decision.named} />` : null}
      <span class="space"></span>
      ${
        next === undefined
          ? null
          : html`<button onClick=${() => histories.go(next)}>
              ${now === 0 || report.first_different === next ? say("First difference") : say("Next difference")}
            </button>`
      }
      <button onClick=${() => histories.leave()} title=${say("Back to the sandbox, which is as it was (Esc)")}>
        <${Icon} name="cross" />${say("Back")}
      </button>
    </div>
    ${difference ? html`<${Differs} difference=${difference} />` : null}
  </section>`;
}

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** @param {{ matches: boolean, named: string | null | undefined }} props */
function Verdict({ matches, named }) {
  if (named)
    return html`<span class="named" title=${named}>
      ${sayParts("no score asks for it: {reason}", { reason: html`<span class="roomy">${named}</span>` })}
    </span>`;
  return matches
    ? html`<span class="same"><${Icon} name="check" />${say("ours is the same")}</span>`
    : html`<span class="differs"><${Icon} name="alert" /><span class="roomy">${say("ours differs")}</span></span>`;
}

/**
 * Why they differ, in a line; what both did, where there is room, or where it is asked for.
 * @param {{ difference: Difference }} props
 */
function Differs({ difference }) {
  const [open, setOpen] = useState(() => !matchMedia("(height <= 600px), (width <= 640px)").matches);
  return html`<details
    class="what-differs"
    open=${open}
    onToggle=${(/** @type {DetailsEvent} */ e) => setOpen(e.currentTarget.open)}
  >
    <summary>${capital(difference.why)}.</summary>
    <${Sides} difference=${difference} />
  </details>`;
}

/**
 * What both did, side by side.
 * @param {{ difference: Difference }} props
 */
function Sides({ difference }) {
  const { real, ours } = difference;
  return html`<dl class="sides" tabindex="0">
    <div><dt>${difference.database}</dt><dd>${told(real.action, real.inputs, real.output_level)}</dd></div>
    <div>
      <dt>${say("ours")}</dt>
      <dd>
        ${
          ours
            ? sayParts("{action}, by {rule}, which {option} governs", {
                action: told(ours.action, ours.inputs, ours.output_level),
                rule: html`<code>${ours.reason.rule}</code>`,
                option: html`<code>${ours.reason.option}</code>`,
              })
            : say("has nothing to compact")
        }
      </dd>
    </div>
  </dl>`;
}

/**
 * `merges 2 tables of L0 (000008, 000009) into L6`.
 * @param {"merge" | "move" | "drop"} action
 * @param {{ level: number, tables: number[] }[]} inputs
 * @param {number | null | undefined} level
 */
function told(action, inputs, level) {
  const names = (/** @type {number[]} */ tables) =>
    tables
      .slice(0, 4)
      .map((id) => file(id))
      .join(", ") + (tables.length > 4 ? ", …" : "");
  const from = inputs.map(({ level, tables }) =>
    say("{tables} of L{level} ({files})", { tables: count(tables.length, "table"), level, files: names(tables) }),
  );
  const values = { inputs: list(from), level: level ?? "" };
  if (action === "drop") return say("drops {inputs}", values);
  if (action === "move")
    return level == null
      ? say("moves {inputs}, of which nothing is left", values)
      : say("moves {inputs} to L{level}", values);
  return level == null
    ? say("merges {inputs}, of which nothing is left", values)
    : say("merges {inputs} into L{level}", values);
}

/** @param {{ controller: Controller, state: State }} props */
export function HistoryPanel({ controller, state }) {
  const { history } = state.stage;
  if (!history) return null;
  const { report, options, differing } = history.comparison;
  const { summary } = report;
  const rules = Object.entries(report.rules);
  return html`<aside class="side left history-panel scroll" role="region" aria-label=${say("History")}>
    <h2>${say("History")}</h2>
    <p class="history-name"><${Icon} name="database" /><b>${history.name}</b></p>
    <p class="quiet">${capital(summary.kind)}: ${summary.read}.</p>
    ${
      summary.is_log_foreign
        ? html`<p class="error" role="alert">
            <${Icon} name="alert" />
            ${say(
              "{log} is of another database, or of another time: it tells of no compaction of {name}. What happened, " +
                "below, is what it tells; the decisions are those of {name}.",
              { log: history.logs.at(-1) ?? "", name: history.name },
            )}
          </p>`
        : null
    }
    ${
      history.logs.length > 0
        ? html`<button class=${summary.is_log_foreign ? "" : "primary"} onClick=${controller.histories.showOwnLog}>
            ${say("What happened, over time")}
          </button>`
        : null
    }
    ${
      summary.families.length > 1
        ? html`<${Families}
            families=${summary.families}
            chosen=${summary.family ?? ""}
            choose=${controller.histories.choose}
          />`
        : null
    }
    <p class="quiet">
      ${say(
        "Each of its decisions is held against ours: what the rules of {database}, as they are built here, pick on " +
          "the same tree.",
        { database: summary.database },
      )}
    </p>
    <p>${verdict(report)}</p>
    ${report.named.map(
      (named) =>
        html`<p key=${named.name}>
          ${say("{compactions} from {first} on: {about}.", {
            compactions: count(named.count, "compaction"),
            first: named.first,
            about: named.about,
          })}
        </p>`,
    )}
    <p class="quiet">
      ${
        report.waits > 0
          ? say("At {matched} of {flushes}, ours, too, had nothing to compact before.", {
              matched: number(report.waits_matched),
              flushes: count(report.waits, "flush", "flushes"),
            })
          : ""
      }
      ${
        report.matched_of_several > 0
          ? say(
              "Of {matched} of the same, the LOG leaves open on which version, or beside which jobs: in one of the " +
                "cases, ours is the same.",
              { matched: number(report.matched_of_several) },
            )
          : ""
      }
    </p>
    ${
      history.logs.length === 0 && summary.family
        ? html`<p class="quiet">
            ${say(
              "No LOG was given: of a database that was written to while it compacted, it tells when a decision was " +
                "taken. Drop it here as well.",
            )}
          </p>`
        : null
    }
    ${differing.length > 0 ? html`<${Differing} differing=${differing} go=${controller.histories.go} />` : null}
    ${
      rules.length > 0
        ? html`<table class="scores">
            <thead><tr><th>${say("matching rule")}</th><th>${say("decisions")}</th></tr></thead>
            <tbody>
              ${rules.map(
                ([rule, n]) =>
                  html`<tr key=${rule}><th scope="row">${rule.replaceAll("_", " ")}</th><td>${number(n)}</td></tr>`,
              )}
            </tbody>
          </table>`
        : null
    }
    ${summary.left_out.map((what) => html`<p key=${what} class="quiet">${say("Left out: {what}.", { what })}</p>`)}
    ${summary.assumed.map((what) => html`<p key=${what} class="quiet">${say("Assumed: {what}.", { what })}</p>`)}
    <details>
      <summary>
        ${history.options ? say("Options of {file}", { file: history.options }) : say("Options")}
      </summary>
      <p class="quiet">
        ${
          history.options
            ? say("As far as they are not RocksDB's defaults:")
            : say("A MANIFEST does not tell its options: drop its OPTIONS file here as well. Not RocksDB's defaults:")
        }
      </p>
      <ul class="set">${options.map(([name, value]) => html`<li key=${name}><code>${name}=${value}</code></li>`)}</ul>
    </details>
    ${
      history.logs.length > 0 && summary.family && !summary.is_log_foreign
        ? html`<button onClick=${() => controller.store.set({ dialog: "what-if" })}>
            ${say("What would other options have cost?")}
          </button>`
        : null
    }
    <button onClick=${() => controller.store.set({ dialog: "history", historyOpening: null })}>
      ${say("Another one…")}
    </button>
    <p class="quiet">
      ${say(
        "→ and ← go from decision to decision, Shift with them from event to event. Each is shown before it was " +
          "carried out: its inputs are outlined, and Why has what ours weighed.",
      )}
    </p>
  </aside>`;
}

/**
 * Which column family is compared, of those that the file has.
 * @param {{
 *   families: { name: string, flushes: number, compactions: number, is_dropped: boolean }[],
 *   chosen: string,
 *   choose: (family: string) => void,
 * }} props
 */
function Families({ families, chosen, choose }) {
  const told = (/** @type {typeof families[number]} */ f) => {
    const values = {
      name: f.name,
      flushes: count(f.flushes, "flush", "flushes"),
      compactions: count(f.compactions, "compaction"),
    };
    return f.is_dropped
      ? say("{name}: {flushes}, {compactions}, dropped", values)
      : say("{name}: {flushes}, {compactions}", values);
  };
  return html`<label>
    ${say("Column family")}${" "}
    <select value=${chosen} onChange=${(/** @type {ChoiceEvent} */ e) => choose(e.currentTarget.value)}>
      ${families.map((f) => html`<option key=${f.name} value=${f.name}>${told(f)}</option>`)}
    </select>
  </label>`;
}

/**
 * @param {{
 *   matched: number,
 *   decisions: number,
 *   named: { count: number }[],
 *   summary: { families: { compactions: number }[] },
 * }} report
 */
export function verdict({ matched, decisions, named, summary }) {
  if (decisions === 0 && named.length > 0)
    return say("No score asked for any of its compactions: there is nothing to compare.");
  if (decisions === 0 && summary.families.some((family) => family.compactions > 0))
    return say("This column family has no compaction: choose another one.");
  if (decisions === 0) return say("It has no compaction: there is nothing to compare.");
  if (matched === decisions)
    return sayCount(
      decisions,
      "Every one of its {n} decision is ours too.",
      "Every one of its {n} decisions is ours too.",
    );
  const differ = sayCount(
    decisions - matched,
    "{n} of its {decisions} is not ours.",
    "{n} of its {decisions} are not ours.",
    { decisions: count(decisions, "decision") },
  );
  const why = say("A database that was written to while it compacted, or other options, explain that.");
  return `${differ} ${why}`;
}

/** @param {{ differing: number[], go: (number: number) => void }} props */
function Differing({ differing, go }) {
  const first = differing.slice(0, 24);
  return html`<p class="differing">
    ${say("Differ:")}
    ${first.map(
      (n) => html` <button
        key=${n}
        class="link"
        aria-label=${say("Decision {number}", { number: n })}
        onClick=${() => go(n)}
      >
        ${n}
      </button>`,
    )}
    ${differing.length > 24 ? " …" : ""}
  </p>`;
}

/** @param {{ controller: Controller, state: State, close: () => void }} props */
export function HistoryDialog({ controller, state, close }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const folder = useRef(/** @type {HTMLInputElement | null} */ (null));
  const { historyOpening: opening } = state;
  const take = (/** @type {Event} */ event) => {
    const picker = /** @type {HTMLInputElement} */ (event.currentTarget);
    const files = [...(picker.files ?? [])];
    if (files.length > 0) controller.histories.open(files);
  };
  const takeFolder = (/** @type {Event} */ event) => {
    const picker = /** @type {HTMLInputElement} */ (event.currentTarget);
    const all = [...(picker.files ?? [])];
    const files = ofDatabase(all);
    if (files.length > 0) controller.histories.open(files);
    else controller.histories.refuseFolder(all[0]?.webkitRelativePath.split("/")[0] ?? "");
  };
  return html`<${Modal} title=${say("Open a history")} close=${close}>
    <p>
      ${sayParts(
        "What happened in a database, and would our policy have decided as it did? Choose its {log} files for the " +
          "first, its {manifest} for the second, and the {options} file beside them; or drop them, or its folder, " +
          "anywhere on the page, packed (.gz) or not. Recorded histories (JSON lines) are read as well. Nothing " +
          "leaves this computer.",
        { manifest: html`<code>MANIFEST</code>`, options: html`<code>OPTIONS</code>`, log: html`<code>LOG</code>` },
      )}
    </p>
    <input ref=${input} type="file" multiple class="sr" aria-label=${say("History files")} onChange=${take} />
    <input
      ref=${folder}
      type="file"
      webkitdirectory
      class="sr"
      aria-label=${say("Folder of a database")}
      onChange=${takeFolder}
    />
    <div class="exports">
      <button class="primary" disabled=${opening?.busy} onClick=${() => input.current?.click()}>
        <${Icon} name="database" />${say("Choose files…")}
      </button>
      ${
        state.logName && state.room !== "log"
          ? html`<button onClick=${() => controller.histories.showLog()}>
              ${say("Back to {name}", { name: state.logName })}
            </button>`
          : null
      }
      <button disabled=${opening?.busy} onClick=${() => folder.current?.click()}>${say("Choose a folder…")}</button>
    </div>
    ${
      opening?.busy
        ? html`<p role="status">
            ${
              opening.of > 0
                ? say("Replaying {name}: edit {done} of {all}…", {
                    name: opening.name,
                    done: number(opening.done),
                    all: number(opening.of),
                  })
                : say("Replaying {name}…", { name: opening.name })
            }
          </p>`
        : null
    }
    ${
      opening?.problem
        ? html`<p class="error" role="alert">
            <b>${opening.name}</b>: ${opening.problem.message}. ${opening.problem.remedy}
          </p>`
        : null
    }
    <p class="quiet">
      ${say(
        "With the LOG, each decision is asked about on the version on which it was taken. Without it, the comparison " +
          "is exact for a writer that waits for the compactions after each flush: a MANIFEST tells when a job ended, " +
          "not what it was decided on.",
      )}
    </p>
  <//>`;
}
