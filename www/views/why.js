// Why: the reasons of a compaction. While one runs: every level's score, the rule that picked it, the option that
// governs the rule, and the candidates that lost. Else: each level's score, which says how near its next compaction is.

import { bytes, count, file, ratio, number } from "../format.js";
import { say, sayParts } from "../words.js";
import { html, memo } from "./ui.js";

/** @typedef {import("../timeline.js").View} View */
/** @typedef {NonNullable<View["levels"][number]["score"]>} Score */
/** @typedef {NonNullable<NonNullable<View["job"]>["compaction"]>} Compaction */

/**
 * What the rules are, in words.
 * @type {Record<Compaction["reason"]["rule"], string>}
 */
const RULES = {
  level_score: say("The level with the highest score of at least 1 goes first."),
  l0_trivial_move: say("Level 0's oldest tables overlap nothing below: they move as they are."),
  intra_l0_size: say(
    "The level below is so much larger that merging into it would rewrite too much: " +
      "level 0's tables are merged among themselves.",
  ),
  intra_l0_cost: say(
    "Level 0 has to wait for the level below. Meanwhile its newest tables are merged among themselves, " +
      "as many as make each table saved cheaper.",
  ),
  marked_for_compaction: say(
    "Too large a share of the table's entries are tombstones, so it is marked: " +
      "it goes down though no level is due, and what it hides can go.",
  ),
  bottommost_files: say(
    "Nothing lies under the table, and some of its entries are of no use to any reader any more: versions and " +
      "tombstones that a snapshot or `tombstone_retention_seconds` kept, or many tombstones. " +
      "It is rewritten in place, without them.",
  ),
  ttl: say(
    "The oldest data in the table, kept through every merge, is past the age allowed: " +
      "it goes down though no level is due, so that deletes reach the last level in time.",
  ),
  moved_at_open: say(
    "The database is opened with dynamic levels, and there is room below: the whole level moves down, " +
      "and not a byte is rewritten.",
  ),
  whole_level: say("The level is one table and is full: all of it is merged into the next."),
  manual: say("A manual compaction: it was asked for."),
  full_merge: say("Every table is merged into one."),
  size_amplification: say(
    "The newer runs together are large compared with the oldest, most of which may be dead by now: " +
      "everything is merged.",
  ),
  size_ratio: say("Neighbouring runs of like size are merged."),
  sorted_runs: say("There are more sorted runs than allowed: the newest are merged, whatever their sizes."),
  bucket: say("There are enough tables of like size: they are merged, whatever their age."),
  tier: say("A tier is full: its runs become one run of the next tier."),
  last_level: say("The oldest tier is full, and large enough against the last level to be merged into it."),
  fifo_ttl: say(
    "Nothing in the oldest tables is younger than the age allowed: they are dropped unread, with all that they hold.",
  ),
  fifo_max_size: say("There is more data than may be kept: the oldest tables are dropped unread until the rest fits."),
  fifo_reduce_num_files: say(
    "Nothing has to be dropped, and the newest tables are small: they are merged, " +
      "so that a read has fewer to look into.",
  ),
};

/**
 * What became of a table or a run that was weighed, in words.
 * @type {Record<Compaction["reason"]["candidates"][number]["verdict"], string>}
 */
const VERDICTS = {
  picked: say("picked"),
  comes_along: say("comes along"),
  larger_overlap: say("larger overlap"),
  smaller: say("smaller"),
  newer: say("newer"),
  later_turn: say("later turn"),
  larger_key: say("larger key"),
  not_marked: say("not marked"),
  younger: say("younger"),
  overlaps: say("overlaps||a verdict"),
  costs_more: say("costs more"),
  busy: say("busy"),
  neighbour_busy: say("neighbour busy"),
  output_busy: say("output busy"),
  range_busy: say("range busy"),
  left_out: say("left out"),
  stands_apart: say("stands apart"),
  not_needed: say("not needed"),
  older: say("older"),
  too_few: say("too few"),
  later: say("later"),
};

/** @param {{ view: View | null, whose?: string }} props */
function WhyView({ view, whose = "" }) {
  const compaction = view?.job?.compaction;
  const scores = compaction ? compaction.reason.scores : (view?.levels ?? []).flatMap((level) => level.score ?? []);
  const start = compaction?.inputs[0]?.level;
  return html`<section class="why-panel" role="region" aria-label=${say("Why")} tabindex="0">
    <h2>${say("Why")}</h2>
    ${
      scores.length === 0
        ? html`<p class="empty">${say("The policy's scores stand here once there are levels to weigh.")}</p>`
        : html`<${Scores} scores=${scores} on=${start} scoreIsDue=${view?.score_is_due ?? true} />`
    }
    ${whose ? html`<p class="quiet">${whose}</p>` : null}
    ${compaction ? html`<${Reason} compaction=${compaction} /> ` : null}
  </section>`;
}

export const Why = memo(
  WhyView,
  (a, b) =>
    a.view?.position === b.view?.position &&
    a.view?.length === b.view?.length &&
    a.view === b.view &&
    a.whose === b.whose,
);

