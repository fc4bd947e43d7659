// What is loaded once.

/**
 * A loader that loads once, and again after it failed.
 * @template T
 * @param {() => Promise<T>} loads
 */
export function once(loads) {
  /** @type {Promise<T> | null} */
  let loading = null;
  return () => {
    loading ??= loads().catch((error) => {
      loading = null;
      throw error;
    });
    return loading;
  };
}
