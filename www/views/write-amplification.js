// Write amplification where its number stands: a button, and behind it the fractions with today's bytes, since when
// they count, and what it should be.

import { bytes, ratio } from "../format.js";
import { termOf } from "../glossary.js";
import { say, sayParts } from "../words.js";
import { fractionRocksdb, fractionUser, shares, since } from "../write-amplification.js";
import { Popover } from "./popover.js";
import { Code, html } from "./ui.js";

/** @typedef {import("../timeline.js").View} View */

/**
 * `reading`: the figure at the point of the charts that is read, if that is not the position.
 * @param {{
 *   view: View,
 *   openings: import("../write-amplification.js").Opening[],
 *   expected: () => import("../../lsmscope.js").ExpectedWrites | null,
 *   reading?: string | null,
 *   among?: boolean,
 * }} props
 *   `among`: it stands among buttons, which keep their places: it has one before there is a figure, too.
 */
export function WriteAmplification({ view, openings, expected, reading = null, among = false }) {
  const figure = ratio(view.amplification.write_rocksdb ?? undefined);
  return html`<${Popover}
    class=${among && view.amplification.write_rocksdb == null ? "write-amp unused" : "write-amp"}
    button="link"
    label=${among ? null : say("{figure} write amp as RocksDB counts it: show its bytes", { figure })}
    title=${say("Bytes that flushes and compactions wrote, by bytes that flushes wrote. Click for the bytes")}
    box=${() => html`<${Bytes} view=${view} openings=${openings} expected=${expected()} />`}
  >
    ${sayParts("{figure} write amp", { figure: html`<b>${reading ?? figure}</b>` })}
  <//>`;
}

/**
 * @param {{
 *   view: View,
 *   openings: import("../write-amplification.js").Opening[],
 *   expected: import("../../lsmscope.js").ExpectedWrites | null,
 * }} props
 */
function Bytes({ view: { counters, position }, openings, expected }) {
  const { estimate, bound } = expected ?? {};
  const term = termOf("write amplification");
  return html`<div class="fraction" role="group" aria-label=${say("Write amplification in bytes")}>
    ${term ? html`<p><b>${term.name}.</b> <${Code} text=${term.meaning} /></p>` : null}
    <table>
      <thead>
        <tr>
          <th>${say("written")}</th>
          <th>${say("bytes")}</th>
          <th>${say("as RocksDB counts")}</th>
          <th>${say("with the log")}</th>
        </tr>
      </thead>
      <tbody>
        ${shares(counters).map(
          (share) => html`<tr key=${share.name}>
            <th scope="row">${share.name}</th>
            <td>${bytes(share.bytes)}</td>
            <td>${share.rocksdb}</td>
            <td>${share.user}</td>
          </tr>`,
        )}
      </tbody>
    </table>
    <p>${sayParts("As RocksDB counts it: {fraction}", { fraction: html`<b>${fractionRocksdb(counters)}</b>` })}</p>
    <p>
      ${sayParts("With the log, by bytes of keys and values: {fraction}", {
        fraction: html`<b>${fractionUser(counters)}</b>`,
      })}
    </p>
    <p>${say("Counted {since}.", { since: since(openings, position) })}</p>
    ${
      estimate
        ? html`<p>
            ${sayParts("Estimated for the tree as it is now: {value} = {formula}.", {
              value: html`<b>${ratio(estimate.value)}</b>`,
              formula: estimate.formula,
            })}
          </p>`
        : html`<p>
            ${say("No estimate: there are no tables yet, or they have too few entries for a mean to say anything.")}
          </p>`
    }
    ${
      bound
        ? html`<p>
            ${sayParts("With full levels at most {value} = {formula}.", {
              value: html`<b>${ratio(bound.value)}</b>`,
              formula: bound.formula,
            })}
          </p>`
        : null
    }
  </div>`;
}
