// Plays the timeline: steps forward at a pace, until its end or until something stops it.

/** Steps in a second at speed 1. */
const PACE = 3;
/** A frame never takes more steps than this, so that a slow machine is late rather than stuck. */
const MOST = 50;

/** @typedef {ReturnType<typeof createPlayer>} Player */

/**
 * @param {import("./controller.js").Controller} controller
 */
export function createPlayer(controller) {
  const { store } = controller;
  let last = 0;
  let due = 0;

  function play() {
    const { stage, shown } = store.get();
    if (stage.position >= shown.length && !goesOn()) controller.seek(0);
    last = performance.now();
    // The first step is taken at once, so that the button answers.
    due = 1;
    store.set({ playing: true });
    requestAnimationFrame(tick);
  }

  /** Whether there is something to run past the end. */
  function goesOn() {
    const { queue, following } = store.get().stage;
    return queue.length > 0 && following;
  }

  function pause() {
    store.set({ playing: false });
  }

  /** @param {number} now */
  async function tick(now) {
    if (!store.get().playing) return;
    due += ((now - last) / 1000) * PACE * store.get().speed;
    last = now;
    const steps = Math.min(Math.floor(due), MOST);
    due = Math.min(due - steps, MOST);
    if (steps > 0) await advance(steps);
    requestAnimationFrame(tick);
  }

  /** @param {number} steps */
  async function advance(steps) {
    const { position } = store.get().stage;
    const { length } = store.get().shown;
    if (position < length) controller.seek(Math.min(position + steps, length));
    else if (goesOn()) await controller.forward("event");
    else pause();
  }

  return { play, pause, toggle: () => (store.get().playing ? pause() : play()) };
}
