// Help: what the field's terms mean, which keys there are, which commands.

import { catalog } from "../catalog.js";
import { GLOSSARY, ON_THIS_PAGE } from "../glossary.js";
import { SHORTCUTS } from "../keys.js";
import { say, sayParts } from "../words.js";
import { Modal } from "./dialog.js";
import { KeyList } from "./key-list.js";
import { EditorKeys } from "./lesson/edit/editor-keys.js";
import { LOG_CONCEPTS, LOG_KEYS } from "./log/log-help.js";
import { Code, html } from "./ui.js";

/** In the simulator. @type {[string, string][]} */
const SIM_KEYS = [
  [say("Space"), say("run, pause")],
  ["← →", say("on the slider Moment: earlier, later; on jobs: the job before, the next one")],
  [say("Home End"), say("on the slider: the beginning, and the end with its single tables")],
  ["Esc", say("back from a chosen moment to the last")],
  ["+ - 0", say("on a level: nearer, further, all keys")],
  ["+ - 0 < >", say("elsewhere: in time, nearer, further, all of it, earlier, later")],
  ["?", say("this help")],
];

/** @type {[string, string][]} */
const SIM_CONCEPTS = [
  [
    say("Simulation"),
    say(
      "The same decisions as the sandbox's engine takes, on tables that have a size and a key range, " +
        "but no bytes: terabytes in seconds.",
    ),
  ],
  [
    say("Virtual time"),
    say(
      "Jobs take as long as the device needs for their bytes, shared with every other running job; " +
        "nothing waits for your clock.",
    ),
  ],
  [
    say("Moment"),
    say(
      "Point at a chart: the numbers beside the charts and the levels are those of that moment. A click keeps it; " +
        "dragging zooms into a stretch of time.",
    ),
  ],
  [
    say("Levels"),
    say(
      "At the end of what was run: table by table, or as bins where tables are too many. At an earlier moment: " +
        "bars, as far as samples tell.",
    ),
  ],
  [
    say("Score"),
    say(
      "How urgently a level needs compaction: its bytes divided by its target, or level 0's tables by their trigger. " +
        "From 1 on it is due.",
    ),
  ],
  [
    say("Stall"),
    say(
      "Hatched: writes were slowed down or stopped, because memtables, " +
        "tables on level 0 or bytes to compact had piled up.",
    ),
  ],
  [say("Compare"), say("Two configurations on the same workload: solid is A, dashed is B.")],
  [
    say("Amplification"),
    say("How many times over things are written, read and stored: as counted, and as the formulas predict."),
  ],
];

/**
 * The field's terms without those of the sandbox, and those that a room has words of its own for.
 * @param {[string, string][]} concepts
 */
const glossaryBeside = (concepts) =>
  GLOSSARY.filter((group) => group !== ON_THIS_PAGE).map(({ title, terms }) => ({
    title,
    terms: terms.filter(({ name }) => !concepts.some(([word]) => word === name)),
  }));
const SIM_GLOSSARY = glossaryBeside(SIM_CONCEPTS);
const LOG_GLOSSARY = glossaryBeside(LOG_CONCEPTS);

/**
 * @typedef {object} LetterKeys
 * @property {boolean} letterKeys Whether keys that type a sign do something.
 * @property {(patch: { letterKeys: boolean }) => void} prefer
 */

/** @typedef {import("../state.js").State["room"]} Room */

/** @param {LetterKeys & { close: () => void, room: Room, editing: boolean }} props */
export function HelpDialog({ close, room, editing, ...letters }) {
  const Of = room === "simulate" ? SimulatorHelp : room === "log" ? LogHelp : SandboxHelp;
  return html`<${Modal} title=${say("Help")} close=${close}>
    <p>
      ${sayParts("{course} explains it all, step by step: you say what happens, then the engine shows it.", {
        course: html`<a href="?lesson">${say("The course")}</a>`,
      })}
    </p>
    ${editing ? html`<h2>${say("Keys of the editor")}</h2><${EditorKeys} />` : null}
    <${Of} ...${letters} />
  <//>`;
}

