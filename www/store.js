// The page's state: one object, replaced on every change; views are drawn from it at most once a frame.

/**
 * @template {object} S
 * @typedef {object} Store
 * @property {() => S} get The state now.
 * @property {(patch: Partial<S>) => void} set Replaces some of its fields.
 * @property {<K extends keyof S>(part: K, patch: Partial<S[K]>) => void} setIn Replaces some fields of one of its
 *   parts.
 * @property {(listener: () => void) => () => void} subscribe Calls `listener` after changes; returns how to stop that.
 */

/**
 * @template {object} S
 * @param {S} initial
 * @returns {Store<S>}
 */
export function createStore(initial) {
  let state = initial;
  /** @type {Set<() => void>} */
  const listeners = new Set();

  /** @param {Partial<S>} patch */
  function set(patch) {
    state = { ...state, ...patch };
    for (const listener of listeners) listener();
  }

  return {
    get: () => state,
    set,
    setIn: (part, patch) =>
      set(/** @type {Partial<S>} */ (/** @type {unknown} */ ({ [part]: { ...state[part], ...patch } }))),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
