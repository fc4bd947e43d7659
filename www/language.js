// The language of the page: what the address asks for (`lang`), also on the pages that its links lead to, for as long
// as the tab is open; else what was chosen on the page; else English, which needs no table.

import { readPrefs, writePrefs } from "./prefs.js";
import { speak } from "./words.js";

/** Those that the page can speak, each by its own name. */
export const LANGUAGES = /** @type {const} */ ({ en: "English", de: "Deutsch" });

/**
 * A table: the sentences of the engine, and of both; those of the page alone.
 * @typedef {{ engine: Record<string, string>, page: Record<string, string> }} Table
 */

/** @type {Record<string, () => Promise<Table>>} */
const TABLES = { de: () => import("./languages/de.js") };
/**
 * What the engine says of a lesson's text: for those who write one, so that others need not load it.
 * @type {Record<string, () => Promise<{ lesson: Record<string, string> }>>}
 */
const OF_LESSONS = { de: () => import("./languages/de-lesson.js") };

/** Under which name the tab keeps what an address has asked for. */
const TAB = "lsmscope-language";

/**
 * Which language a visit has.
 * @param {string} search The query of the address.
 * @param {string} chosen What was chosen on the page; empty if nothing was.
 */
export function languageOf(search, chosen) {
  const known = [new URLSearchParams(search).get("lang"), chosen].map((tag) => tag?.split("-")[0] ?? "");
  return known.find((code) => Object.hasOwn(LANGUAGES, code)) ?? "en";
}

/**
 * Has the table of the language, and the page's element says which it is.
 * @param {string} search
 */
export async function arrive(search) {
  const code = languageOf(search, askedBefore(search) ?? readPrefs().language);
  if (code !== "en") {
    // A page in English is better than none.
    const arrived = await TABLES[code]().catch(() => null);
    if (!arrived) return;
    speak(code, { ...arrived.engine, ...arrived.page }, arrived.engine, OF_LESSONS[code]);
  }
  document.documentElement.lang = code;
}

/**
 * What an address of this tab has asked for; a frame is its host's, and shares what a tab keeps with others.
 * @param {string} search
 */
function askedBefore(search) {
  if (parent !== window) return null;
  const asked = new URLSearchParams(search).get("lang");
  if (asked !== null) keepInTab(asked);
  try {
    return sessionStorage.getItem(TAB);
  } catch {
    return null;
  }
}

/** @param {string} code */
function keepInTab(code) {
  try {
    sessionStorage.setItem(TAB, code);
  } catch {
    // Refused: the next page of this tab does not know of it.
  }
}

/**
 * Has the page in a language from now on. It is loaded again for that: modules of the page have said much already.
 * @param {string} code
 */
export function choose(code) {
  writePrefs({ language: code });
  keepInTab(code);
  const search = withoutLanguage(location.search);
  // Of two addresses that differ in their fragments alone, the browser would not load the other.
  if (search === location.search) location.reload();
  else location.replace(`${location.pathname}${search}${location.hash}`);
}

/**
 * A query without its language, which would win over the choice on the page.
 * @param {string} search
 */
export function withoutLanguage(search) {
  const fields = search.replace(/^\?/, "").split("&");
  const others = fields.filter((field) => field !== "" && field.split("=")[0] !== "lang");
  return others.length > 0 ? `?${others.join("&")}` : "";
}
