// The way from an embed to the page itself, at the moment that is shown.
//
// In: the branches, and the state. Out: a page of its own. Where the frame may open none (a sandbox without
// `allow-popups`, a blocker), or no link leads there: the dialog that has the link to copy, or says why there is none.

import { catalog } from "../catalog.js";
import { encode } from "../link.js";
import { alone, momentOf, notLinkable } from "../link/moment.js";
import { siteAddress } from "../site-address.js";
import { say } from "../words.js";
import { Icon, html } from "./ui.js";

/** @param {{ controller: import("../controller.js").Controller }} props */
export function FullVersion({ controller }) {
  const { store, branches } = controller;
  const open = async (/** @type {Event} */ event) => {
    // A click on a figure plays it.
    event.stopPropagation();
    const state = store.get();
    const all = branches.all();
    // At once: a browser lets only a click open a page, not what comes after one.
    const page = notLinkable(state, all) ? null : window.open("", "_blank");
    if (!page) return store.set({ dialog: "share" });
    page.opener = null;
    const moment = { ...momentOf(state, all, catalog.presetOptions), pastOnly: state.pastOnly };
    page.location.replace(`${siteAddress()}${await encode(alone(moment))}`);
  };
  return html`<button
    class="full-version"
    title=${say("Open the full version")}
    aria-label=${say("Open the full version")}
    onClick=${open}
  >
    <${Icon} name="share" />
  </button>`;
}
