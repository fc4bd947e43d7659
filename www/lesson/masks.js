// What a question masks on the stage until it is answered.
//
// In: the names of a lesson's `hide`. Out: whether the sentence is hidden, and which lanes and parts of the figure,
// which meters, and what of the list of tables.
// What a window will do is not hidden but has not happened; these are of the state that is there already.

/**
 * @typedef {object} Masks
 * @property {boolean} story Whether the sentence is hidden.
 * @property {(lane: string) => boolean} lane Whether a lane of the figure is hidden: all of its parts, and its facts.
 * @property {(lane: string) => boolean} facts Whether what is said of a lane is hidden.
 * @property {(part: string) => boolean} part Whether a part is hidden.
 * @property {(name: Meter) => boolean} meter Whether a meter is hidden.
 * @property {TableMasks} table
 */

/** @typedef {"write" | "log" | "read" | "space"} Meter `log`: write amplification with the log in it. */
/**
 * Of the list of tables.
 * @typedef {object} TableMasks
 * @property {boolean} all Whether it is not shown at all: how many tables there are is asked.
 * @property {boolean} entries Whether the numbers of entries are hidden.
 * @property {boolean} bytes Whether sizes are hidden, from which scores follow.
 * @property {(level: number) => boolean} level Whether the tables of a level are hidden.
 * @property {(id: number) => boolean} one Whether a table is hidden.
 */

/** @type {Masks} */
export const NO_MASKS = {
  story: false,
  lane: () => false,
  facts: () => false,
  part: () => false,
  meter: () => false,
  table: { all: false, entries: false, bytes: false, level: () => false, one: () => false },
};

/**
 * Names after which what is said of lanes is hidden: how many, how large, how urgent; and of which lanes. The log and
 * the manifest have none of it.
 * @type {Record<string, RegExp>}
 */
const FACTS = {
  entries: /^(memtable|immutables|level-)/,
  tables: /^level-/,
  scores: /^level-/,
};

/**
 * @param {string[]} hide
 * @returns {Masks}
 */
export function masksOf(hide) {
  if (hide.length === 0) return NO_MASKS;
  const names = new Set(hide.map((name) => name.trim()));
  const hidden = new Set([...names].map(laneOf));
  const tables = [...names].flatMap((name) => /^table (\d+)$/.exec(name)?.[1] ?? []);
  const ofTable = tables.map((table) => new RegExp(`(^|:)table-${table}(:|$)`));
  const lane = (/** @type {string} */ id) => hidden.has(id);
  const hidesTables = [...names].some((name) => /^(tables|read|table \d+|level \d+)$/.test(name));
  return {
    story: names.has("story") || names.has("read"),
    lane,
    facts: (id) => lane(id) || Object.entries(FACTS).some(([name, lanes]) => names.has(name) && lanes.test(id)),
    part: (id) => ofTable.some((pattern) => pattern.test(id)),
    // Runs and space follow from the tables; what was written does not.
    meter: (name) => names.has("meters") || (hidesTables && (name === "read" || name === "space")),
    table: {
      all: names.has("tables"),
      entries: names.has("entries"),
      bytes: names.has("scores"),
      level: (number) => lane(`level-${number}`),
      one: (id) => tables.includes(String(id)),
    },
  };
}

/** @type {string[]} */
const NOTHING = [];

/**
 * The names of what the lesson hides now: of a step, the same list each time.
 * @param {Pick<import("./lesson-state.js").LessonState, "phase" | "steps" | "step" | "show">} lesson
 */
export function hiddenNow({ phase, steps, step, show }) {
  const screen = show?.screens[show.at];
  const isHiding = show ? screen?.asked && screen.kind !== "told" : phase === "asking" || phase === "preparing";
  return (isHiding && steps[screen?.step ?? step]?.hide) || NOTHING;
}

/**
 * What the lesson masks now.
 * @param {Parameters<typeof hiddenNow>[0]} lesson
 */
export const masksNow = (lesson) => masksOf(hiddenNow(lesson));

/**
 * The lane that a name is of, as the figure calls it.
 * @param {string} name
 */
function laneOf(name) {
  if (/^immutable/.test(name)) return "immutables";
  return name.replace(/^level /, "level-");
}
