// What was made, to look at and to take away: as a file, by the clipboard, or shown to copy where neither is allowed.

import { bytes } from "../../format.js";
import { say } from "../../words.js";
import { save } from "../save.js";
import { Icon, html, useEffect, useRef, useState } from "../ui.js";

/** @typedef {import("../ui.js").AreaEvent} AreaEvent */
/** `text`: what it is as text, if it is. @typedef {{ name: string, blob: Blob, text: string | null }} Made */

/** As many letters as a box shows without trouble. */
const MAX_SHOWN = 200_000;

/**
 * A text that was made.
 * @param {string} name
 * @param {string} type
 * @param {string} text
 * @returns {Made}
 */
export const madeOf = (name, type, text) => ({ name, blob: new Blob([text], { type }), text });

/**
 * What `make` makes, made again whenever one of `shown` is another; until then the one before is a preview still, but
 * is not to be taken.
 * @param {() => Made | Promise<Made>} make
 * @param {unknown[]} shown
 */
export function useMade(make, shown) {
  const [state, setState] = useState({
    of: /** @type {unknown[]} */ ([]),
    made: /** @type {Made | null} */ (null),
    error: "",
  });
  useEffect(() => {
    let current = true;
    const set = (/** @type {typeof state} */ next) => current && setState(next);
    // A moment later: a number that is typed is not drawn digit by digit.
    const timer = setTimeout(async () => {
      try {
        set({ of: shown, made: await make(), error: "" });
      } catch (error) {
        set({ of: shown, made: null, error: error instanceof Error ? error.message : String(error) });
      }
    }, 60);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, shown);
  const { of, made, error } = state;
  const isCurrent = of.length === shown.length && of.every((one, i) => one === shown[i]);
  return { preview: made, made: isCurrent ? made : null, error };
}

/**
 * The address of a blob, for as long as it is shown.
 * @param {Blob | undefined} blob
 */
function useAddress(blob) {
  const [url, setUrl] = useState("");
  useEffect(() => {
    if (!blob) return undefined;
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url;
}

/**
 * `alt`: what the picture shows.
 * @param {{ made: Made | null, error: string, alt: string }} props
 */
export function Preview({ made, error, alt }) {
  const url = useAddress(made?.blob);
  const film = made?.blob.type.startsWith("video/");
  return html`<div class="export-preview" role="group" aria-label=${say("Preview")}>
    ${error ? html`<p class="error" role="alert"><${Icon} name="alert" /> ${error}</p>` : null}
    ${
      url && made
        ? film
          ? html`<video src=${url} aria-label=${alt} controls autoplay loop muted></video>`
          : html`<img src=${url} alt=${alt} />`
        : null
    }
  </div>`;
}

/** @param {{ made: Made | null }} props */
export function Actions({ made }) {
  const [told, setTold] = useState("");
  const [open, setOpen] = useState(false);
  const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const isText = made?.text != null;
  const isPng = made?.blob.type === "image/png";
  useEffect(() => setTold(""), [made]);
  useEffect(() => {
    if (open) box.current?.select();
  }, [open]);
  const copy = async () => {
    if (!made) return;
    try {
      if (isText) await navigator.clipboard.writeText(made.text ?? "");
      else await navigator.clipboard.write([new ClipboardItem({ [made.blob.type]: made.blob })]);
      setTold(say("Copied."));
    } catch {
      setTold(
        isText
          ? say("The browser does not let the page copy: the text is below, press Ctrl+C.")
          : say("The browser does not let the page copy: use the preview's own menu."),
      );
      if (isText) setOpen(true);
    }
  };
  const text = made?.text ?? "";
  const unfold = () => setOpen(!open);
  return html`<div class="export-actions">
      <span class="quiet" role="status">${told || (made ? `${made.name} · ${bytes(made.blob.size)}` : "")}</span>
      ${isText || isPng ? html`<button disabled=${!made} onClick=${copy}>${say("Copy")}</button>` : null}
      ${
        isText
          ? html`<button aria-expanded=${open ? "true" : "false"} onClick=${unfold}>${say("Show the text")}</button>`
          : null
      }
      <button class="primary" disabled=${!made} onClick=${() => made && save(made.name, made.blob.type, made.blob)}>
        <${Icon} name="download" />${say("Save")}
      </button>
    </div>
    ${
      open && isText
        ? html`<textarea
            ref=${box}
            class="export-text"
            readonly
            rows="6"
            aria-label=${say("Text to copy")}
            value=${text.length > MAX_SHOWN ? "" : text}
            placeholder=${
              text.length > MAX_SHOWN ? say("It is too long to be shown: copy it, or save it as a file.") : ""
            }
            onFocus=${(/** @type {AreaEvent} */ e) => e.currentTarget.select()}
          ></textarea>`
        : null
    }
    <p class="quiet export-else">
      ${
        isText
          ? say("Where a frame allows no downloads, Save does nothing: copy it, or show the text.")
          : say("Where a frame allows no downloads, Save does nothing: the preview's own menu copies or saves it.")
      }
    </p>`;
}
