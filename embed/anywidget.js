// lsm-scope as an anywidget: in a notebook's cell, and by MyST's {anywidget} directive. https://anywidget.dev/en/afm
//
// In: a model, whose values are the element's attributes; `script` is the commands, one a line. A host copies this
// file, so `base` says where the frame's page is. Out: the element in `el`. Where the model has `moment` or `position`,
// they follow the frame, and a `moment` that is set leads there; in MyST, which keeps no changes, nothing comes of it.
// Errors: as the element's, on its poster.

import "./lsm-scope.js";

/** @typedef {{ get(name: string): any, set(name: string, value: any): void, save_changes(): void,
 *   on(name: string, listener: () => void): void, off(name: string, listener: () => void): void }} Model */

const ATTRIBUTES = ["base", "controls", "from", "height", "keys", "lang", "mode", "poster", "readonly", "resize"];
ATTRIBUTES.push("sandbox", "start", "title", "to");

/** What JupyterLab and VS Code mark their theme by. */
const MARKS = ["data-jp-theme-light", "data-vscode-theme-kind"];

/** The theme of a notebook; none elsewhere, where the element finds it. */
function notebookTheme() {
  const { jpThemeLight, vscodeThemeKind } = document.body.dataset;
  if (jpThemeLight) return jpThemeLight === "true" ? "light" : "dark";
  return vscodeThemeKind && (vscodeThemeKind.includes("light") ? "light" : "dark");
}

/**
 * The fragment of a link: the model's, or that of its script.
 * @param {Model} model
 */
function fragment(model) {
  const lines = String(model.get("script") ?? "").split("\n");
  const commands = lines.map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
  return model.get("state") || `${new URLSearchParams({ v: "2", script: commands.join("\n") })}`;
}

/**
 * @param {{ model: Model, el: HTMLElement }} cell
 * @returns {() => void} what takes it out again
 */
function render({ model, el }) {
  const scope = document.createElement("lsm-scope");
  /** @type {[string, () => void][]} */
  const listeners = [];
  /**
   * @param {string[]} names
   * @param {() => void} act when a value of the model has changed
   */
  function listen(names, act) {
    for (const event of names.map((name) => `change:${name}`)) {
      listeners.push([event, act]);
      model.on(event, act);
    }
  }
  /**
   * Keeps an attribute as the model has it.
   * @param {string} name
   * @param {() => any} value
   * @param {string[]} [names] of the values that it comes from
   */
  function follow(name, value, names = [name]) {
    const set = () => {
      const found = value() || null;
      if (found === null) scope.removeAttribute(name);
      else scope.setAttribute(name, found === true ? "" : found);
    };
    set();
    listen(names, set);
    return set;
  }

  for (const name of ATTRIBUTES) follow(name, () => model.get(name));
  follow("state", () => fragment(model), ["state", "script"]);
  const paint = follow("theme", () => {
    const chosen = model.get("theme");
    return chosen && chosen !== "auto" ? chosen : notebookTheme();
  });
  const themes = new MutationObserver(paint);
  themes.observe(document.body, { attributeFilter: MARKS });

  let told = model.get("moment");
  listen(["moment"], () => {
    const moment = model.get("moment");
    if (moment && moment !== told) scope.seek(moment).catch(() => {});
  });
  scope.addEventListener("lsm-step", ({ detail }) => {
    told = detail.moment;
    const kept = /** @type {const} */ (["moment", "position"]).filter((name) => model.get(name) !== undefined);
    try {
      for (const name of kept) model.set(name, detail[name]);
      if (kept.length > 0) model.save_changes();
    } catch {
      // MyST has nothing that keeps them.
    }
  });

  el.append(scope);
  return () => {
    themes.disconnect();
    try {
      for (const [event, act] of listeners) model.off(event, act);
    } catch {
      // MyST cannot stop listening: its model goes with the page.
    }
    scope.remove();
  };
}

export default { render };
