// Light or dark: the page's own choice, or the system's; on paper, light. Canvases are told when it changes.

let isOnPaper = false;

/**
 * The theme in use: the one that was chosen, or the system's.
 * @returns {"light" | "dark"}
 */
export function theme() {
  if (isOnPaper) return "light";
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** The event of the window when the colours change. */
export const THEME_CHANGE = "themechange";

/** What is around the page (a phone's browser, the window of the installed page) has the colour of the top bar. */
const BAR = { light: "#ffffff", dark: "#191d26" };

/**
 * Has the page in a theme; without one, in the system's.
 * @param {"light" | "dark" | ""} theme
 */
export function applyTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  for (const meta of /** @type {NodeListOf<HTMLMetaElement>} */ (document.querySelectorAll("meta[name=theme-color]")))
    meta.content = BAR[theme || (meta.media.includes("dark") ? "dark" : "light")];
  dispatchEvent(new Event(THEME_CHANGE));
}

/** Draws canvases for paper as soon as the page is printed, and for the screen afterwards. */
export function followPaper() {
  const turn = (/** @type {boolean} */ next) => {
    if (next === isOnPaper) return;
    isOnPaper = next;
    dispatchEvent(new Event(THEME_CHANGE));
  };
  // Which of them comes first, and whether the second comes before the page is laid out, differs between browsers.
  matchMedia("print").addEventListener("change", ({ matches }) => turn(matches));
  addEventListener("beforeprint", () => turn(true));
  addEventListener("afterprint", () => turn(false));
}
