// A database beside the one on the page: of a figure in a text, or of one side of a comparison. It runs its lines once,
// and is looked at from then on.
//
// In: how it is opened, its lines, the moments between which it is shown and at which it halts, and a key. Out: its
// timeline, and the way of the key. Errors: a database that does not open, or a moment that there is not.

import { nextTurn } from "../turns.js";

/** @typedef {import("../sandbox.js").Sandbox} Sandbox */
/** @typedef {import("../views/key-life.js").LifeStep} LifeStep */
/**
 * @typedef {object} OwnStage
 * @property {number} from The position at which it begins.
 * @property {number} to
 * @property {number[]} halts Positions between, at which playing pauses.
 * @property {{ step: LifeStep, position: number }[]} way What happens to the key up to the end.
 * @property {(position: number, width: number, height: number, window: { from: number, to: number }) =>
 *   import("../timeline.js").Figure | null} paint
 * @property {(position: number) => import("../timeline.js").Event | null} eventAt The event that leads to a position.
 * @property {(position: number, letters: (event: import("../timeline.js").Event) => number) => number} seconds
 * @property {(position: number) => import("../timeline.js").View | null} viewAt The state at a position.
 * @property {(most: number) => [number, import("../../lsmscope.js").TableView][]} tables Those of the last view.
 * @property {() => void} close
 */

/**
 * @param {(config: import("../sandbox.js").OpenConfig) => Promise<Sandbox>} openSandbox
 * @param {object} wanted
 * @param {{ preset: string, options: Record<string, string> }} wanted.opening
 * @param {string[]} wanted.lines
 * @param {string | null} [wanted.from] The name of a moment.
 * @param {string | null} [wanted.to]
 * @param {string[]} [wanted.via]
 * @param {string | null} [wanted.key]
 * @param {boolean} [wanted.isForeign]
 * @returns {Promise<OwnStage>}
 */
export async function openOwnStage(openSandbox, wanted) {
  const { opening, lines, from, to, via = [], key = null, isForeign = false } = wanted;
  // An article opens several.
  await nextTurn();
  const sandbox = await openSandbox({ backend: "memory", ...opening });
  sandbox.setWary(isForeign);
  const start = sandbox.length();
  for (const line of lines) await sandbox.run(line);
  const length = sandbox.length();
  const positionOf = (/** @type {string | null | undefined} */ name) => {
    if (name && /^\d+$/.test(name)) return Math.min(Number(name), length);
    const found = name ? sandbox.openMoment(name, "") : undefined;
    if (found?.differs) throw new Error(found.differs);
    return found?.position;
  };
  const end = positionOf(to) ?? length;
  const begin = Math.min(positionOf(from) ?? start, end);
  let isClosed = false;
  return {
    from: begin,
    to: end,
    halts: via.map((name) => positionOf(name) ?? end).filter((position) => position > begin && position < end),
    way: (key === null ? [] : sandbox.keyLife(key))
      .filter(({ event }) => event < end)
      .map((step) => ({ step, position: step.event + 1 })),
    paint: (position, width, height, window) =>
      isClosed ? null : sandbox.figure(position, width, height, window, { treeOnly: false, pastOnly: false }),
    eventAt: (position) => sandbox.events(position - 1, position)[0]?.event ?? null,
    seconds: (position, letters) => {
      const event = sandbox.events(position - 1, position)[0]?.event;
      return event ? sandbox.seconds(position, letters(event)) : 0;
    },
    viewAt: (position) => (isClosed ? null : sandbox.seek(position)),
    tables: (most) => (isClosed ? [] : sandbox.tables(most)),
    close: () => {
      isClosed = true;
      sandbox.close().catch(() => {});
    },
  };
}
