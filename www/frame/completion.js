// The end of content without questions: when a figure's range, or a script, has been played or stepped to its end.
//
// In: the state, the script's lines or the range's end. Out: one call when the end has been reached, in whatever way:
// played, stepped, or by the scrubber. Content that opens at its end has not been looked at: one has to go back first.

/** @typedef {import("../state.js").State} State */

/**
 * Whether the lines have run, in their order; others may have run between them.
 * @param {string[]} lines
 * @param {string[]} script Lines that were run.
 */
export function haveRun(lines, script) {
  let next = 0;
  for (const line of script) if (line === lines[next]) next += 1;
  return next === lines.length;
}

/**
 * @param {object} content
 * @param {import("../store.js").Store<State>} content.store
 * @param {string[]} content.lines The script's, without those that only ask: they are not in the timeline.
 * @param {number | null} content.end Of a figure's range; null for a script.
 * @param {() => void} content.done
 */
export function followCompletion({ store, lines, end, done }) {
  /** The last position; null while lines are still to run. @type {number | null} */
  let last = end;
  let wasBefore = end !== null;

  function check() {
    const { stage, shown, busy, phase } = store.get();
    if (busy || phase !== "open") return;
    if (last === null && haveRun(lines, stage.script)) last = shown.length;
    if (last === null || stage.position < last) wasBefore = true;
    else if (wasBefore) {
      stop();
      done();
    }
  }

  let stop = () => {};
  stop = store.subscribe(check);
  check();
}
