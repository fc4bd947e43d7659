// The page's one live region, and what is said through it: what plays, and what came of an answer.

import { createAnnouncer, isSaidInPassing } from "../announcing.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "./ui.js";

/** @type {(text: string) => void} */
let show = () => {};

const announcer = createAnnouncer({
  put: (text) => show(text),
  now: () => performance.now(),
  later: (act, wait) => {
    const timer = setTimeout(act, wait);
    return () => clearTimeout(timer);
  },
});

/** Says a sentence: what came of a hand once that rests, a second after what is being read out at the latest. */
export const { tell } = announcer;

export function LiveRegion() {
  const [said, setSaid] = useState({ n: 0, text: "" });
  useLayoutEffect(() => {
    // The same sentence is another one when it is said again.
    show = (text) => setSaid(({ n }) => ({ n: n + 1, text }));
    return () => {
      show = () => {};
    };
  }, []);
  return html`<div class="sr" aria-live="polite" aria-atomic="true"><p key=${said.n}>${said.text}</p></div>`;
}

/**
 * Says the events that are gone through: each that a hand steps to; while playing, what operations come to and what is
 * decided, and where it stops. What plays unasked is not said, nor where it stops by itself; nor is the event that
 * playing begins at, which is what was there before.
 * @param {object} what
 * @param {string} what.source
 * @param {string} what.text The sentence of the event; empty for none.
 * @param {{ type: string } | null | undefined} what.event
 * @param {boolean} what.playing
 * @param {boolean} what.waits Whether where it stands is not yet what is to be told.
 * @param {boolean} [what.isUnasked] Whether it plays without having been asked to.
 */
export function useEventsTold({ source, text, event, playing, waits, isUnasked = false }) {
  const before = useRef(false);
  /** What is known, or was played past unsaid. */
  const known = useRef("");
  useEffect(() => {
    const begins = playing && !before.current;
    before.current = playing;
    if (begins || isUnasked) known.current = text;
    if (waits || text === "" || text === known.current) return announcer.drop(source);
    known.current = "";
    if (!playing) tell(source, text, { once: true });
    else if (isSaidInPassing(event)) tell(source, text, { passing: true, once: true });
  }, [text, playing, waits, isUnasked]);
  useEffect(() => () => announcer.drop(source), []);
}
