// The line below the figure: the manifest, the block cache, live snapshots, virtual time.

import { bytes, count, time as clock } from "../format.js";
import { say } from "../words.js";
import { html } from "./ui.js";

const SEES = say("It sees every write up to this sequence number, and none after it");

/** @param {{ view: import("../timeline.js").View, select: import("../controller.js").Controller["select"] }} props */
export function EngineStatus({ view, select }) {
  const { manifest, cache, snapshots, now_nanos } = view;
  return html`<div class="engine-status" role="group" aria-label=${say("Manifest, cache, snapshots")}>
    ${
      manifest
        ? html`<button
            class="plain"
            title=${say("The log of every change of shape; click for its bytes")}
            onClick=${() => select({ file: manifest.file })}
          >
            ${manifest.file} <small>${bytes(manifest.bytes)}</small>
          </button>`
        : null
    }
    ${
      view.open
        ? html`<span title=${say("Data blocks that are kept in memory")}>
            ${say("block cache")}${" "}
            <small>
              <span class="roomy">${count(cache.blocks, "block")}, </span>
              ${say("{part} of {whole}", { part: bytes(cache.bytes), whole: bytes(cache.capacity) })}
            </small>
          </span>`
        : null
    }
    ${snapshots.map(
      (s) => html`<span key=${s.snapshot} title=${SEES}>
        ${say("snapshot {id}", { id: s.snapshot })} <small>${say("up to ·{seq}", { seq: s.seq })}</small>
      </span>`,
    )}
    ${
      now_nanos > 0
        ? html`<span title=${say("Virtual time: it only moves when asked to")}>
            ${say("time")} <small>${clock(now_nanos * 1e-9)}</small>
          </span>`
        : null
    }
  </div>`;
}
