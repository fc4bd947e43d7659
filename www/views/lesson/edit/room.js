// The editor of a lesson: the text at one side, the player at the other with the beat in which the cursor stands; one
// of the two where there is little room. Below the text is what is wrong with it, and what it can name.

import { createCode } from "./code.js";
import { EditorKeys } from "./editor-keys.js";
import { Findings, standing } from "./findings.js";
import { Moments } from "./moments.js";
import { Publish } from "./publish.js";
import { Start } from "./start.js";
import { LessonRoom } from "../room.js";
import { Popover } from "../../popover.js";
import { save } from "../../save.js";
import { Tabs } from "../../tabs.js";
import { fileNameOf } from "../../../lesson/edit/draft.js";
import { number } from "../../../format.js";
import { say } from "../../../words.js";
import { Icon, html, memo, useEffect, useLayoutEffect, useRef, useState } from "../../ui.js";

/** @typedef {import("../../../lesson/edit/editing.js").Editing} Editing */
/** @typedef {import("./code.js").Code} Code */

/**
 * The player is drawn when the page's state changes, not when the editor's does: between two drawings of the page it
 * would be given a state of the lesson that has passed.
 */
const Player = memo(LessonRoom);

/**
 * @param {{
 *   controller: import("../../../controller.js").Controller,
 *   player: import("../../../player.js").Player,
 *   state: import("../../../state.js").State,
 *   editing: Editing,
 * }} props
 */
export function EditRoom({ editing, controller, player, state }) {
  const { store } = editing;
  const [now, draw] = useState(store.get());
  useLayoutEffect(() => {
    draw(store.get());
    return store.subscribe(() => draw(store.get()));
  }, [store]);
  const [below, setBelow] = useState("problems");
  const [publishes, setPublishes] = useState(false);
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const code = useRef(/** @type {Code | null} */ (null));
  useEffect(() => {
    const made = createCode(/** @type {HTMLElement} */ (place.current), editing);
    code.current = made;
    return () => made.close();
  }, [editing]);
  useEffect(() => code.current?.replace(now.text), [now.opened]);
  useEffect(() => code.current?.mark(now.findings), [now.findings]);
  // An article is there as a whole: the preview goes to the part of the cursor.
  useEffect(() => {
    if (state.lesson?.phase === "reading") document.getElementById(`part-${now.place.beat}`)?.scrollIntoView();
  }, [now.place.beat]);
  const isEmpty = now.text.trim() === "";
  const jump = (/** @type {number} */ from, /** @type {number} */ to) => code.current?.jump(from, to);
  const choose = (/** @type {string} */ name) => {
    if (code.current?.nameMoment(name)) return;
    editing.complain(say("Put the cursor into a question or a figure: the name goes to its stop, from or to."));
  };
  const open = (/** @type {string} */ text, /** @type {string} */ from) => {
    editing.open(text, from);
    code.current?.focus();
  };
  return html`<main class="main edit" data-pane=${now.pane} data-empty=${isEmpty ? "" : null}>
    <${Bar} editing=${editing} now=${now} isEmpty=${isEmpty} publish=${() => setPublishes(true)} />
    <section class="edit-text" aria-label=${say("Text||of a lesson")}>
      <div class="edit-code" ref=${place}></div>
      <div class="edit-below">
        ${now.problem ? html`<p class="error" role="alert">${now.problem}</p>` : null}
        ${
          now.hasBefore
            ? html`<p class="edit-before" role="status">
                ${say("What was here before is kept.")}
                <button onClick=${editing.bringBack}>${say("Bring it back")}</button>
              </p>`
            : null
        }
        ${
          isEmpty
            ? html`<${Start} open=${open} complain=${editing.complain} />`
            : html`<p class="edit-standing" role="status" data-check=${now.check}>${standing(now)}</p>
                <${Tabs}
                  label=${say("About the text")}
                  tabs=${[
                    ["problems", say("Problems ({n})", { n: number(now.findings.length) })],
                    ["moments", say("Moments ({n})", { n: number(now.moments.length) })],
                  ]}
                  on=${below}
                  pick=${setBelow}
                />
                <div class="edit-list scroll" role="tabpanel" tabindex="0" aria-label=${say("About the text")}>
                  ${
                    below === "problems"
                      ? html`<${Findings} state=${now} jump=${jump} />`
                      : html`<${Moments} state=${now} choose=${choose} />`
                  }
                </div>`
        }
      </div>
    </section>
    <section class="edit-preview" aria-label=${say("Preview||of a lesson")}>
      ${
        now.hasPreview && state.lesson
          ? html`<${PreviewBar} editing=${editing} now=${now} variants=${state.lesson.outline.variants} />
              <${Player}
                controller=${controller}
                player=${player}
                lesson=${state.lesson}
                lessons=${editing.player}
                state=${state}
                within
              />`
          : html`<div class="empty">
              <p>${say("The lesson plays here as soon as its text is one.")}</p>
            </div>`
      }
    </section>
    ${publishes ? html`<${Publish} text=${now.text} close=${() => setPublishes(false)} />` : null}
  </main>`;
}

