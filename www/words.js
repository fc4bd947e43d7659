// What the page says, in the reader's language.
//
// In: an English sentence with places for values, `Run after {command}`; it is its own key in the tables of other
// languages (languages/de/*.json). Out: the sentence of that language with the values in it; the English one where the
// table has none. A key may end in `||context`, where one English word means two things: `Open||a file`.
//
// Sentences about a count have a form for each of the plural categories that `Intl.PluralRules` names for the language,
// in the order of `CATEGORIES`; English has two, `{n} table` and `{n} tables`, which together are the key:
// `{n} table|{n} tables`.

/** @typedef {string | number} Value */

/** @type {Record<string, string>} */
let table = {};
let language = "en";
/** @type {Intl.PluralRules | undefined} */
let plural;

/**
 * Has everything be said in another language from now on.
 * @param {string} code
 * @param {Record<string, string>} sentences
 */
export function speak(code, sentences) {
  [language, table, plural] = [code, sentences, undefined];
}

/** The language that is spoken: `en`, `de`. */
export const spoken = () => language;

/** The table: an English sentence and what it is in the language, in turn; empty for English. */
export const sentences = () => Object.entries(table).flat();

/**
 * @param {string} sentence
 * @param {Record<string, Value>} [values]
 */
export function say(sentence, values) {
  const said = table[sentence] ?? english(sentence);
  return values ? said.replace(PLACE, (whole, name) => String(values[name] ?? whole)) : said;
}

/**
 * The same with parts of a page in it, as preact takes them.
 * @template Part
 * @param {string} sentence
 * @param {Record<string, Part>} parts
 * @returns {(string | Part)[]}
 */
export function sayParts(sentence, parts) {
  const said = table[sentence] ?? english(sentence);
  return said.split(PLACE).map((text, at) => (at % 2 === 1 ? (parts[text] ?? text) : text));
}

/**
 * A sentence about a count, which stands in it as `{n}`.
 * @param {number} n
 * @param {string} one
 * @param {string} many
 * @param {Record<string, Value>} [values]
 */
export function sayCount(n, one, many, values) {
  const forms = table[`${one}|${many}`]?.split("|");
  const said = forms ? forms[form(n, forms.length)] : english(n === 1 ? one : many);
  return said.replace(PLACE, (whole, name) => String(name === "n" ? number(n) : (values?.[name] ?? whole)));
}

/** The plural categories of all languages, in the order of the Unicode CLDR. */
const CATEGORIES = /** @type {const} */ (["zero", "one", "two", "few", "many", "other"]);

/** @param {number} n @param {number} length */
function form(n, length) {
  plural ??= new Intl.PluralRules(language);
  const { pluralCategories } = plural.resolvedOptions();
  const own = CATEGORIES.filter((category) => pluralCategories.includes(category));
  return Math.min(own.indexOf(plural.select(n)), length - 1);
}

/** Made once, and only when a number needs it: making one takes 18 ms. @type {Record<string, Intl.NumberFormat>} */
const grouped = {};

/**
 * `1,234,567`; in German `1.234.567`.
 * @param {number} n
 */
export function number(n) {
  return n < 1000 ? decimal(String(n)) : (grouped[language] ??= new Intl.NumberFormat(language)).format(n);
}

/**
 * A number that was written with a decimal point, as the language writes it.
 * @param {string} digits
 */
export function decimal(digits) {
  return language === "en" ? digits : digits.replace(".", say("."));
}

const PLACE = /\{(\w+)\}/g;

/** @param {string} key */
function english(key) {
  const context = key.indexOf("||");
  return context < 0 ? key : key.slice(0, context);
}
