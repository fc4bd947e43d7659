// What those hear who do not see the page: one sentence after the other.
//
// In: sentences, each with its source. Out: the text of the page's live region. A screen reader keeps all that is put
// there and reads it to the end, so that a sentence waits until the one before has had its time; of one source, the
// newest waits alone. What came of a hand waits a second at most, since a key ends what is read: it may overtake what
// goes on by itself. Else sentences keep the order in which they were told.

/** A hand that steps on, and a run that ends where another begins, are waited for, in milliseconds. */
const SETTLED = 200;
/** The longest that what came of a hand waits for what is read, in milliseconds. */
const PATIENCE = 1000;
/** How long a letter takes to be read out, in milliseconds, and the least time for a sentence. */
const LETTER = 55;
const LEAST = 900;

/** Events that are said while playing: what an operation has come to, and what was decided. */
const SAID = new Set(["op_ended", "flush_began", "compaction_picked"]);

/**
 * Whether an event is said while it is played past.
 * @param {{ type: string } | null | undefined} event
 */
export const isSaidInPassing = (event) => event !== null && event !== undefined && SAID.has(event.type);

/**
 * @param {object} world
 * @param {(text: string) => void} world.put
 * @param {() => number} world.now Milliseconds.
 * @param {(act: () => void, wait: number) => () => void} world.later The function that comes back takes it back.
 */
export function createAnnouncer({ put, now, later }) {
  /**
   * What waits, the next one first; `latest`: how long it waits at most for what is read.
   * @type {{ source: string, text: string, due: number, latest: number }[]}
   */
  let waiting = [];
  /** The last sentence of each source. @type {Map<string, string>} */
  const said = new Map();
  /** When the sentence that is being read out is over. */
  let free = 0;
  let cancel = () => {};

  function plan() {
    cancel();
    // What is due at once keeps the order in which it was told.
    waiting.sort((a, b) => a.due - b.due);
    if (waiting.length === 0) return;
    cancel = later(next, Math.max(0, waiting[0].due - now()));
  }

  function next() {
    const first = waiting.shift();
    if (!first) return;
    said.set(first.source, first.text);
    free = now() + Math.max(LEAST, first.text.length * LETTER);
    for (const one of waiting) one.due = Math.max(one.due, Math.min(free, one.latest));
    put(first.text);
    plan();
  }

  /**
   * Says a sentence, in the place of one of the same source that has not been said.
   * @param {string} source
   * @param {string} text
   * @param {{ passing?: boolean, once?: boolean }} [how] `passing`: it goes on by itself, and comes behind all that
   *   waits; else it came of a hand, and is said once the hand rests. `once`: not if it is what the source said last
   */
  function tell(source, text, { passing = false, once = false } = {}) {
    drop(source);
    if (once && said.get(source) === text) return;
    const latest = passing ? Number.POSITIVE_INFINITY : now() + PATIENCE;
    const least = passing ? Math.max(now(), ...waiting.map((one) => one.due)) : now() + SETTLED;
    waiting.push({ source, text, due: Math.max(least, Math.min(free, latest)), latest });
    plan();
  }

  /** What a source has not said yet is not said. @param {string} source */
  function drop(source) {
    waiting = waiting.filter((one) => one.source !== source);
    plan();
  }

  return { tell, drop };
}
