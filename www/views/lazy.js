// A view that is loaded when it is first drawn.

import { loadEngine } from "../wasm.js";
import { say } from "../words.js";
import { html, useEffect, useState } from "./ui.js";

/** @typedef {((props: any) => any) | { new (props: any): any }} View A component. */

/**
 * @param {string} what What is being loaded, in the reader's language: `the options`.
 * @param {(props: any) => Promise<View>} load It is given the properties of the first one.
 * @returns {(props: object) => unknown} the view; until it is there, a line that says so
 */
export function lazy(what, load) {
  /** @type {View | null} Once it is loaded, each further one is drawn at once. */
  let loaded = null;
  return function Lazy(props) {
    const [, drawn] = useState(loaded !== null);
    const [attempt, setAttempt] = useState(0);
    const [failure, setFailure] = useState("");
    useEffect(() => {
      if (loaded) return undefined;
      let gone = false;
      load(props).then(
        (view) => {
          loaded = view;
          if (!gone) drawn(true);
        },
        (error) => gone || setFailure(reason(error)),
      );
      return () => {
        gone = true;
      };
    }, [attempt]);
    if (loaded) return html`<${loaded} ...${props} />`;
    if (!failure) return html`<p class="empty loading" role="status">${say("Loading {what}…", { what })}</p>`;
    const again = () => {
      setFailure("");
      setAttempt(attempt + 1);
    };
    return html`<p class="empty" role="alert">
      ${say("{What} could not be loaded: {why}.", { What: what[0].toUpperCase() + what.slice(1), why: failure })}
      <button onClick=${again}>${say("Try again")}</button>
      ${navigator.onLine ? html`<button onClick=${() => location.reload()}>${say("Reload the page")}</button>` : null}
    </p>`;
  };
}

/**
 * A loader of a view that is about what the engine knows: it has come before.
 * @param {() => Promise<View>} load
 */
export const withEngine = (load) => async () => {
  await loadEngine();
  return load();
};

/** @param {unknown} error */
function reason(error) {
  if (!navigator.onLine) return say("there is no network, and it is not in the browser yet");
  // A page that is kept nowhere asks for files that a newer version of the site has no more.
  return error instanceof Error ? error.message : String(error);
}
