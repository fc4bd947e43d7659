// An ESLint rule: what a reader sees is said by www/words.js, so that it can be said in another language.
//
// Reported: letters between the tags of an html`…` template, and in its attributes that are read out or shown; other
// texts that read like a sentence (a capital letter and several words), unless they are an argument of `say` and its
// like, or what the option `data` lists: names that are the same in every language, and what programs read.

const SAYING = new Set(["say", "sayParts", "sayCount", "count"]);
/** Attributes whose text is shown or read out. */
const SHOWN = /\s(?:aria-label|aria-description|aria-roledescription|title|placeholder|alt|label|summary)="([^"\0]*)"/g;
const LETTERS = /\p{L}{2}/u;
const SENTENCE = /^\s*["“]?\p{Lu}\p{Ll}*[ ,][^]*\p{Ll}{2}|\p{Ll}{2}[,.:;]? \p{Ll}{2,}[,.:;]? \p{Ll}{2}/u;

/** A value of a style sheet. */
const STYLE = /\bvar\(--/;

/** Whether a node is what a call says, or the message of a fault of the program. @param {any} node */
function isSaid(node) {
  for (let [child, parent] = [node, node.parent]; parent; [child, parent] = [parent, parent.parent]) {
    if (parent.type === "CallExpression" && SAYING.has(parent.callee.name)) return parent.arguments.includes(child);
    if (parent.type === "CallExpression" && parent.callee.object?.name === "console") return true;
    if (parent.type === "TaggedTemplateExpression" || /Function/.test(parent.type)) return false;
  }
  return false;
}

/** @type {import("eslint").Rule.RuleModule} */
const hardWired = {
  meta: {
    type: "problem",
    schema: [{ type: "object", properties: { data: { type: "array", items: { type: "string" } } } }],
    messages: { said: "“{{text}}” is not said by words.js: no other language can have it." },
  },
  create(context) {
    const data = new Set(context.options[0]?.data);
    /** @param {any} node @param {string} text */
    const report = (node, text) => {
      const words = text.replace(/\s+/g, " ").trim();
      if (!data.has(words) && !STYLE.test(words))
        context.report({ node, messageId: "said", data: { text: words.slice(0, 60) } });
    };
    return {
      /** @param {any} node */
      TaggedTemplateExpression(node) {
        if (node.tag.name !== "html") return;
        const markup = node.quasi.quasis.map((/** @type {any} */ part) => part.value.cooked).join("\0");
        for (const [, text] of markup.matchAll(SHOWN)) if (LETTERS.test(text)) report(node, text);
        for (const text of markup.replace(/<(?:[^<>"]|"[^"]*")*>/g, "\x01").split("\x01"))
          for (const part of text.split("\0")) if (LETTERS.test(part)) report(node, part);
      },
      /** @param {any} node */
      Literal(node) {
        if (typeof node.value !== "string" || /^Import|^Export/.test(node.parent.type)) return;
        if (SENTENCE.test(node.value) && !isSaid(node)) report(node, node.value);
      },
      /** @param {any} node */
      TemplateLiteral(node) {
        if (node.parent.type === "TaggedTemplateExpression" || isSaid(node)) return;
        const text = node.quasis.map((/** @type {any} */ part) => part.value.cooked).join(" ");
        if (SENTENCE.test(text)) report(node, text);
      },
    };
  },
};

export default { rules: { "hard-wired": hardWired } };