/**
 * What can be done with the whole.
 * @param {{
 *   editing: Editing,
 *   now: import("../../../lesson/edit/editing.js").EditingState,
 *   isEmpty: boolean,
 *   publish: () => void,
 * }} props
 */
function Bar({ editing, now, isEmpty, publish }) {
  const [copied, setCopied] = useState("");
  useEffect(() => setCopied(""), [now.text]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(now.text);
      setCopied(say("Copied.||a lesson"));
    } catch {
      setCopied(say("The browser does not let the page copy: download it."));
    }
  };
  return html`<div class="edit-bar">
    <h2>${say("A lesson of your own||the editor")}</h2>
    <div class="edit-panes">
      <${Tabs}
        label=${say("What is in view")}
        tabs=${[
          ["text", say("Text||of a lesson")],
          ["preview", say("Preview||of a lesson")],
        ]}
        on=${now.pane}
        pick=${editing.show}
      />
    </div>
    <span class="edit-kept" role="status">
      ${copied || (isEmpty ? "" : now.isKept ? say("Kept in this browser") : say("Not kept: download it"))}
    </span>
    <div class="edit-acts">
      <${OpenFile} editing=${editing} />
      <button disabled=${isEmpty} onClick=${() => save(fileNameOf(now.text), "text/markdown", now.text)}>
        <${Icon} name="download" />${say("Download||a lesson")}
      </button>
      <button disabled=${isEmpty} onClick=${copy}>${say("Copy||a lesson")}</button>
      <button disabled=${isEmpty} onClick=${publish}><${Icon} name="share" />${say("Publish")}</button>
      <button disabled=${isEmpty} onClick=${() => editing.open("", "")}>${say("Throw away")}</button>
      <${Popover}
        class="edit-keys"
        button="square"
        label=${say("Keys of the editor")}
        box=${() => html`<${EditorKeys} />`}
      >
        <${Icon} name="help" />
      <//>
    </div>
  </div>`;
}

/** @param {{ editing: Editing }} props */
function OpenFile({ editing }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const take = async () => {
    const file = input.current?.files?.[0];
    if (!file) return;
    await editing.openFile(file);
    /** @type {HTMLInputElement} */ (input.current).value = "";
  };
  return html`<button onClick=${() => input.current?.click()}>${say("Open a file||a lesson")}</button>
    <input
      ref=${input}
      type="file"
      hidden
      accept=".md,.markdown,text/markdown,text/plain"
      aria-label=${say("A file with a lesson")}
      onChange=${take}
    />`;
}

/**
 * @param {{
 *   editing: Editing,
 *   now: import("../../../lesson/edit/editing.js").EditingState,
 *   variants: number,
 * }} props
 */
function PreviewBar({ editing, now, variants }) {
  return html`<div class="edit-preview-bar">
    ${
      now.isStale
        ? html`<p class="quiet" role="status">${say("This is the last text without errors.")}</p>`
        : html`<p class="quiet">${say("It is played as a learner has it.")}</p>`
    }
    ${
      variants > 1
        ? html`<label>
            ${say("Variant||of a lesson")}
            <select
              value=${now.variant}
              onChange=${(/** @type {import("../../ui.js").ChoiceEvent} */ e) =>
                editing.showVariant(Number(e.currentTarget.value))}
            >
              ${Array.from(
                { length: variants },
                (_, at) => html`<option key=${at} value=${at}>${number(at + 1)}</option>`,
              )}
            </select>
          </label>`
        : null
    }
  </div>`;
}
