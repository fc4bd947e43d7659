// The page that a frame is in, and what every frame says and does alike, whatever it shows.

import { languageOf } from "../language.js";
import { isFramed } from "../site-address.js";
import { applyTheme } from "../theme.js";
import { spoken } from "../words.js";

/**
 * The window of the host; null where there is none: opened as a page of its own, the frame would be its own host, and a
 * learning platform has an API of its own.
 * @param {import("./settings.js").FrameSettings} settings
 */
export function hostOf(settings) {
  return isFramed() && settings.report !== "scorm" ? window.parent : null;
}

/**
 * What a frame says when it is there.
 * @param {string} version
 * @param {string[]} lessons The ids of those that it shows.
 */
export function readyMessage(version, lessons) {
  return { type: "ready", version, lessons, size: { width: innerWidth, height: innerHeight } };
}

/**
 * Takes the theme that a host asks for; what is none is the reader's own.
 * @param {import("../store.js").Store<import("../state.js").State>} store
 * @param {unknown} theme
 */
export function takeTheme(store, theme) {
  const chosen = theme === "light" || theme === "dark" ? theme : "";
  if (chosen === store.get().theme) return;
  store.set({ theme: chosen });
  applyTheme(chosen);
}

/**
 * Opens the frame anew in the language that its host asks for, if it speaks another one: what a module says was said
 * when it was read. One that the page does not know changes nothing.
 * @param {unknown} lang
 * @param {() => Promise<string>} fragment of the link that it goes on with
 */
export async function takeLanguage(lang, fragment) {
  const wanted = languageOf(`?${new URLSearchParams({ lang: String(lang ?? "") })}`, spoken());
  if (wanted !== spoken()) {
    const url = new URL(location.href);
    url.searchParams.set("lang", wanted);
    url.hash = await fragment().catch(() => location.hash);
    location.replace(url);
  }
  return { lang: wanted };
}
