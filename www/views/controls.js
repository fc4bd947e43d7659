// The left side: operate the engine, or change what it is.

import { Console } from "./console.js";
import { Driving, Running } from "./driving.js";
import { lazy, withEngine } from "./lazy.js";
import { Operate } from "./operate.js";
import { Queue } from "./queue.js";
import { Scripts } from "./scripts.js";
import { Tabs } from "./tabs.js";
import { html } from "./ui.js";
import { foldIn } from "../folds.js";
import { say } from "../words.js";

/** @typedef {import("../controller.js").Controller} Controller */
/** @typedef {import("../player.js").Player} Player */
/** @typedef {import("../state.js").State} State */

// Both describe what the engine knows.
const Generator = lazy(
  say("the workload's form"),
  withEngine(async () => (await import("./generator.js")).Generator),
);
const OptionsPanel = lazy(
  say("the options"),
  withEngine(async () => (await import("./options.js")).OptionsPanel),
);

/** @param {{ controller: Controller, player: Player, state: State }} props */
export function Controls({ controller, player, state }) {
  const { stage, shown, forms, busy } = state;
  const { left } = state.tabs;
  const open = state.phase === "open";
  return html`<aside class="side left" aria-label=${say("Controls")}>
    <${Tabs}
      label=${say("Controls")}
      tabs=${[
        ["operate", say("Console")],
        ["workload", say("Workload")],
        ["options", say("Options")],
        ["scripts", say("Scripts")],
      ]}
      on=${left}
      pick=${(/** @type {State["tabs"]["left"]} */ tab) => controller.store.setIn("tabs", { left: tab })}
      close=${state.layout === "figure" ? () => foldIn(controller, "left") : null}
    />
    ${
      state.drive
        ? html`<${Driving} controller=${controller} drive=${state.drive} />`
        : state.scriptRun
          ? html`<${Running} controller=${controller} progress=${state.scriptRun} />`
          : null
    }
    ${
      left === "workload" && state.phase !== "loading"
        ? html`<${Generator}
            controller=${controller}
            workload=${forms.workload}
            options=${shown.options}
            driven=${shown.driven}
            busy=${busy || !open}
          />`
        : null
    }
    ${
      left === "scripts"
        ? html`<${Scripts}
            controller=${controller}
            player=${player}
            draft=${forms.script}
            ready=${open && !busy}
            runs=${stage.script.length > 0}
            hides=${state.pastOnly}
          />`
        : null
    }
    ${
      left === "workload" || left === "scripts" || (left === "options" && state.phase === "loading")
        ? null
        : left === "operate"
          ? html`<${Operate} controller=${controller} busy=${busy || !open} levels=${shown.view?.levels.length ?? 0} />
              <${Queue} controller=${controller} queue=${stage.queue} busy=${busy} />
              <${Console}
                controller=${controller}
                log=${stage.log}
                draft=${forms.command}
                status=${state.status}
                stepInto=${state.stepInto}
                busy=${busy}
                ready=${open}
              />`
          : html`<${OptionsPanel}
              controller=${controller}
              options=${shown.options}
              typed=${forms.options}
              backend=${stage.backend}
              busy=${busy}
            />`
    }
  </aside>`;
}
