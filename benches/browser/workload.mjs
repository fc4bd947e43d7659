// The entries of the bench: generated from a seed, in an order independent of the keys. Each entry exists as text and
// as bytes, so that each store gets the form that it handles fastest.

/** @typedef {{ text: string, bytes: Uint8Array }} Both */
/** @typedef {{ key: Both, value: Both }} Entry */

const KEY_LENGTH = 16;
const VALUE_LENGTH = 100;
const ALPHABET = "abcdefghijklmnopqrstuvwxyz012345";

/**
 * `count` entries with distinct keys, in random order; the same for the same seed.
 * @param {number} count
 * @param {number} seed
 * @returns {Entry[]}
 */
export function entries(count, seed) {
  const random = generator(seed);
  const encoder = new TextEncoder();
  /** @param {string} text @returns {Both} */
  const both = (text) => ({ text, bytes: encoder.encode(text) });
  /** @param {number} length */
  const letters = (length) => Array.from({ length }, () => ALPHABET[random() % ALPHABET.length]).join("");
  return Array.from({ length: count }, (_, i) => {
    const unique = i.toString(36).padStart(6, "0");
    return { key: both(letters(KEY_LENGTH - 6) + unique), value: both(letters(VALUE_LENGTH)) };
  });
}

/**
 * A copy of `items` in another random order.
 * @template T
 * @param {T[]} items
 * @param {number} seed
 * @returns {T[]}
 */
export function shuffled(items, seed) {
  const random = generator(seed);
  const copy = items.slice();
  for (let i = copy.length - 1; i > 0; i--) {
    const j = random() % (i + 1);
    [copy[i], copy[j]] = [copy[j], copy[i]];
  }
  return copy;
}

/**
 * Pseudo-random 32-bit numbers (mulberry32).
 * @param {number} seed
 */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
