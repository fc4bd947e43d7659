// What went wrong in a database, the worst first, with a likely cause and what would change it; the slowest jobs; what
// each level had at the end.

import { bytes, number, time } from "../../format.js";
import { secondOf } from "../../log/log-time.js";
import { whereFound, worstHeldUp } from "../../log/where-found.js";
import { say, sayParts } from "../../words.js";
import { route } from "../lanes/labels.js";
import { breakable, html, memo, useMemo } from "../ui.js";

/** @typedef {import("../../log/log-film.js").LogFilm} LogFilm */
/** @typedef {import("../over-time.js").Clock} Clock */
/** @typedef {import("../../../lsmscope.js").LogFinding} LogFinding */

/** @typedef {import("../../log/film-player.js").FilmPlayer["show"]} Show */

/** How many jobs are listed. */
const JOBS = 12;

/**
 * `estimate`: what other options would have cost; none where that cannot be asked.
 * @param {{
 *   film: LogFilm,
 *   clock: Clock,
 *   family: number | null,
 *   estimate: ((changes: string) => void) | null,
 *   show: Show,
 * }} props
 */
function FindingsView({ film, clock, family, estimate, show }) {
  const { report } = film;
  const of = { film, estimate, show };
  return html`<h2>${say("What went wrong")}</h2>
    <${Worst} film=${film} show=${show} />
    ${
      report.findings.length > 0
        ? html`<ol class="log-list">
            ${report.findings.map((finding, at) => html`<${Finding} key=${at} ...${of} finding=${finding} />`)}
          </ol>`
        : html`<p>${say("Nothing that the log tells: no writes were held up for long, and no rule found a fault.")}</p>`
    }
    <${SlowJobs} ...${{ film, clock, family, show }} />
    <${Levels} film=${film} family=${family} />`;
}

export const Findings = memo(FindingsView);

/**
 * The hour in which writes were held up the most; of a short log the minute.
 * @param {{ film: LogFilm, show: Show }} props
 */
function Worst({ film, show }) {
  const { worst } = film.report;
  if (!worst) return null;
  const began = secondOf(film.report, worst.period.from);
  const stretch = { from: began, to: began + worst.seconds };
  return html`<button onClick=${() => show(stretch, worstHeldUp(film, stretch))}>
    ${worst.seconds > 60 ? say("Show the worst hour") : say("Show the worst minute")}
  </button>`;
}

/** @param {{ finding: LogFinding, film: LogFilm, estimate: ((changes: string) => void) | null, show: Show }} props */
function Finding({ finding, film, estimate, show }) {
  const { says, cause, remedy, try_options: options } = finding;
  const place = useMemo(() => whereFound(film, finding), [film, finding]);
  return html`<li>
    <p><strong>${says}</strong></p>
    ${place ? html`<button onClick=${() => show(place.range, place.moment)}>${say("Show it")}</button>` : null}
    ${cause ? html`<p>${cause}</p>` : null}
    ${remedy ? html`<p>${remedy}</p>` : null}
    ${
      options.length > 0
        ? html`<ul class="set">
            ${options.map(
              ({ name, now, to }) => html`<li key=${name}>
                ${sayParts(now == null ? "try {option}" : "try {option} (now {now})", {
                  option: html`<code>${breakable(name)} = ${to}</code>`,
                  now: now ?? "",
                })}
              </li>`,
            )}
          </ul>`
        : null
    }
    ${
      options.length > 0 && estimate
        ? html`<button onClick=${() => estimate(options.map(({ name, to }) => `${name}=${to}`).join(" "))}>
            ${say("What would that have cost?")}
          </button>`
        : null
    }
  </li>`;
}

/** @param {{ film: LogFilm, clock: Clock, family: number | null, show: Show }} props */
function SlowJobs({ film, clock, family, show }) {
  const length = (/** @type {import("../../jobs.js").Span} */ { began, ended }) => (ended ?? film.duration) - began;
  const jobs = film.spans
    .filter((span) => span.kind !== "move" && !span.isUnfinished && (family === null || span.family === family))
    .sort((a, b) => length(b) - length(a))
    .slice(0, JOBS);
  if (jobs.length === 0) return html`<p class="quiet">${say("The log has no job.")}</p>`;
  return html`<h2>${say("Slowest jobs")}</h2>
    <div class="log-table scroll" tabindex="0" role="region" aria-label=${say("Slowest jobs")}>
      <table class="sim-table">
        <thead>
          <tr>
            <th scope="col">${say("began")}</th>
            <th scope="col">${say("job")}</th>
            <th scope="col">${say("took")}</th>
            <th scope="col">${say("read||bytes of compactions")}</th>
            <th scope="col">${say("written||a column")}</th>
          </tr>
        </thead>
        <tbody>
          ${jobs.map((span) => {
            const began = clock.moment(span.began);
            const go = () => show({ from: span.began, to: span.ended ?? film.duration });
            return html`<tr key=${`${span.job} ${span.began}`} title=${span.reason}>
              <th scope="row">
                <button class="link" aria-label=${say("Show {time}", { time: began })} onClick=${go}>${began}</button>
              </th>
              <td>${span.kind === "flush" ? say("flush") : route(span)}</td>
              <td>${time(length(span))}</td>
              <td>${span.read > 0 ? bytes(span.read) : "–"}</td>
              <td>${bytes(span.written)}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
}

/** @param {{ film: LogFilm, family: number | null }} props */
function Levels({ film, family }) {
  const one = film.report.families[family ?? 0];
  const levels = (one?.levels ?? []).filter(({ tables }) => tables > 0);
  if (levels.length === 0) return null;
  const several = film.report.families.length > 1;
  return html`<h2>
      ${several ? say("Levels at the end: {name}", { name: one.name }) : say("Levels at the end")}
    </h2>
    <table class="sim-table">
      <thead>
        <tr>
          <th scope="col">${say("level")}</th>
          <th scope="col">${say("tables")}</th>
          <th scope="col">${say("size")}</th>
          <th scope="col">${say("deletions")}</th>
        </tr>
      </thead>
      <tbody>
        ${levels.map(
          ({ level, tables, bytes: size, entries, deletions, is_of_dump: rounded }) => html`<tr key=${level}>
            <th scope="row">L${level}</th>
            <td>${number(tables)}</td>
            <td>${size == null ? "?" : rounded ? say("about {size}", { size: bytes(size) }) : bytes(size)}</td>
            <td>${entries > 0 ? `${Math.round((100 * deletions) / entries)} %` : "–"}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
}
