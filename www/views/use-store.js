// The state of a room's own store, for its view.

import { createDrawing, later } from "../drawing.js";
import { useLayoutEffect, useState } from "./ui.js";

/**
 * The state of a store; the view is drawn again at most once a turn.
 * @template {object} S
 * @param {import("../store.js").Store<S>} store
 * @returns {S}
 */
export function useStore(store) {
  const [state, set] = useState(store.get());
  useLayoutEffect(() => {
    const draw = () => set(store.get());
    // What changed between the first drawing and this subscription.
    draw();
    return store.subscribe(createDrawing({ draw, busy: () => false, later }));
  }, [store]);
  return state;
}
