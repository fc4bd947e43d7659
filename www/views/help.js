// Help: what one sees, what one can type, what one can press.

import { catalog } from "../catalog.js";
import { SHORTCUTS } from "../keys.js";
import { Modal } from "./dialog.js";
import { html } from "./ui.js";

/** @type {[string, string][]} */
const CONCEPTS = [
  [
    "WAL",
    "The write-ahead log. Each write is appended here first, so that a crash can not take it. " +
      "Dashed and hatched: not durable yet.",
  ],
  ["Memtable", "The last writes, sorted, in memory. A full one is sealed (immutable), then flushed as a table."],
  [
    "Table",
    "A sorted file that never changes. Its place on the axis is its key range; the key axis runs from left to right.",
  ],
  ["Level", "Level 0 holds tables as they were flushed; they may overlap. From level 1 on, a level is one sorted run."],
  [
    "Compaction",
    "Merges tables of a level into the next, drops what is overwritten or deleted. " +
      "Its inputs are hatched and outlined.",
  ],
  ["Tombstone", "A delete is a write too: it hides older versions until a compaction brings them together."],
  ["Bloom filter", "A few bits for each key tell a read that a key is certainly not in a table."],
  [
    "Acknowledged, durable",
    "A write is acknowledged when its command returns, durable when the disk has confirmed it. What lies between, " +
      "a power cut may take: pull the plug and see.",
  ],
  [
    "History",
    "A MANIFEST of a real RocksDB database, replayed decision by decision against our policy: " +
      "drop one anywhere on the page, or see Export.",
  ],
  [
    "Branch",
    "Pulling the plug in the past begins another history from there, on a tab of its own; " +
      "what came after stays on the first.",
  ],
  ["Amplification", "How many times over things are written, read and stored. Every option trades one for another."],
];

/** In the simulator. @type {[string, string][]} */
const SIM_KEYS = [
  ["Space", "run, pause"],
  ["← →", "on the slider Moment: earlier, later; on jobs: the job before, the next one"],
  ["Home End", "on the slider: the beginning, and the end with its single tables"],
  ["Esc", "back from a chosen moment to the last"],
  ["+ - 0", "on a level: nearer, further, all keys"],
  ["?", "this help"],
];

/** @type {[string, string][]} */
const SIM_CONCEPTS = [
  [
    "Simulation",
    "The same decisions as the sandbox's engine takes, on tables that have a size and a key range, " +
      "but no bytes: terabytes in seconds.",
  ],
  [
    "Virtual time",
    "Jobs take as long as the device needs for their bytes, with all that run beside them; " +
      "nothing waits for your clock.",
  ],
  [
    "Moment",
    "Point at a chart: the numbers beside the charts and the levels are those of that moment. A click keeps it; " +
      "dragging zooms into a stretch of time.",
  ],
  [
    "Levels",
    "At the end of what was run: table by table, or as bins where tables are too many. At an earlier moment: " +
      "bars, as far as samples tell.",
  ],
  [
    "Score",
    "How much a level is due: its bytes by its target, level 0's tables by their trigger. From 1 on it is compacted.",
  ],
  [
    "Stall",
    "Hatched: writes were slowed down or stopped, because memtables, " +
      "tables on level 0 or bytes to compact had piled up.",
  ],
  ["Compare", "Two configurations on the same workload: solid is A, dashed is B."],
  [
    "Amplification",
    "How many times over things are written, read and stored: as it was counted, and as the formulas expect.",
  ],
];

/** @param {{ close: () => void, simulating: boolean }} props */
export function HelpDialog({ close, simulating }) {
  return html`<${Modal} title="Help" close=${close}>
    ${simulating ? html`<${SimulatorHelp} />` : html`<${SandboxHelp} />`}
  <//>`;
}

function SimulatorHelp() {
  return html`<div class="help scroll" tabindex="0">
    <p>
      Choose a workload and options on the left, and press Run. What comes of it is explained on the right; the address
      is the experiment, so it can be sent.
    </p>
    <h2>Keys</h2>
    <${Keys} of=${SIM_KEYS} />
    <h2>Words</h2>
    <${Words} of=${SIM_CONCEPTS} />
  </div>`;
}

/** @param {{ of: [string, string][] }} props */
function Keys({ of }) {
  return html`<dl class="keys">
    ${of.map(
      ([keys, what]) => html`<div key=${keys}>
        <dt>${keys.split(" ").map((k) => html`<kbd key=${k}>${k}</kbd> `)}</dt>
        <dd>${what}</dd>
      </div>`,
    )}
  </dl>`;
}

/** @param {{ of: [string, string][] }} props */
function Words({ of }) {
  return html`<dl class="concepts">
    ${of.map(([word, meaning]) => html`<div key=${word}><dt>${word}</dt><dd>${meaning}</dd></div>`)}
  </dl>`;
}

function SandboxHelp() {
  return html`<div class="help scroll" tabindex="0">
    <p>
      Every command runs a real storage engine, and each thing that it does is an event on the timeline below. Step
      through them, forwards and backwards. Click anything on the stage to see its bytes.
    </p>
    <h2>Keys</h2>
    <${Keys} of=${SHORTCUTS} />
    <h2>Commands</h2>
    <dl class="commands">
      ${commands().map((c) => html`<div key=${c.name}><dt><code>${c.usage}</code></dt><dd>${c.about}</dd></div>`)}
    </dl>
    <h2>Words</h2>
    <${Words} of=${CONCEPTS} />
  </div>`;
}

/** The help must open even where the engine did not load. */
function commands() {
  try {
    return catalog.commands();
  } catch {
    return [];
  }
}
