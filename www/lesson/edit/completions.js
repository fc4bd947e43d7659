// What can stand where a cursor stands in a lesson.
//
// In: the words of the language, as the engine lists them; a text, an offset. Out: what the word before the cursor may
// become, each with a line that explains it; nothing where any text may stand.

import { placeOf } from "./place.js";

/** @typedef {import("../../../lsmscope_lesson.js").Vocabulary} Vocabulary */
/** @typedef {import("../../../lsmscope_lesson.js").LessonWord} Word */
/**
 * @typedef {object} Choice
 * @property {string} name
 * @property {string} insert What is put in its place.
 * @property {string} usage
 * @property {string} about
 */
/** @typedef {{ from: number, choices: Choice[] }} Completions `from`: where the word begins */

/** Keys whose value is an expression, and those whose value is lines. */
const EXPRESSIONS = ["truth", "expect", "check", "let"];
const SCRIPTS = ["run", "start", "solution", "left", "right"];

/**
 * @param {Vocabulary} words
 * @param {string} text
 * @param {number} offset
 * @returns {Completions | null}
 */
export function completionsAt(words, text, offset) {
  const place = placeOf(text, offset, (info) => isBlock(words, info));
  const found = choicesOf(words, place, text);
  if (!found) return null;
  const named = found.choices.filter(({ name }) => name.startsWith(found.word) || found.word === "");
  const choices = named.map((choice) => before(choice, text.slice(offset)));
  // Behind a whole word, Enter begins a line.
  if (choices.some(({ insert }) => insert.trim() === found.word)) return null;
  return { from: offset - found.word.length, choices };
}

/**
 * A completion before a text: what it brings along may stand there already.
 * @param {Choice} choice
 * @param {string} rest
 * @returns {Choice}
 */