/** @param {LetterKeys} props */
function SimulatorHelp(props) {
  return html`<div class="help scroll" tabindex="0" role="group" aria-label=${say("Help")}>
    <p>
      ${say(
        "Choose a workload and options on the left, and press Run. The results are explained on the right; the " +
          "address is the experiment, so it can be sent.",
      )}
    </p>
    <h2>${say("The simulator")}</h2>
    <${Words} of=${SIM_CONCEPTS} />
    <${Glossary} groups=${SIM_GLOSSARY} />
    <h2>${say("Keys||of the keyboard")}</h2>
    <${KeyList} of=${SIM_KEYS} />
    <${LettersSwitch} ...${props} />
  </div>`;
}

/** @param {LetterKeys} props */
function LogHelp(props) {
  return html`<div class="help scroll" tabindex="0" role="group" aria-label=${say("Help")}>
    <p>
      ${say(
        "What happened in a real database, as its LOG tells: what was read is on the left, its film in the middle, " +
          "what went wrong on the right. Nothing leaves this computer.",
      )}
    </p>
    <h2>${say("What happened")}</h2>
    <${Words} of=${LOG_CONCEPTS} />
    <${Glossary} groups=${LOG_GLOSSARY} />
    <h2>${say("Keys||of the keyboard")}</h2>
    <${KeyList} of=${LOG_KEYS} />
    <${LettersSwitch} ...${props} />
  </div>`;
}

/** @param {LetterKeys} props */
function LettersSwitch({ letterKeys, prefer }) {
  return html`<label>
      <input
        type="checkbox"
        checked=${letterKeys}
        aria-describedby="letter-keys-why"
        onChange=${(/** @type {import("./ui.js").FieldEvent} */ e) => prefer({ letterKeys: e.currentTarget.checked })}
      />
      ${say("Use keys of one letter or sign")}
    </label>
    <p id="letter-keys-why" class="quiet">
      ${say("Switch them off if you dictate, or press them by accident. Keys such as arrows and Space stay.")}
    </p>`;
}

/** @param {{ of: [string, string][] }} props */
function Words({ of }) {
  return html`<dl class="concepts">
    ${of.map(([word, meaning]) => html`<div key=${word}><dt>${word}</dt><dd><${Code} text=${meaning} /></dd></div>`)}
  </dl>`;
}

/** @param {LetterKeys} props */
function SandboxHelp(props) {
  return html`<div class="help scroll" tabindex="0" role="group" aria-label=${say("Help")}>
    <p>
      ${say(
        "Every command runs a real storage engine, and each thing that it does is an event on the timeline below. " +
          "Step through them, forwards and backwards. Click anything on the stage to see its bytes, or press " +
          "Enter on it.",
      )}
    </p>
    <${Glossary} groups=${GLOSSARY} />
    <h2>${say("Keys||of the keyboard")}</h2>
    <${KeyList} of=${SHORTCUTS} />
    <${LettersSwitch} ...${props} />
    <h2>${say("Commands")}</h2>
    <dl class="commands">
      ${commands().map((c) => html`<div key=${c.name}><dt><code>${c.usage}</code></dt><dd>${c.about}</dd></div>`)}
    </dl>
  </div>`;
}

/**
 * The field's terms, group by group.
 * @param {{ groups: import("../glossary.js").Group[] }} props
 */
function Glossary({ groups }) {
  return html`<h2>${say("Concepts")}</h2>
    ${groups.map(
      ({ title, terms }) => html`<section key=${title} aria-label=${title}>
        <h3>${title}</h3>
        <${Words} of=${terms.map(({ name, meaning }) => [name, meaning])} />
      </section>`,
    )}`;
}

/** The help must open even where the engine did not load. */
function commands() {
  try {
    return catalog.commands();
  } catch {
    return [];
  }
}
