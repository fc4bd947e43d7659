// The export dialog: what is taken away, how it looks, and the ways to take it. Loaded when it is first opened.

import { theme } from "../../theme.js";
import { say } from "../../words.js";
import { Modal } from "../dialog.js";
import { Tabs } from "../tabs.js";
import { html, useMemo, useState } from "../ui.js";
import { FilmPanel } from "./film-panel.js";
import { ChartPanel, FilesPanel, PicturePanel, StripPanel } from "./panels.js";
import { PrintPanel } from "./print.js";
import { sandboxToTake, simulationToTake } from "./subject.js";

/** @typedef {import("./subject.js").Takeable} Takeable */
/** @typedef {import("../../export/picture.js").Look} Look */
/** @typedef {"picture" | "strip" | "film" | "chart" | "files" | "print"} Kind */

/** What was chosen last: the dialog is opened again and again. */
const last = {
  kind: /** @type {Kind} */ ("picture"),
  stage: /** @type {Omit<Look, "theme">} */ ({ width: 1280, height: 720, sentence: true }),
  chart: /** @type {Omit<Look, "theme">} */ ({ width: 960, height: 320, sentence: false }),
};

/**
 * @param {{
 *   controller: import("../../controller.js").Controller,
 *   state: import("../../state.js").State,
 *   saved: import("../../saved-session.js").SavedSession,
 *   close: () => void,
 * }} props
 */
export function SandboxExport({ controller, state, saved, close }) {
  // As it was when the dialog was opened: nothing behind it goes on.
  const [takeable] = useState(() => sandboxToTake(controller, state, saved));
  return html`<${ExportDialog}
    takeable=${takeable}
    close=${close}
    print=${html`<${PrintPanel} takeable=${takeable} state=${state} close=${close} />`}
  />`;
}

/** @param {{ state: import("../../sim/simulator.js").SimulatorState, close: () => void }} props */
export function SimulatorExport({ state, close }) {
  const [takeable] = useState(() => simulationToTake(state));
  return html`<${ExportDialog} takeable=${takeable} close=${close} print=${null} />`;
}

/**
 * `print`: the panel of the printable page, if there is one.
 * @param {{ takeable: Takeable, close: () => void, print: import("../ui.js").Children }} props
 */
function ExportDialog({ takeable, close, print }) {
  const kinds = /** @type {[Kind, string][]} */ ([
    ["picture", say("Picture")],
    ...(takeable.plan
      ? [
          ["strip", say("Filmstrip")],
          ["film", say("Film")],
        ]
      : []),
    ["chart", say("Chart")],
    ["files", say("Files")],
    ...(print ? [["print", say("Print")]] : []),
  ]);
  const [kind, setKind] = useState(kinds.some(([name]) => name === last.kind) ? last.kind : "picture");
  const [colours, setColours] = useState(theme());
  const [stage, setStage] = useState(last.stage);
  const [chart, setChart] = useState(last.chart);
  const pick = (/** @type {Kind} */ next) => {
    last.kind = next;
    setKind(next);
  };
  const of = kind === "chart" ? chart : stage;
  const look = useMemo(() => ({ ...of, theme: colours }), [of, colours]);
  const set = (/** @type {Partial<Look>} */ { theme: chosen, ...change }) => {
    if (chosen) setColours(chosen);
    const next = { ...of, ...change };
    if (kind === "chart") setChart((last.chart = next));
    else setStage((last.stage = next));
  };
  const panel = () => {
    const props = { takeable, look, set };
    if (kind === "picture") return html`<${PicturePanel} ...${props} />`;
    if (kind === "strip") return html`<${StripPanel} ...${props} />`;
    if (kind === "film") return html`<${FilmPanel} ...${props} />`;
    if (kind === "chart") return html`<${ChartPanel} ...${props} />`;
    return html`<${FilesPanel} takeable=${takeable} />`;
  };
  return html`<${Modal} title=${say("Export")} close=${close} wide>
    <${Tabs} label=${say("What to export")} tabs=${kinds} on=${kind} pick=${pick} />
    <div class=${kind === "files" || kind === "print" ? "export-body one" : "export-body"} data-kind=${kind}>
      ${kind === "print" ? print : panel()}
    </div>
  <//>`;
}