function before(choice, rest) {
  const [, word, mark] = /^(.*?)([:=(]) ?$/.exec(choice.insert) ?? [];
  return mark !== undefined && rest.startsWith(mark) ? { ...choice, insert: word } : choice;
}

/**
 * Whether a fence is a block of a lesson.
 * @param {Vocabulary} words
 * @param {string} info
 */
export const isBlock = (words, info) => words.blocks.some(({ name }) => name === info.trim().split(/\s/)[0]);

/** @typedef {{ word: string, choices: Choice[] } | null} Found */

/**
 * @param {Vocabulary} words
 * @param {import("./place.js").Place} place
 * @param {string} text
 * @returns {Found}
 */
function choicesOf(words, place, text) {
  const { part, before } = place;
  if (part === "front") return ofFront(words, before);
  if (part === "info") return ofInfo(words, before.replace(/^\s*[`~]+/, ""));
  const braces = /\{\{([^{}]*)$/.exec(before);
  if (part === "text") return braces ? ofExpression(words, braces[1], text) : null;
  const block = words.blocks.find(({ name }) => name === place.info.trim().split(/\s/)[0]);
  if (!block) return null;
  // In a script, only variables may stand in braces.
  const isScript = block.takes_lines || (SCRIPTS.includes(place.key) && !/"/.test(before.split(":").at(-1) ?? ""));
  if (braces) return isScript ? named(braces[1], variablesOf(text)) : ofExpression(words, braces[1], text);
  if (block.takes_lines) return ofScript(words, before);
  if (!/[\s:]/.test(before)) return named(before, block.keys.map(withColon));
  return ofValue(words, place, text);
}

/**
 * @param {Vocabulary} words
 * @param {import("./place.js").Place} place
 * @param {string} text
 * @returns {Found}
 */
function ofValue(words, { key, before }, text) {
  const value = /^\s/.test(before) ? before : before.slice(before.indexOf(":") + 1);
  const hasColon = /^\s/.test(before) || before.includes(":");
  const condition = /\bif ([^"]*)$/.exec(before)?.[1];
  if (["wrong", "choice"].includes(key) && condition !== undefined) return ofExpression(words, condition, text);
  if (!hasColon) return null;
  if (EXPRESSIONS.includes(key)) return ofExpression(words, value, text);
  if (key === "stop") return named(wordOf(value), words.events.map(plain));
  if (key === "allow") return named(wordOf(value), words.commands.map(plain));
  // A side of a comparison has a title before its colon; a text for a right answer is none of a script.
  if (SCRIPTS.includes(key) && !value.includes('"')) return ofScript(words, value);
  return null;
}

/**
 * @param {Vocabulary} words
 * @param {string} before
 * @returns {Found}
 */
function ofFront(words, before) {
  const [, key, value] = /^([a-z]+):\s*(.*)$/.exec(before) ?? [];
  if (key === undefined) return /^[a-z]*$/.test(before) ? named(before, words.front.map(withColon)) : null;
  if (key === "preset") return named(value, words.presets.map(plain));
  if (key === "kind") return named(value, ["lesson", "article"].map(bare));
  if (key === "options" && /[{,]\s*\w*$/.test(value)) return named(wordOf(value), words.options.map(withColon));
  const option = key === "options" ? /(\w+): ?(\w*)$/.exec(value) : null;
  return option ? ofOption(words, option[1], option[2]) : null;
}

/**
 * @param {Vocabulary} words
 * @param {string} before The first line of a fence, up to the cursor.
 * @returns {Found}
 */
function ofInfo(words, before) {
  const all = before.trimStart().split(/\s+/);
  const word = /** @type {string} */ (all.at(-1));
  if (all.length === 1) {
    const whole = words.blocks.flatMap((block) => {
      const first = plain(block);
      return block.kinds.length > 0 && block.name !== "show"
        ? block.kinds.map((kind) => ({
            ...plain(kind),
            name: `${block.name} ${kind.name}`,
            insert: startOf(block, kind),
          }))
        : [{ ...first, insert: startOf(block) }];
    });
    return named(word, whole);
  }
  const block = words.blocks.find(({ name }) => name === all[0]);
  if (!block) return null;
  const [, name, value] = /^(\w+)=(\S*)$/.exec(word) ?? [];
  if (name !== undefined)
    return name === "preset" ? named(value, words.presets.map(plain)) : ofOption(words, name, value);
  const kinds = all.length === 2 || block.name === "show" ? block.kinds.map(plain) : [];
  const options = block.takes_options
    ? [{ ...bare("preset"), insert: "preset=" }, ...words.options.map(withEquals)]
    : [];
  return named(word, [...kinds, ...block.attributes.map(attribute), ...options]);
}

/**
 * How a block begins: with what it cannot be without.
 * @param {Word & { attributes: Word[] }} block
 * @param {Word} [kind]
 */
function startOf(block, kind) {
  const needs = block.attributes.some(({ name }) => name === "id") && block.name !== "compare";
  const lines = block.name === "challenge" ? " lines=3" : "";
  return `${block.name}${kind ? ` ${kind.name}` : ""}${needs ? " id=" : ""}${lines}`;
}

/**
 * @param {Vocabulary} words
 * @param {string} name
 * @param {string} word
 * @returns {Found}
 */
function ofOption(words, name, word) {
  const option = words.options.find((one) => one.name === name);
  return option && option.choices.length > 0 ? named(word, option.choices.map(bare)) : null;
}

/**
 * @param {Vocabulary} words
 * @param {string} before
 * @returns {Found}
 */
function ofScript(words, before) {
  const line = /** @type {string} */ (before.split("|").at(-1)).trimStart();
  if (!/\s/.test(line)) return named(line, words.commands.map(plain));
  if (!/^(options|open|reopen|sim|drive)\b/.test(line)) return null;
  const word = /** @type {string} */ (line.split(/\s/).at(-1));
  const [, name, value] = /^(\w+)=(\S*)$/.exec(word) ?? [];
  if (name !== undefined) return ofOption(words, name, value);
  return named(word, words.options.map(withEquals));
}

/**
 * @param {Vocabulary} words
 * @param {string} before The expression, up to the cursor.
 * @param {string} text
 * @returns {Found}
 */
function ofExpression(words, before, text) {
  // Within quotes, anything may stand.
  if ((before.split('"').length - 1) % 2 === 1) return null;
  const word = wordOf(before);
  const ahead = before.slice(0, before.length - word.length);
  const fields = (/** @type {string} */ kind) => {
    const event = words.events.find(({ name }) => name === kind);
    return (event?.fields ?? []).map((name) => ({ ...bare(name), about: `${kind}: ${event?.about}` }));
  };
  if (ahead.endsWith(".")) {
    const inner = innerFields(words, ahead.slice(0, -1));
    if (inner) return named(word, inner);
    const call = callBefore(ahead.slice(0, -1));
    if (call) {
      const ofEvent = /^(first|last)$/.test(call.name) ? fields(wordAt(call.given)) : [];
      return named(word, call.name === "at" ? words.state.map(plain) : ofEvent);
    }
    const owner = wordOf(ahead.slice(0, -1));
    switch (owner) {
      case "report":
      case "begin":
        return named(word, words.state.map(plain));
      case "options":
        return named(word, words.options.map(plain));
      case "expected":
      case "compared":
        return named(word, words.formulas.map(plain));
      case "picked":
        return named(word, words.picked.map(plain));
      default:
        return named(word, fields(owner));
    }
  }
  const where = /(\w+)(?:\.\w+)?\s+where\b[^()]*$/.exec(ahead);
  const ofWhere = where ? fields(where[1]) : [];
  return named(word, [
    ...ofWhere,
    ...variablesOf(text),
    ...words.functions.map((one) => ({ ...plain(one), insert: `${one.name}(` })),
    ...words.names.map(plain),
    ...words.events.map(plain),
  ]);
}

/**
 * The fields of a field of an event, `last(get_ended).cost` or `get_ended.cost`; null if it has none.
 * @param {Vocabulary} words
 * @param {string} owner
 */
function innerFields(words, owner) {
  const [, before, field] = /^([^]*)\.(\w+)$/.exec(owner) ?? [];
  if (field === undefined) return null;
  const call = callBefore(before);
  const kind = call && /^(first|last)$/.test(call.name) ? wordAt(call.given) : wordOf(before);
  const inner = words.events.find(({ name }) => name === kind)?.inner.find(({ name }) => name === field);
  return inner ? inner.fields.map((name) => ({ ...bare(name), about: `${kind}.${field}` })) : null;
}

/**
 * The variables that the front matter names.
 * @param {string} text
 * @returns {Choice[]}
 */
function variablesOf(text) {
  const record = /^vary:\s*\{(.*)\}\s*$/m.exec(text)?.[1] ?? "";
  return [...record.matchAll(/(\w+)\s*:/g)].map(([, name]) => bare(name));
}

/**
 * The call with which a text ends: its name, and what stands in its parentheses.
 * @param {string} text
 */
function callBefore(text) {
  if (!text.endsWith(")")) return null;
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    if (text[at] === ")") depth += 1;
    if (text[at] === "(") depth -= 1;
    if (depth === 0) return { name: wordOf(text.slice(0, at)), given: text.slice(at + 1, -1) };
  }
  return null;
}

/** The word with which a text begins. @param {string} text */
const wordAt = (text) => /** @type {RegExpExecArray} */ (/^\s*(\w*)/.exec(text))[1];

/** The word at the end of a text. @param {string} text */
const wordOf = (text) => /** @type {RegExpExecArray} */ (/\w*$/.exec(text))[0];

/** @param {string} word @param {Choice[]} choices @returns {Found} */
const named = (word, choices) => (choices.length > 0 ? { word, choices } : null);

/** @param {string} name @returns {Choice} */
const bare = (name) => ({ name, insert: name, usage: "", about: "" });

/** @param {{ name: string, usage?: string, about: string }} word @returns {Choice} */
const plain = ({ name, usage = "", about }) => ({ name, insert: name, usage, about });

/** @param {{ name: string, usage?: string, about: string }} word @returns {Choice} */
function withColon(word) {
  const hasHead = ["let", "choice", "card", "why", "wrong", "left", "right"].includes(word.name);
  const takesText = hasHead && (word.usage ?? "").startsWith(`${word.name} `);
  return { ...plain(word), insert: takesText ? `${word.name} ` : `${word.name}: ` };
}

/** @param {{ name: string, about: string }} word @returns {Choice} */
const withEquals = (word) => ({ ...plain(word), insert: `${word.name}=` });

/** @param {Word} word @returns {Choice} */
const attribute = (word) => (word.usage === word.name ? plain(word) : withEquals(word));
