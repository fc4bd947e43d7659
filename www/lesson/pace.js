// How fast a lesson plays what ran: each event for as long as its sentence takes to read, but all of it in seconds.

/** The longest that a run is played before its answer is told, in seconds. */
const LONGEST = 14;
/** Events that are timed; what is more goes at the pace of these. */
const TIMED = 400;

/**
 * How many times as fast as chosen the events from one position to another are played.
 * @param {(position: number) => number} seconds of the event that leads to a position
 * @param {number} from
 * @param {number} to
 */
export function hurryOf(seconds, from, to) {
  const timed = Math.min(to - from, TIMED);
  if (timed <= 0) return 1;
  let sum = 0;
  for (let position = from + 1; position <= from + timed; position += 1) sum += seconds(position);
  return Math.max(1, (sum * ((to - from) / timed)) / LONGEST);
}
