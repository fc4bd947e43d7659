// Long work in slices, between which the page is drawn.
//
// In: a step of the work. Out: nothing. Errors: those of a step.

/** Milliseconds of a slice: the rest of the frame is left for drawing. */
const SLICE = 10;

/** @returns {Promise<void>} */
export const drawn = () => new Promise((resolve) => setTimeout(resolve));

/**
 * Goes on until the work is over, or is no longer wanted.
 * @param {() => boolean | Promise<boolean>} step goes on; returns whether the work is over
 * @param {() => void} tell reports the progress behind each slice
 * @param {() => boolean} isWanted
 * @returns {Promise<boolean>} whether it was completed
 */
export async function inSlices(step, tell, isWanted) {
  for (let over = false; !over;) {
    const until = performance.now() + SLICE;
    do over = await step();
    while (!over && performance.now() < until);
    tell();
    await drawn();
    if (!isWanted()) return false;
  }
  return true;
}
