// The format of lessons for the editor's library: Markdown with front matter, and the content of blocks.
//
// In: nothing. Out: the language and its colours. It tells apart what an author writes; what is right is the reader's.

import { HighlightStyle, Language, StreamLanguage, defineLanguageFacet, languageDataProp } from "@codemirror/language";
import { syntaxHighlighting } from "@codemirror/language";
import { parseMixed } from "@lezer/common";
import { tags } from "@lezer/highlight";
import { parser as markdown } from "@lezer/markdown";

/** Keys whose value is prose. */
const PROSE = ["title", "goals", "keep", "next", "ask", "right", "hint", "goal", "unit"];
/** Blocks that hold lines: of commands, or `key: value`. What else stands between fences is text. */
const WITH_LINES = ["lsm", "figure", "policy", "predict", "challenge", "compare", "show"];

/**
 * Lines `key: value` with expressions and texts, and lines of commands. A word of the language is one where it can
 * stand: not in the prose of a value, nor in quotes, also where these go on in a line below.
 */
const content = StreamLanguage.define({
  name: "lesson-block",
  startState: () => ({ isProse: false, isQuoted: false }),
  token(stream, state) {
    if (state.isQuoted) {
      state.isQuoted = !stream.match(/^(?:[^"\\]|\\.)*"/);
      if (state.isQuoted) stream.skipToEnd();
      return "string";
    }
    if (stream.sol() && stream.match(/^#.*/)) return "comment";
    const key = stream.sol() ? /** @type {RegExpMatchArray | null} */ (stream.match(/^[a-z]+(?=[\s:"])/)) : null;
    if (key) {
      // A side of a comparison is called as the text for a right answer is.
      state.isProse = PROSE.includes(key[0]) && !stream.match(/^[ \t]*"/, false);
      return "keyword";
    }
    if (stream.match(/^\{\{[^}]*\}\}/)) return "variableName";
    if (stream.match(/^"/)) {
      state.isQuoted = !stream.match(/^(?:[^"\\]|\\.)*"/);
      if (state.isQuoted) stream.skipToEnd();
      return "string";
    }
    if (state.isProse) {
      stream.match(/^(?:[^{"]+|.)/);
      return null;
    }
    if (stream.match(/^m:[a-z0-9-]+/)) return "labelName";
    if (stream.match(/^-?\d[\d,.]*%?/)) return "number";
    if (stream.match(/^(?:if|where|and|or|not|true|false)\b/)) return "operatorKeyword";
    if (stream.match(/^[a-z_]+(?=\()/i)) return "function";
    if (stream.match(/^\w+/)) return null;
    stream.next();
    return null;
  },
  tokenTable: { function: tags.function(tags.variableName) },
});

/**
 * Whether the fence around its content is a block that holds lines.
 * @param {import("@lezer/common").SyntaxNode} code
 * @param {import("@lezer/common").Input} input
 */
function holdsLines(code, input) {
  const info = code.parent?.getChild("CodeInfo");
  return info ? WITH_LINES.includes(input.read(info.from, info.to).trim().split(/\s/)[0]) : false;
}

const data = defineLanguageFacet({ commentTokens: { line: "#" } });

const parser = markdown.configure([
  {
    // What a lesson cannot have; and two lines of dashes are its front matter, not headings.
    remove: ["SetextHeading", "IndentedCode", "HTMLBlock", "HTMLTag"],
    defineNodes: [{ name: "FrontMatter", block: true }],
    parseBlock: [
      {
        name: "FrontMatter",
        before: "HorizontalRule",
        parse(cx, line) {
          if (cx.lineStart !== 0 || line.text.trim() !== "---") return false;
          const from = cx.lineStart;
          while (cx.nextLine()) if (line.text.trim() === "---") break;
          const to = cx.lineStart + line.text.length;
          cx.nextLine();
          cx.addElement(cx.elt("FrontMatter", from, to));
          return true;
        },
      },
    ],
    wrap: parseMixed(({ type, node }, input) =>
      type.name === "FrontMatter" || (type.name === "CodeText" && holdsLines(node, input))
        ? { parser: content.parser }
        : null,
    ),
    props: [languageDataProp.add((type) => (type.isTop ? data : undefined))],
  },
]);

const colours = HighlightStyle.define([
  { tag: tags.heading, color: "var(--ink)", fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strong, fontWeight: "700" },
  { tag: [tags.link, tags.url], color: "var(--l0)" },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.comment], color: "var(--ink-3)" },
  { tag: tags.labelName, color: "var(--l3)" },
  { tag: tags.keyword, color: "var(--l1)", fontWeight: "600" },
  { tag: tags.operatorKeyword, color: "var(--l1)" },
  { tag: tags.string, color: "var(--imm)" },
  { tag: tags.number, color: "var(--wal)" },
  { tag: tags.variableName, color: "var(--now)" },
  { tag: tags.function(tags.variableName), color: "var(--mem)" },
  { tag: tags.monospace, color: "var(--mem)" },
]);

/** The language, and how it is coloured. */
export const lessonLanguage = () => [new Language(data, parser, [], "lesson"), syntaxHighlighting(colours)];