/** @param {{ scores: Score[], on: number | undefined, scoreIsDue: boolean }} props */
function Scores({ scores, on, scoreIsDue }) {
  const last = scores.findLastIndex((s) => s.tables > 0 || s.level === on);
  // Levels below the last that has data say nothing; nor do those between that are empty and should be.
  const shown = scores
    .slice(0, Math.max(2, last + 1))
    .filter((s) => s.level === 0 || s.level === on || s.tables > 0 || s.score > 0 || s.target_bytes != null);
  return html`<table class="scores">
    <thead>
      <tr><th>${say("level")}</th><th>${say("holds")}</th><th>${say("target")}</th><th>${say("score")}</th></tr>
    </thead>
    <tbody>
      ${shown.map(
        (s) => html`<tr key=${s.level} class=${s.level === on ? "on" : ""} title=${s.formula.text}>
          <th scope="row">L${s.level}${s.level === on ? html`<span class="sr"> ${say("(picked)")}</span>` : null}</th>
          <td>${holds(s)}</td>
          <td>${target(s)}</td>
          <td>${s.score >= 1 && scoreIsDue ? say("{score} due", { score: ratio(s.score) }) : ratio(s.score)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

/**
 * What set the level's score: its tables, bytes or entries.
 * @param {Score} s
 */
function holds(s) {
  // Runs may lie on other levels too: the formula counts them all.
  return s.formula.held ? amount(s.formula.held) : bytes(s.bytes);
}

/**
 * What that is held against: the level's target, or the limit that the formula names.
 * @param {Score} s
 */
function target(s) {
  if (s.target_bytes != null && s.by !== "entries") return bytes(s.target_bytes);
  return s.formula.limit ? amount(s.formula.limit) : "–";
}

/** @type {Record<Score["by"], (n: number) => string>} */
const AMOUNTS = {
  tables: (n) => count(n, "table"),
  runs: (n) => count(n, "run"),
  entries: (n) => count(n, "entry", "entries"),
  bytes,
  none: number,
};

/**
 * A number of a formula with what it counts.
 * @param {{ value: number, of: Score["by"] }} amount
 */
function amount({ value, of }) {
  return AMOUNTS[of](value);
}

/** @param {{ compaction: Compaction }} props */
function Reason({ compaction }) {
  const { reason } = compaction;
  const start = compaction.inputs[0]?.level;
  const score = reason.scores.find((s) => s.level === start);
  return html`<div class="reason-details">
    <p>${RULES[reason.rule]}</p>
    ${
      score
        ? html`<p>
            ${sayParts("Level {level}: {formula}", {
              level: start,
              formula: html`<code>${score.formula.text}</code>`,
            })}
          </p>`
        : null
    }
    ${
      reason.option
        ? html`<p>${sayParts("Governed by {option}", { option: html`<code>${reason.option}</code>` })}</p>`
        : null
    }
    <p class="quiet source">${say("Source: {source}", { source: reason.source })}</p>
    ${reason.rules.length > 0 ? html`<${Rules} rules=${reason.rules} />` : null}
    ${reason.runs.length > 0 ? html`<${Runs} runs=${reason.runs} />` : null}
    ${reason.candidates.length > 0 ? html`<${Candidates} candidates=${reason.candidates} />` : null}
  </div>`;
}

/** @param {{ rules: Compaction["reason"]["rules"] }} props */
function Rules({ rules }) {
  return html`<table class="scores">
    <thead>
      <tr><th>${say("rule")}</th><th>${say("today")}</th><th>${say("asks for a merge")}</th></tr>
    </thead>
    <tbody>
      ${rules.map(
        (r, i) => html`<tr key=${i} class=${r.fired ? "on" : ""} title=${r.option}>
          <th scope="row">${r.rule.replaceAll("_", " ")}</th>
          <td>${r.formula}</td>
          <td>${r.fired ? say("yes") : say("no")}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

/** @param {{ runs: Compaction["reason"]["runs"] }} props */
function Runs({ runs }) {
  return html`<table class="scores">
    <thead>
      <tr><th>${say("run||a sorted one")}</th><th>${say("holds")}</th><th>${say("verdict")}</th></tr>
    </thead>
    <tbody>
      ${runs.slice(0, 20).map(
        (r, i) => html`<tr key=${i} class=${r.verdict === "picked" ? "on" : ""}>
          <th scope="row">
            ${say("{table} on L{level}", {
              table: r.tables.length === 1 ? file(r.tables[0] ?? 0) : count(r.tables.length, "table"),
              level: r.level,
            })}
          </th>
          <td>${bytes(r.bytes)}</td>
          <td>${VERDICTS[r.verdict]}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

/** @param {{ candidates: Compaction["reason"]["candidates"] }} props */
function Candidates({ candidates }) {
  return html`<table class="scores">
    <thead>
      <tr><th>${say("candidate")}</th><th>${say("overlaps||how much")}</th><th>${say("verdict")}</th></tr>
    </thead>
    <tbody>
      ${candidates.slice(0, 20).map(
        (c) => html`<tr key=${c.table} class=${c.verdict === "picked" ? "on" : ""}>
          <th scope="row">${file(c.table)}</th>
          <td>${bytes(c.overlap_bytes)}</td>
          <td>${VERDICTS[c.verdict]}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}
