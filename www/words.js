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
/** What of it the engine says. @type {Record<string, string>} */
let engines = {};
/** Loads what the engine says of a lesson's text. @type {() => Promise<{ lesson: Record<string, string> }>} */
let lessons = async () => ({ lesson: {} });
let language = "en";
/** What Intl knows of the language. Made once, and only when it is needed: making one takes up to 18 ms. */
let rules = /** @type {{ plural?: Intl.PluralRules, forms?: string[], number?: Intl.NumberFormat }} */ ({});
let retell = (/** @type {string} */ what) => what;

/**
 * Has everything be said in another language from now on.
 * @param {string} code
 * @param {Record<string, string>} sentences
 * @param {Record<string, string>} [engine] Those of them that the engine says.
 * @param {typeof lessons} [ofTexts] Loads what it says of a lesson's text, to its author.
 */
export function speak(code, sentences, engine = {}, ofTexts = async () => ({ lesson: {} })) {
  [language, table, engines, lessons, rules] = [code, sentences, engine, ofTexts, {}];
}

/** What the engine says: an English sentence and what it is in the language, in turn; empty for English. */
export const ofEngine = () => Object.entries(engines).flat();

/** What the engine says where lessons are: the same, and what it says of a lesson's text. */
export async function ofLessons() {
  // A message in English is better than none.
  const arrived = await lessons().catch(() => null);
  return Object.entries({ ...engines, ...arrived?.lesson }).flat();
}

/**
 * Has `retold` say what the engine wrote.
 * @param {(what: string) => string} how the engine's own way, in the page's language
 */
export function retellBy(how) {
  retell = how;
}

/**
 * What the engine wrote of an error into an event, where it stands in English, in the reader's language.
 * @param {string} what
 */
export const retold = (what) => retell(what);

/** The language that is spoken: `en`, `de`. */
export const spoken = () => language;

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
  const plural = (rules.plural ??= new Intl.PluralRules(language));
  rules.forms ??= CATEGORIES.filter((category) => plural.resolvedOptions().pluralCategories.includes(category));
  return Math.min(rules.forms.indexOf(plural.select(n)), length - 1);
}

/**
 * `1,234,567`; in German `1.234.567`.
 * @param {number} n
 */
export function number(n) {
  return n < 1000 ? decimal(String(n)) : (rules.number ??= new Intl.NumberFormat(language)).format(n);
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
