// What was read of a database's files, which column families there are, and what the files do not tell.

import { filmPlayer } from "../../log/the-film.js";
import { bytes, count, number, ratio, time } from "../../format.js";
import { say } from "../../words.js";
import { Icon, html, memo } from "../ui.js";

/** @typedef {import("../../log/film-player.js").FilmState} FilmState */
/** @typedef {import("../../controller.js").Controller} Controller */
/** @typedef {import("../../../lsmscope.js").LogFamily} LogFamily */
/** @typedef {import("../ui.js").ChoiceEvent} ChoiceEvent */

/** The most changes of options that are listed: as many as a report has. */
const MAX_CHANGES = 100;

/** @param {Pick<FilmState, "film" | "files" | "family" | "phase"> & { controller: Controller }} props */
function FactsView({ film, files, family, phase, controller }) {
  const another = html`<button onClick=${() => controller.store.set({ dialog: "history", historyOpening: null })}>
    ${say("Another one…")}
  </button>`;
  if (!film || !files) return html`<h2>${say("What happened")}</h2>${phase === "reading" ? null : another}`;
  const { report } = film;
  const { lines } = report;
  const strange = lines.foreign + lines.cut;
  const changes = report.changes.slice(0, MAX_CHANGES);
  return html`<h2>${say("What happened")}</h2>
    <p class="history-name"><${Icon} name="database" /><b>${files.name}</b></p>
    <p class="quiet">
      ${say("{release}, {lines} of {files}, {time} in all.", {
        release: releaseSaid(report),
        lines: count(lines.read, "line"),
        files: count(files.logs.length, "file"),
        time: time(film.duration),
      })}${" "}
      ${strange > 0 ? say("{n} were not understood.", { n: count(strange, "line") }) : ""}
    </p>
    ${
      files.hasDecisions
        ? html`<button onClick=${() => controller.enter("sandbox")}>${say("Its decisions, on the stage")}</button>
            <${Decisions} history=${controller.store.get().stage.history} />`
        : html`<p class="quiet">
            ${say(
              "With the MANIFEST beside it, its decisions are compared with ours, and other options can be " +
                "estimated: drop it here as well.",
            )}
          </p>`
    }
    ${report.families.length > 1 ? html`<${FamilyChoice} families=${report.families} chosen=${family} />` : null}
    <table class="scores" aria-label=${say("Column families")}>
      <tbody>
        ${report.families
          .filter((_, at) => family === null || family === at)
          .slice(0, 8)
          .map((one) => html`<${Family} key=${one.name} family=${one} seconds=${film.duration} />`)}
      </tbody>
    </table>
    ${report.untold.map((what) => html`<p key=${what} class="quiet">${what}</p>`)}
    ${
      changes.length > 0
        ? html`<details>
            <summary>${count(report.changes.length, "option changed", "options changed")}</summary>
            <ul class="set">
              ${changes.map(
                (change, at) => html`<li key=${at}>
                  <code>${change.name}</code>${change.family == null ? "" : ` [${change.family}]`}: ${change.old} →
                  ${change.new}
                </li>`,
              )}
            </ul>
          </details>`
        : null
    }
    <${OptionsInForce} options=${Object.entries({ ...report.options, ...report.families[family ?? 0]?.options })} />
    ${another}
    <p class="quiet">
      ${say("Times are those of the machine that wrote the log. Nothing leaves this computer.")}
    </p>`;
}

export const LogFacts = memo(FactsView);

/**
 * How many of its decisions are ours too.
 * @param {{ history: import("../../state.js").State["stage"]["history"] }} props
 */
function Decisions({ history }) {
  if (!history) return null;
  const { matched, decisions } = history.comparison.report;
  if (decisions === 0) return null;
  return html`<p class="quiet">
    ${say("{matched} of {decisions} are what the rules of {database} say.", {
      matched: number(matched),
      decisions: count(decisions, "decision"),
      database: history.comparison.report.summary.database,
    })}
  </p>`;
}

/** @param {import("../../../lsmscope.js").LogReport} report */
function releaseSaid({ database, release }) {
  if (database === "LevelDB") return database;
  return release ? `${database} ${release}` : say("RocksDB of an unknown release");
}

/** @param {{ options: [string, string][] }} props */
function OptionsInForce({ options }) {
  if (options.length === 0) return null;
  return html`<details>
    <summary>${say("Options in force at the end")}</summary>
    <ul class="set">${options.map(([name, value]) => html`<li key=${name}><code>${name}=${value}</code></li>`)}</ul>
  </details>`;
}

/** @param {{ families: LogFamily[], chosen: number | null }} props */
function FamilyChoice({ families, chosen }) {
  return html`<label>
    ${say("Column family")}${" "}
    <select
      value=${chosen === null ? "" : String(chosen)}
      onChange=${(/** @type {ChoiceEvent} */ e) =>
        filmPlayer.choose(e.currentTarget.value === "" ? null : Number(e.currentTarget.value))}
    >
      <option value="">${say("all, jobs of {n}", { n: families.length })}</option>
      ${families.map((family, at) => html`<option key=${family.name} value=${String(at)}>${family.name}</option>`)}
    </select>
  </label>`;
}

/** @param {{ family: LogFamily, seconds: number }} props */
function Family({ family, seconds }) {
  const { flushed_entries: entries, flushed_deletions: deletions } = family;
  const { flushes, flushed_bytes, compactions, read_bytes, compacted_bytes, moves, write_amp } = family;
  const rows = [
    [say("flushes"), number(flushes)],
    [say("flushed"), bytes(flushed_bytes)],
    ...(seconds > 0 ? [[say("flushed a second"), bytes(flushed_bytes / seconds)]] : []),
    ...(entries > 0
      ? [
          [say("entries flushed"), number(entries)],
          [say("deletions among them"), `${number(deletions)} (${Math.round((100 * deletions) / entries)} %)`],
        ]
      : []),
    [say("compactions"), number(compactions)],
    [say("read||bytes of compactions"), bytes(read_bytes)],
    [say("written||a column"), bytes(compacted_bytes)],
    [say("moves"), number(moves)],
    [say("write amp"), ratio(write_amp ?? undefined)],
    [say("L0, median over time"), number(family.level0_median)],
    [say("L0, most"), number(family.level0_max)],
  ];
  return html`<tr><th scope="rowgroup" colspan="2">${family.name}</th></tr>
    ${rows.map(([name, value]) => html`<tr key=${name}><th scope="row">${name}</th><td>${value}</td></tr>`)}`;
}
