// What a term and a group of terms are.

/**
 * @typedef {object} Term
 * @property {string} name
 * @property {string[]} words The forms in which texts use it, in lower case, without the endings of a plural. One with
 *   a capital is found with it only, as a German noun that is a verb without.
 * @property {string} meaning
 */

/** @typedef {{ title: string, terms: Term[] }} Group */

/**
 * @param {string} title
 * @param {[name: string, words: string, meaning: string][]} rows The words are separated by `; `.
 * @returns {Group}
 */
export function group(title, rows) {
  return { title, terms: rows.map(([name, words, meaning]) => ({ name, words: words.split("; "), meaning })) };
}
