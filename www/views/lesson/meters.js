// The meters of a lesson: write, read and space amplification as small numbers, each with its fraction. What a question
// masks shows `?`.

import { number, ratio } from "../../format.js";
import { NO_MASKS } from "../../lesson/masks.js";
import { termsRocksdb, termsUser } from "../../write-amplification.js";
import { WORDS } from "./words.js";
import { Hidden } from "../hidden.js";
import { html } from "../ui.js";

/** @typedef {import("../../timeline.js").View} View */
/** @typedef {import("../../lesson/masks.js").Meter} Meter */

/** @param {{ view: View, masks?: import("../../lesson/masks.js").Masks }} props */
export function Meters({ view, masks = NO_MASKS }) {
  return html`<dl class="meters" aria-label=${WORDS.meters}>
    ${metersOf(view).map(({ name, words, about, value, fraction }) => {
      const isHidden = masks.meter(name);
      return html`<div key=${name} data-meter=${name} title=${about}>
        <dt>${words}</dt>
        <dd>
          <b>${isHidden ? html`<${Hidden} />` : value}</b>
          ${isHidden || !fraction ? null : html` <small>${fraction}</small>`}
        </dd>
      </div>`;
    })}
  </dl>`;
}

/**
 * @param {View} view
 * @returns {{ name: Meter, words: string, about: string, value: string, fraction: string }[]} `fraction`: empty before
 *   there is one
 */
function metersOf({ amplification, counters, levels }) {
  const { write_rocksdb: write, write_user: user, space_rocksdb: space, read_runs: runs } = amplification;
  const full = levels.filter(({ count }) => count > 0);
  const first = full.find(({ level }) => level === 0)?.count ?? 0;
  const deeper = full.filter(({ level }) => level > 0);
  const total = full.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    {
      name: "write",
      words: WORDS.meterWrite,
      about: WORDS.meterWriteAbout,
      value: ratio(write ?? undefined),
      fraction: write == null ? "" : termsRocksdb(counters),
    },
    {
      name: "log",
      words: WORDS.meterLog,
      about: WORDS.meterLogAbout,
      value: ratio(user ?? undefined),
      fraction: user == null ? "" : termsUser(counters),
    },
    {
      name: "read",
      words: WORDS.meterRead,
      about: WORDS.meterReadAbout,
      value: number(runs),
      fraction: runs === 0 ? "" : WORDS.runsOf(first, deeper.length),
    },
    {
      name: "space",
      words: WORDS.meterSpace,
      about: WORDS.meterSpaceAbout,
      value: ratio(space ?? undefined),
      fraction: space == null ? "" : `${number(total)} / ${number(full.at(-1)?.bytes ?? 0)}`,
    },
  ];
}
