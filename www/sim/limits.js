// The limits of what a chart shows: at which value a database does something about it. A limit may change over time.

/** @typedef {{ from: number, value: number | null }} Step From a moment on, in seconds; null: none. */
/**
 * `short`: its name beside a line; `colour`: a custom property.
 * @typedef {{ option: string, colour: string, short: (value: number) => string, steps: Step[] }} Limit
 */

/**
 * What a limit is at a moment.
 * @param {Limit} limit
 * @param {number} moment
 */
export function limitAt({ steps }, moment) {
  return (steps.findLast(({ from }) => from <= moment) ?? steps[0]).value;
}
