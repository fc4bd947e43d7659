// The choice of the page's language, each by its own name.

import { LANGUAGES, choose } from "../language.js";
import { say, spoken } from "../words.js";
import { Icon, html } from "./ui.js";

/** @typedef {import("./ui.js").ChoiceEvent} ChoiceEvent */

/** In the top bar: an icon, over which the list lies unseen. */
export function LanguageChoice() {
  return html`<label class="button square language" title=${say("Language")}>
    <${Icon} name="language" />
    <select
      aria-label=${say("Language")}
      value=${spoken()}
      onChange=${(/** @type {ChoiceEvent} */ e) => choose(e.currentTarget.value)}
    >
      ${Object.entries(LANGUAGES).map(
        ([code, name]) => html`<option key=${code} value=${code} lang=${code}>${name}</option>`,
      )}
    </select>
  </label>`;
}

/** Those that are not spoken, for a menu: their codes and names. */
export function otherLanguages() {
  return Object.entries(LANGUAGES).filter(([code]) => code !== spoken());
}
