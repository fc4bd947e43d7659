// The text of a lesson in CodeMirror: colours, completion, and marks at what is wrong.
//
// It lives in a shadow root: there the library's style sheet is a constructed one, which a strict policy for contents
// allows, as it would not allow a style element. The page's colours are inherited.

import { acceptCompletion, autocompletion, completionKeymap, startCompletion } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, insertTab, isolateHistory } from "@codemirror/commands";
import { indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";

import { lessonLanguage } from "./language.js";
import { typedOver } from "./typed-over.js";
import { completionsAt } from "../../../lesson/edit/completions.js";
import { createKeptPlace } from "../../../lesson/edit/kept-place.js";
import { momentEdit } from "../../../lesson/edit/moment-edit.js";
import { say } from "../../../words.js";

/** @typedef {import("../../../lesson/edit/editing.js").Editing} Editing */
/** @typedef {import("../../../lesson/edit/checking.js").Finding} Finding */

const theme = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--card)", color: "var(--ink)", fontSize: "13px" },
  // The place of it has the outline.
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--ink)", padding: "8px 0" },
  "&.cm-focused .cm-cursor, .cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--l0-bg)",
  },
  ".cm-gutters": { backgroundColor: "var(--bed)", color: "var(--ink-3)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": {
    backgroundColor: "color-mix(in srgb, var(--l0-bg) 35%, transparent)",
  },
  ".cm-placeholder": { color: "var(--ink-3)" },
  ".cm-tooltip": {
    border: "1px solid var(--line-2)",
    borderRadius: "6px",
    backgroundColor: "var(--card)",
    color: "var(--ink)",
    fontFamily: "var(--sans)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 8px", fontFamily: "var(--mono)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--l0-bg)",
    color: "var(--ink)",
  },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionDetail": { color: "var(--ink-2)", fontStyle: "normal" },
  ".cm-completionInfo": { padding: "6px 10px", maxWidth: "280px", lineHeight: "1.4" },
  ".cm-diagnostic": { padding: "6px 10px", lineHeight: "1.4" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--dead)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--wal)" },
  ".cm-diagnosticAction": { backgroundColor: "var(--ink)", color: "var(--card)", borderRadius: "4px" },
});

/**
 * @param {HTMLElement} place
 * @param {Editing} editing
 */
