// The right side: what just happened (Story), what the decision weighed (Why), and everything that happens (Events).

import { Events } from "./events.js";
import { Prose, Told } from "./prose.js";
import { say } from "../words.js";
import { toldOf } from "./story.js";
import { html, useLayoutEffect, useRef, useState } from "./ui.js";
import { Why } from "./why.js";

/**
 * @param {{
 *   view: import("../timeline.js").View | null,
 *   controller: import("../controller.js").Controller,
 *   length: number,
 *   ticks: import("../event-rows.js").TickRun[],
 *   events: boolean,
 *   whose?: string,
 *   children?: import("./ui.js").Children,
 * }} props
 */
export function Explain({ view, controller, length, ticks, events, whose = "", children }) {
  const told = toldOf(view);
  return html`<${StoryPanel} told=${told} />
    ${children}
    ${
      events
        ? html`<${Why} view=${view} whose=${whose} />
            <${Events} controller=${controller} position=${view?.position ?? 0} length=${length} ticks=${ticks} />`
        : null
    }`;
}

/** @param {{ told: import("./story.js").Story }} props */
function StoryPanel({ told }) {
  const [open, setOpen] = useState(false);
  const reason = useRef(/** @type {HTMLElement | null} */ (null));
  // The reason may be below the visible part.
  useLayoutEffect(() => {
    if (open) reason.current?.scrollIntoView({ block: "nearest" });
  }, [open]);
  return html`<section class="story-panel" role="region" aria-label=${say("Story")}>
    <h2>${say("Story")}</h2>
    <div class="story scroll" tabindex="0">
      <p><${Told} told=${told} /></p>
      ${
        told.why
          ? html`<p class=${open ? "reason" : "reason folded"} ref=${reason}>
              <button class="link" aria-expanded=${open ? "true" : "false"} onClick=${() => setOpen(!open)}>
                ${open ? say("Because") : say("Why?")}
              </button>
              ${open ? html` <${Prose} text=${told.why} />` : null}
            </p>`
          : null
      }
    </div>
  </section>`;
}
