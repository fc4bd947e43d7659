// When the page is drawn: after each change, but at most once a frame while commands run: a drawing costs more than
// most commands.

/**
 * @param {object} world
 * @param {() => void} world.draw
 * @param {() => boolean} world.busy Commands run: a change is likely to be followed by more.
 * @param {(go: () => void) => void} world.later Goes on when the browser has shown the page.
 * @returns {() => void} to be called after each change
 */
export function createDrawing({ draw, busy, later }) {
  let asked = false;
  let changed = false;
  /** It was drawn while commands ran, and the browser has not shown it yet. */
  let unseen = false;

  function change() {
    changed = true;
    if (asked || (unseen && busy())) return;
    asked = true;
    queueMicrotask(now);
  }

  function now() {
    asked = false;
    if (!changed || (unseen && busy())) return;
    changed = false;
    draw();
    if (unseen || !busy()) return;
    unseen = true;
    later(() => {
      unseen = false;
      if (changed) change();
    });
  }

  return change;
}

/** A slice belongs to a frame; where the page is hidden there are none, and it goes on all the same. */
export const later = (/** @type {() => void} */ go) =>
  globalThis.document?.hidden === false ? requestAnimationFrame(go) : setTimeout(go, 0);
