// The fragment of the page's address, replaced without a step in the browser's history.

/**
 * @param {string} fragment with its `#`, or empty
 * @returns {boolean} whether the browser took it: a sandboxed frame, or a file, may have no history to change
 */
export function replaceFragment(fragment) {
  try {
    history.replaceState(history.state, "", location.pathname + location.search + fragment);
    return true;
  } catch {
    return false;
  }
}
