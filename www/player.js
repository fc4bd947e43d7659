// Playback: steps forward at a set speed until the end of the timeline, running the queue past it.

/** Steps in a second at speed 1. */
const PACE = 3;
/** The most steps in a frame: a slow machine falls behind instead of hanging. */
const MAX_STEPS = 50;

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
    // The first step is due at once, so that the button responds.
    due = 1;
    store.set({ playing: true });
    requestAnimationFrame(tick);
  }

  /** Whether a step past the end runs a line of the queue. */
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
    const steps = Math.min(Math.floor(due), MAX_STEPS);
    due = Math.min(due - steps, MAX_STEPS);
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
