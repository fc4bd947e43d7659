// One panel for each kind of export: its fields, a preview, and the ways to take it away.

import { chartSvg } from "../../export/chart.js";
import { csv } from "../../export/table.js";
import { evenly, pngOf, rasterized, svgOf } from "../../export/picture.js";
import { say, sayCount } from "../../words.js";
import { cssColor } from "../canvas.js";
import { save } from "../save.js";
import { Icon, html, useMemo, useRef, useState } from "../ui.js";
import { Choice, LookFields, NumberField, RangeFields } from "./fields.js";
import { Actions, Preview, madeOf, useMade } from "./made.js";

/** @typedef {import("./subject.js").Takeable} Takeable */
/** @typedef {import("../../export/picture.js").Look} Look */
/** @typedef {{ takeable: Takeable, look: Look, set: (change: Partial<Look>) => void }} PanelProps */

const SVG = "image/svg+xml";
const FORMATS = /** @type {["svg" | "png", string][]} */ ([
  ["svg", say("SVG, sharp at any size")],
  ["png", say("PNG, pixels")],
]);
const SCALES = /** @type {["1" | "2" | "3", string][]} */ ([
  ["1", say("1 pixel a unit")],
  ["2", say("2 pixels a unit: sharp in print")],
  ["3", say("3 pixels a unit")],
]);

/**
 * The picture of the position.
 * @param {PanelProps} props
 */
export function PicturePanel({ takeable, look, set }) {
  const { subject, position, name } = takeable;
  const [format, setFormat] = useState(FORMATS[0][0]);
  const [scale, setScale] = useState(SCALES[0][0]);
  const frame = { position, progress: 1 };
  const { made, preview, error } = useMade(async () => {
    if (format === "svg") return madeOf(`${name}.svg`, SVG, svgOf(subject, [frame], look));
    return { name: `${name}.png`, blob: await pngOf(subject, frame, look, Number(scale)), text: null };
  }, [subject, position, format, scale, look]);
  return html`<div class="export-fields">
      <${Choice} label=${say("Format")} value=${format} choices=${FORMATS} pick=${setFormat} />
      <${LookFields} look=${look} set=${set} sentence=${takeable.tells} />
      ${
        format === "png"
          ? html`<${Choice} label=${say("Pixels")} value=${scale} choices=${SCALES} pick=${setScale} />`
          : null
      }
    </div>
    <div class="export-result">
      <${Preview} made=${preview} error=${error} alt=${subject.title(position)} />
      <${Actions} made=${made} />
    </div>`;
}

/**
 * Several moments in one picture, for print.
 * @param {PanelProps} props
 */
export function StripPanel({ takeable, look, set }) {
  const { subject, name, range: whole, length } = takeable;
  const [format, setFormat] = useState(FORMATS[0][0]);
  const [frames, setFrames] = useState(6);
  const [columns, setColumns] = useState(2);
  const [range, setRange] = useState(whole);
  const { made, preview, error } = useMade(async () => {
    const svg = svgOf(subject, evenly(range.from, range.to, frames), look, columns);
    if (format === "svg") return madeOf(`${name}-strip.svg`, SVG, svg);
    return { name: `${name}-strip.png`, blob: await rasterized(svg, 1), text: null };
  }, [subject, format, frames, columns, range, look]);
  return html`<div class="export-fields">
      <${Choice} label=${say("Format")} value=${format} choices=${FORMATS} pick=${setFormat} />
      <${RangeFields} range=${range} length=${length} set=${setRange} />
      <div class="export-pair">
        <${NumberField} label=${say("Pictures")} value=${frames} min=${2} max=${60} set=${setFrames} />
        <${NumberField} label=${say("Side by side")} value=${columns} min=${1} max=${12} set=${setColumns} />
      </div>
      <${LookFields} look=${look} set=${set} sentence=${takeable.tells} />
    </div>
    <div class="export-result">
      <${Preview}
        made=${preview}
        error=${error}
        alt=${sayCount(
          frames,
          "{n} moment from event {from} to event {to}",
          "{n} moments from event {from} to event {to}",
          range,
        )}
      />
      <${Actions} made=${made} />
    </div>`;
}

/** @param {PanelProps} props */
export function ChartPanel({ takeable, look, set }) {
  const charts = useMemo(() => takeable.charts(), [takeable]);
  const [chosen, choose] = useState(charts[0]?.name ?? "");
  const [format, setFormat] = useState(/** @type {"svg" | "png" | "csv"} */ ("svg"));
  const inks = useRef(/** @type {HTMLElement | null} */ (null));
  const chart = charts.find(({ name }) => name === chosen);
  const { made, preview, error } = useMade(async () => {
    if (!chart || !inks.current) throw new Error(say("Nothing has been sampled yet: run a command, and come again."));
    const element = inks.current;
    const colour = (/** @type {string} */ property) => cssColor(element, property);
    if (format === "csv") return madeOf(`${takeable.name}-${chosen}.csv`, "text/csv", csv(chart.columns()));
    const svg = chartSvg(chart.model(colour), look, {
      paper: colour("--paper"),
      ink: colour("--ink"),
      quiet: colour("--ink-2"),
      grid: colour("--line"),
    });
    if (format === "svg") return madeOf(`${takeable.name}-${chosen}.svg`, SVG, svg);
    return { name: `${takeable.name}-${chosen}.png`, blob: await rasterized(svg, 2), text: null };
  }, [chart, format, look]);
  return html`<div class="export-fields">
      <${Choice}
        label=${say("Chart")}
        value=${chosen}
        choices=${charts.map(({ name, title }) => [name, title])}
        pick=${choose}
      />
      <${Choice}
        label=${say("Format")}
        value=${format}
        choices=${[...FORMATS, ["csv", say("CSV, the numbers")]]}
        pick=${setFormat}
      />
      ${format === "csv" ? null : html`<${LookFields} look=${look} set=${set} sentence=${false} />`}
      <i hidden data-theme=${look.theme} ref=${inks}></i>
    </div>
    <div class="export-result">
      ${
        format === "csv" && made
          ? html`<p class="quiet">${say("One column for each line of the chart, one row for each sample.")}</p>`
          : html`<${Preview} made=${preview} error=${error} alt=${chart?.title ?? ""} />`
      }
      <${Actions} made=${made} />
    </div>`;
}

/**
 * Everything as data.
 * @param {{ takeable: Takeable }} props
 */
export function FilesPanel({ takeable }) {
  const [shown, setShown] = useState(/** @type {import("./made.js").Made | null} */ (null));
  return html`<div class="exports">
      ${takeable.files.map(
        ({ name, label, about, act, make }) => html`<div key=${label}>
            <button
              disabled=${!act && !make}
              onClick=${async () => {
                if (act) return act();
                const made = await make?.();
                if (!made) return undefined;
                save(made.name, made.blob.type, made.blob);
                return setShown(made);
              }}
            >
              <${Icon} name=${act ? "database" : "download"} />${label}
            </button>
          </div>
          <p class="quiet" key=${name}>${about}</p>`,
      )}
    </div>
    ${shown ? html`<div class="export-result"><${Actions} made=${shown} /></div>` : null}`;
}
