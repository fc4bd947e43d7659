// Help: what one sees, what one can type, what one can press.

import { SHORTCUTS } from "../keys.js";
import { catalog } from "../catalog.js";
import { Modal } from "./dialog.js";
import { html } from "./ui.js";

/** @type {[string, string][]} */
const CONCEPTS = [
  ["WAL", "The write-ahead log. Each write is appended here first, so that a crash can not take it. Dashed and hatched: not durable yet."],
  ["Memtable", "The last writes, sorted, in memory. A full one is sealed (immutable), then flushed as a table."],
  ["Table", "A sorted file that never changes. Its place on the axis is its key range; the key axis runs from left to right."],
  ["Level", "Level 0 holds tables as they were flushed; they may overlap. From level 1 on, a level is one sorted run."],
  ["Compaction", "Merges tables of a level into the next, drops what is overwritten or deleted. Its inputs are hatched and outlined."],
  ["Tombstone", "A delete is a write too: it hides older versions until a compaction brings them together."],
  ["Bloom filter", "A few bits for each key tell a read that a key is certainly not in a table."],
  ["Acknowledged, durable", "A write is acknowledged when its command returns, durable when the disk has confirmed it. What lies between, a power cut may take: pull the plug and see."],
  ["Branch", "Pulling the plug in the past begins another history from there, on a tab of its own; what came after stays on the first."],
  ["Amplification", "How many times over things are written, read and stored. Every option trades one for another."],
];

/** @param {{ close: () => void }} props */
export function HelpDialog({ close }) {
  return html`<${Modal} title="Help" close=${close}>
    <div class="help scroll" tabindex="0">
      <p>Every command runs a real storage engine, and each thing that it does is an event on the timeline below. Step through them, forwards and backwards. Click anything on the stage to see its bytes.</p>
      <h2>Keys</h2>
      <dl class="keys">
        ${SHORTCUTS.map(([keys, what]) => html`<div key=${keys}><dt>${keys.split(" ").map((k) => html`<kbd key=${k}>${k}</kbd> `)}</dt><dd>${what}</dd></div>`)}
      </dl>
      <h2>Commands</h2>
      <dl class="commands">
        ${commands().map((c) => html`<div key=${c.name}><dt><code>${c.usage}</code></dt><dd>${c.about}</dd></div>`)}
      </dl>
      <h2>Words</h2>
      <dl class="concepts">
        ${CONCEPTS.map(([word, meaning]) => html`<div key=${word}><dt>${word}</dt><dd>${meaning}</dd></div>`)}
      </dl>
    </div>
  <//>`;
}

/** The help must open even where the engine did not load. */
function commands() {
  try {
    return catalog.commands();
  } catch {
    return [];
  }
}
