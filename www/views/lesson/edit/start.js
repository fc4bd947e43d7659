// In the place of a text: what the editor is for, and what to begin with.

import { SKELETON } from "../../../lesson/edit/skeleton.js";
import { problemWords } from "../../../lesson/lesson-context.js";
import { textOf } from "../../../lesson/open-lesson.js";
import { say } from "../../../words.js";
import { html, useState } from "../../ui.js";

/** @param {{ open: (text: string, from: string) => void, complain: (problem: string) => void }} props */
export function Start({ open, complain }) {
  const [address, setAddress] = useState("");
  const begin = async (/** @type {string} */ name) => {
    const found = await textOf(name);
    if ("text" in found) open(found.text, name);
    else complain(found.problem);
  };
  const beginWithGuide = async () => {
    try {
      // The lesson of docs/authoring.md.
      open((await import("../../../lessons/guide.js")).default, "guide");
    } catch (error) {
      complain(problemWords(error));
    }
  };
  return html`<div class="edit-start scroll">
    <p>
      ${say(
        "A lesson is a text. It asks what the engine will do, runs the engine, and the engine says who was right: " +
          "you never write the answer. Begin with one of these and change it; beside it you see what a learner sees.",
      )}
    </p>
    <p class="lesson-acts">
      <button class="primary" onClick=${beginWithGuide}>${say("The lesson of the guide")}</button>
      <button onClick=${() => open(SKELETON, "skeleton")}>${say("Three short beats")}</button>
    </p>
    <form
      onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        begin(address.trim());
      }}
    >
      <input
        type="text"
        required
        value=${address}
        placeholder="https://…/lesson.md"
        aria-label=${say("Address of a lesson, or the name of one of the course")}
        onInput=${(/** @type {import("../../ui.js").FieldEvent} */ e) => setAddress(e.currentTarget.value)}
      />
      <button>${say("Begin with a copy")}</button>
    </form>
    <p class="quiet">${say("Or drop a file with the ending .md onto this page.")}</p>
  </div>`;
}
