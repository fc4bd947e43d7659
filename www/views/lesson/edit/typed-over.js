// The mark and the space that a completion brings along are typed over by an author who types them all the same.
//
// In: changes of the text, and what is typed. Out: an extension of the editor's library.

import { StateEffect, StateField } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/** What is left once a character of it was typed. */
const typed = /** @type {import("@codemirror/state").StateEffectType<string>} */ (StateEffect.define());

/** What of a completion's end stands before the cursor and was not typed yet: `: `, ` `, or nothing. */
const ahead = StateField.define({
  create: () => "",
  update(rest, transaction) {
    for (const effect of transaction.effects) if (effect.is(typed)) return effect.value;
    if (transaction.isUserEvent("input.complete")) {
      const { head } = transaction.newSelection.main;
      const before = transaction.newDoc.sliceString(Math.max(0, head - 2), head);
      return /(?:[:=] ?| )$/.exec(before)?.[0] ?? "";
    }
    return transaction.docChanged || transaction.selection ? "" : rest;
  },
});

/**
 * What of a completion's end is left once `text` is typed; null if that is no part of it.
 * @param {import("@codemirror/state").EditorState} state
 * @param {string} text
 */
export function leftOf(state, text) {
  const rest = state.field(ahead);
  const at = text.length === 1 ? rest.indexOf(text) : -1;
  return at < 0 ? null : rest.slice(at + 1);
}

export const typedOver = () => [
  ahead,
  EditorView.inputHandler.of((view, from, to, text) => {
    const left = from === to ? leftOf(view.state, text) : null;
    if (left === null) return false;
    view.dispatch({ effects: typed.of(left) });
    return true;
  }),
];
