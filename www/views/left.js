// The left side: operate the engine, or change what it is.

import { Console } from "./console.js";
import { Driving, Generator, Running } from "./generator.js";
import { Operate } from "./operate.js";
import { OptionsPanel } from "./options.js";
import { Queue } from "./queue.js";
import { Tabs } from "./tabs.js";
import { html } from "./ui.js";

/** @typedef {import("../controller.js").Controller} Controller */
/** @typedef {import("../player.js").Player} Player */
/** @typedef {import("../state.js").State} State */

/** @param {{ controller: Controller, player: Player, state: State }} props */
export function Left({ controller, state }) {
  return html`<aside class="side left" aria-label="Controls">
    <${Tabs}
      label="Controls"
      tabs=${[
        ["operate", "Operate"],
        ["workload", "Workload"],
        ["options", "Options"],
      ]}
      on=${state.leftTab}
      pick=${(/** @type {State["leftTab"]} */ leftTab) => controller.store.set({ leftTab })}
    />
    ${state.drive ? html`<${Driving} controller=${controller} drive=${state.drive} />` : state.series ? html`<${Running} controller=${controller} series=${state.series} />` : null}
    ${
      state.leftTab === "workload" && state.phase !== "loading"
        ? html`<${Generator} controller=${controller} workload=${state.workload} options=${state.options} driven=${state.driven} busy=${state.busy || state.phase !== "open"} />`
        : null
    }
    ${
      state.leftTab === "workload"
        ? null
        : state.leftTab === "operate"
          ? html`<${Operate} controller=${controller} busy=${state.busy || state.phase !== "open"} levels=${state.view?.levels.length ?? 0} />
            <${Queue} controller=${controller} queue=${state.queue} busy=${state.busy} />
            <${Console} controller=${controller} log=${state.log} draft=${state.draft} status=${state.status} stepInto=${state.stepInto} busy=${state.busy} ready=${state.phase === "open"} />`
          : html`<${OptionsPanel} controller=${controller} options=${state.options} typed=${state.optionsDraft} backend=${state.backend} busy=${state.busy} />`
    }
  </aside>`;
}
