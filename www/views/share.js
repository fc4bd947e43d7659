// Sharing a moment as a link.

import { catalog } from "../catalog.js";
import { count } from "../format.js";
import { encode } from "../link.js";
import { MAX_ADDRESS } from "../link/bounds.js";
import { alone, momentOf, notLinkable } from "../link/moment.js";
import { isSingleFile, siteAddress } from "../site-address.js";
import { theme } from "../theme.js";
import { say, sayCount, sayParts } from "../words.js";
import { Modal } from "./dialog.js";
import { Icon, html, useEffect, useMemo, useRef, useState } from "./ui.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("./ui.js").FieldEvent} FieldEvent */

/** @typedef {import("../controller.js").Controller} Controller */

/** @param {{ controller: Controller, state: State, close: () => void }} props */
export function ShareDialog({ controller, state, close }) {
  const { script, queue, following, position, backend } = state.stage;
  const all = useMemo(() => controller.branches.all(), [controller, state]);
  const [withBranches, setWithBranches] = useState(true);
  const [withRest, setWithRest] = useState(following);
  const [withTheme, setWithTheme] = useState(false);
  const [pastOnly, setPastOnly] = useState(false);
  const refused = notLinkable(state, all);
  const link = useLink(refused === "" ? state : null, all, { withBranches, withRest, withTheme, pastOnly });
  const moment = position === state.shown.length ? say("the end") : (controller.nameMoment(position)?.words ?? "");
  if (refused)
    return html`<${Modal} title=${say("Share this moment")} close=${close}>
      <p>${say("No link leads here: {reason}. The script can be exported as a file.", { reason: refused })}</p>
    <//>`;
  return html`<${Modal} title=${say("Share this moment")} close=${close}>
    <p class="quiet">
      ${sayParts(
        "Anyone who opens the link sees the same moment: the {commands} run so far are run again in their browser, " +
          "and the timeline stands at {moment} (event {position}).",
        { commands: count(script.length, "command"), moment: html`<b>${moment}</b>`, position },
      )}
    </p>
    ${
      all.length > 1
        ? html`<${Choice} on=${withBranches} set=${setWithBranches}>
            ${say("With all {n} branches", { n: all.length })}
          <//>`
        : null
    }
    ${
      queue.length > 0
        ? html`<${Choice} on=${withRest} set=${setWithRest}>
            ${sayCount(
              queue.length,
              "With the {n} command of the script that is still to run",
              "With the {n} commands of the script that are still to run",
            )}
          <//>`
        : null
    }
    <${Choice} on=${pastOnly} set=${setPastOnly}>${say("With what comes after it hidden")}<//>
    <${Choice} on=${withTheme} set=${setWithTheme}>
      ${theme() === "dark" ? say("In the dark theme") : say("In the light theme")}
    <//>
    ${
      backend?.kind === "indexeddb"
        ? html`<p class="quiet">
            <${Icon} name="alert" /> ${say(
              "The link starts from an empty database in memory: what was in IndexedDB before this session is not " +
                "in it.",
            )}
          </p>`
        : null
    }
    ${
      link.length > MAX_ADDRESS
        ? html`<p class="quiet">
            <${Icon} name="alert" /> ${say("The link is {characters} long; some programs cut that off.", {
              characters: count(link.length, "character"),
            })}
            ${all.length > 1 && withBranches ? ` ${say("Without the other branches it is shorter.")}` : null}
            ${` ${say("The script can be exported as a file.")}`}
          </p>`
        : null
    }
    <${LinkBox} link=${link} />
    ${
      isSingleFile()
        ? null
        : html`<div class="actions">
            <button onClick=${() => controller.store.set({ dialog: "embed" })}>${say("Embed it in a page…")}</button>
          </div>`
    }
  <//>`;
}

/** @param {{ on: boolean, set: (on: boolean) => void, children?: import("./ui.js").Children }} props */
function Choice({ on, set, children }) {
  return html`<label class="check-line">
    <input
      type="checkbox"
      checked=${on}
      onChange=${(/** @type {FieldEvent} */ e) => set(e.currentTarget.checked)}
    />
    ${children}
  </label>`;
}

/**
 * The link to the moment; empty until it is made.
 * @param {State | null} state null where there is none
 * @param {import("../saved-session.js").Branch[]} all
 * @param {{ withBranches: boolean, withRest?: boolean, withTheme: boolean, pastOnly: boolean }} how
 */
export function useLink(state, all, { withBranches, withRest, withTheme, pastOnly }) {
  const [link, setLink] = useState("");
  useEffect(() => {
    if (!state) return undefined;
    let stale = false;
    const moment = { ...momentOf(state, all, catalog.presetOptions, withRest), pastOnly };
    encode(withBranches ? moment : alone(moment)).then((fragment) => {
      if (!stale) setLink(`${siteAddress()}${withTheme ? `?theme=${theme()}` : ""}${fragment}`);
    });
    return () => {
      stale = true;
    };
  }, [state, all, withBranches, withRest, withTheme, pastOnly]);
  return link;
}

/** @param {{ link: string }} props */
export function LinkBox({ link }) {
  return html`<${Copied} label=${say("Link")} text=${link} button=${say("Copy the link")} />`;
}

/**
 * A text to take along, and a button that copies it.
 * @param {{ label: string, text: string, button: string, rows?: number }} props `rows`: lines, where it has several.
 */
export function Copied({ label, text, button, rows = 1 }) {
  const [copied, setCopied] = useState("");
  // What was copied is another text.
  useEffect(() => setCopied(""), [text]);
  const box = useRef(/** @type {HTMLInputElement | null} */ (null));
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(say("Copied."));
    } catch {
      box.current?.select();
      setCopied(say("The browser does not let the page copy: press Ctrl+C."));
    }
  };
  const field = {
    ref: box,
    readonly: true,
    "aria-label": label,
    value: text,
    onFocus: (/** @type {FieldEvent} */ e) => e.currentTarget.select(),
  };
  return html`${
    rows > 1 ? html`<textarea rows=${rows} wrap="off" ...${field}></textarea>` : html`<input type="text" ...${field} />`
  }
    <div class="actions">
      <span aria-live="polite">${copied}</span>
      <button class="primary" onClick=${copy}>${button}</button>
    </div>`;
}
