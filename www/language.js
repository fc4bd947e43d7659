// The language of the page: what the address asks for (`lang`), else what was chosen on the page; else English, which
// needs no table.

import { readPrefs, writePrefs } from "./prefs.js";
import { speak } from "./words.js";

/** Those that the page can speak, each by its own name. */
export const LANGUAGES = /** @type {const} */ ({ en: "English", de: "Deutsch" });

/** @type {Record<string, () => Promise<{ default: Record<string, string> }>>} */
const TABLES = { de: () => import("./languages/de.js") };

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
  const code = languageOf(search, readPrefs().language);
  if (code !== "en") {
    // A page in English is better than none.
    const arrived = await TABLES[code]().catch(() => null);
    if (!arrived) return;
    speak(code, arrived.default);
  }
  document.documentElement.lang = code;
}

/**
 * Has the page in a language from now on. It is loaded again for that: modules of the page have said much already.
 * @param {string} code
 */
export function choose(code) {
  writePrefs({ language: code });
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