export function createCode(place, editing) {
  const { words } = editing;
  const root = place.shadowRoot ?? place.attachShadow({ mode: "open" });
  // What is typed is no shortcut of the page: from outside, its target is the host, which is no field.
  place.addEventListener("keydown", (event) => event.stopPropagation());
  const { text } = editing.store.get();
  const keptPlace = createKeptPlace();
  const anchor = keptPlace.of(text);
  const view = new EditorView({
    root,
    parent: root,
    scrollTo: EditorView.scrollIntoView(anchor, { y: "center" }),
    state: EditorState.create({
      doc: text,
      selection: { anchor },
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        indentUnit.of("  "),
        EditorView.lineWrapping,
        lessonLanguage(),
        theme,
        placeholder(say("The text of a lesson")),
        autocompletion({ override: [complete], icons: false }),
        typedOver(),
        EditorState.phrases.of(phrases()),
        // Escape, then Tab, leaves: the library itself lets the second go by.
        keymap.of([
          { key: "Tab", run: acceptCompletion },
          { key: "Tab", run: insertTab, shift: indentLess },
          ...completionKeymap,
          ...lintKeymap,
          ...historyKeymap,
          ...defaultKeymap,
        ]),
        EditorView.contentAttributes.of({
          "aria-label": say("The text of the lesson"),
          spellcheck: "false",
          tabindex: "0",
        }),
        EditorView.updateListener.of(({ docChanged, selectionSet, state }) => {
          if (docChanged) editing.change(state.doc.toString());
          if (!docChanged && !selectionSet) return;
          editing.moveTo(state.selection.main.head);
          keptPlace.keep(state.doc.toString(), state.selection.main.head);
        }),
      ],
    }),
  });
  if (anchor > 0) editing.moveTo(anchor);
  const watcher = new ResizeObserver(keepInView(view));
  watcher.observe(view.scrollDOM);

  /** @param {import("@codemirror/autocomplete").CompletionContext} context */
  function complete({ state, pos, explicit }) {
    const found = completionsAt(words, state.doc.toString(), pos);
    if (!found || found.choices.length === 0) return null;
    // Nothing was typed of a word yet: a list would be in the way, unless little can stand here.
    const isOpen = pos > found.from || /[.={]$/.test(state.sliceDoc(Math.max(0, pos - 1), pos));
    if (!explicit && !isOpen) return null;
    return {
      from: found.from,
      // Behind a word that is whole, nothing is left to offer: Enter begins a line.
      validFor: (/** @type {string} */ word) =>
        /^\w*$/.test(word) && !found.choices.some(({ insert }) => insert.trim() === word),
      options: found.choices.map(({ name, insert, usage, about }, at) => ({
        label: name,
        apply: insert,
        detail: usage && usage !== name ? usage : undefined,
        info: about || undefined,
        // In the order of the language.
        boost: -at / 10,
      })),
    };
  }

  /** @param {Finding[]} findings */
  function mark(findings) {
    const { length } = view.state.doc;
    const diagnostics = findings.map(({ severity, message, remedy, start, end }) => {
      const from = Math.min(start, length);
      const word = meantBy(remedy);
      return {
        from,
        to: Math.max(from, Math.min(end, length)),
        severity,
        message: `${message}. ${remedy}`,
        actions: word
          ? [
              {
                name: say("Write {word}", { word }),
                apply: (/** @type {EditorView} */ on, /** @type {number} */ a, /** @type {number} */ b) =>
                  on.dispatch({ changes: { from: a, to: b, insert: word }, userEvent: "input.complete" }),
              },
            ]
          : [],
      };
    });
    view.dispatch(setDiagnostics(view.state, diagnostics));
  }

  return {
    mark,
    /** Another text, as a change that can be undone. @param {string} text */
    replace(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 } });
    },
    /** @param {number} from @param {number} [to] */
    jump(from, to = from) {
      const { length } = view.state.doc;
      const anchor = Math.min(from, length);
      const effects = EditorView.scrollIntoView(anchor, { y: "center" });
      view.dispatch({ selection: { anchor, head: Math.min(to, length) }, effects });
      view.focus();
    },
    /**
     * Puts a moment to the key of the block in which the cursor stands.
     * @param {string} name
     * @returns {boolean} whether it stands in one
     */
    nameMoment(name) {
      const changes = momentEdit(view.state.doc.toString(), view.state.selection.main.head, name);
      if (!changes) return false;
      const effects = EditorView.scrollIntoView(changes.from, { y: "nearest" });
      // One step back, whatever was typed before.
      view.dispatch({ changes, effects, userEvent: "input", annotations: isolateHistory.of("full") });
      view.focus();
      return true;
    },
    complete: () => startCompletion(view),
    focus: () => view.focus(),
    close() {
      watcher.disconnect();
      view.destroy();
    },
  };
}

/**
 * What lies below the text may grow: a line with the cursor that was in view then stays there.
 * @param {EditorView} view
 */
function keepInView(view) {
  let before = view.scrollDOM.clientHeight;
  return () => {
    const { clientHeight, scrollTop } = view.scrollDOM;
    const { head } = view.state.selection.main;
    const { top, bottom } = view.lineBlockAt(head);
    const wasInView = bottom > scrollTop && top < scrollTop + before;
    if (clientHeight < before && wasInView && bottom > scrollTop + clientHeight)
      view.dispatch({ effects: EditorView.scrollIntoView(head, { y: "center" }) });
    before = clientHeight;
  };
}

/**
 * The word that a remedy proposes, if that is all that it says.
 * @param {string} remedy
 */
function meantBy(remedy) {
  const [before, after] = say("Did you mean {near}?").split("{near}");
  if (!remedy.startsWith(before) || !remedy.endsWith(after)) return undefined;
  const word = remedy.slice(before.length, remedy.length - after.length);
  return /^\S+$/.test(word) ? word : undefined;
}

/** What the library says itself, to a screen reader. */
const phrases = () => ({
  Completions: say("Completions"),
  Diagnostics: say("Problems"),
  close: say("Close||problems"),
  "current match": say("current match"),
});

/** @typedef {ReturnType<typeof createCode>} Code */
