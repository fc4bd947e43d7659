// Playback: steps forward until the end of the timeline, running the queue past it.
//
// Beside the figure, each event takes the time that it deserves: its motion, and its sentence where that is worth
// reading. Among the panels, steps come at one pace.

/** Steps in a second at speed 1, among the panels. */
const PACE = 3;
/** The most steps in a frame: a slow machine falls behind instead of hanging. */
const MAX_STEPS = 50;
/** How much faster what a command did is played than a script. */
const COMMAND_SPEED = 5;

/** The event after which playing pauses by itself. */
const PAUSES = { operation: "op_ended", decision: "compaction_picked" };

/** @typedef {ReturnType<typeof createPlayer>} Player */

/**
 * @param {import("./controller.js").Controller} controller
 * @param {(event: import("./timeline.js").Event) => number} letters of the sentence of an event
 */
export function createPlayer(controller, letters) {
  const { store } = controller;
  let last = 0;
  /** Steps that are due, among the panels; seconds that the event on the stage has been shown, beside the figure. */
  let due = 0;
  /** The position whose event's time was asked for last, and that time in seconds. */
  let timed = { position: -1, seconds: 0 };
  /** How many times as fast as chosen it plays up to a position. */
  let hurry = COMMAND_SPEED;
  /** Which loop plays. */
  let loop = 0;

  function play() {
    const { stage, shown } = store.get();
    if (stage.position >= shown.length && !goesOn()) controller.seek(0);
    begin(null);
  }

  /**
   * @param {number | null} playsTo
   * @param {number} faster Than the speed that is chosen.
   * @param {Promise<void>} [start] What the first step waits for.
   */
  function begin(playsTo, faster = playsTo === null ? 1 : COMMAND_SPEED, start = undefined) {
    hurry = faster;
    timed.position = -1;
    // The first step is due at once, so that the button responds.
    due = store.get().layout === "figure" ? Number.MAX_VALUE : 1;
    store.set({ playing: true, playsTo });
    loop += 1;
    const mine = loop;
    // A loop ends when another has begun: two would be twice as fast.
    const next = async (/** @type {number} */ now) => {
      if (mine !== loop || !store.get().playing) return;
      await tick(now);
      requestAnimationFrame(next);
    };
    const go = () => {
      last = performance.now();
      requestAnimationFrame(next);
    };
    if (start) void start.then(go);
    else go();
  }

  /**
   * Runs a line, and plays what it did.
   * @param {string} line
   */
  async function show(line) {
    const ok = await controller.run(line, { into: true });
    const { stage, shown } = store.get();
    if (stage.position < shown.length) begin(shown.length);
    return ok;
  }

  /** Whether a step past the end runs a line of the queue. */
  function goesOn() {
    const { queue, following } = store.get().stage;
    return queue.length > 0 && following;
  }

  function pause() {
    store.set({ playing: false, playsTo: null });
  }

  /** Pauses; of what a command did, shows the end. */
  function skip() {
    const { playsTo } = store.get();
    pause();
    if (playsTo !== null) controller.seek(playsTo);
  }

  /** How many times as fast as at speed 1 it plays: what a command did is played faster. */
  function speed() {
    const { speed: chosen, playsTo } = store.get();
    return playsTo === null ? chosen : chosen * hurry;
  }

  /** @param {number} now */
  async function tick(now) {
    const passed = ((now - last) / 1000) * speed();
    last = now;
    if (store.get().layout === "figure") await byEvent(passed);
    else await bySteps(passed);
  }

  /** @param {number} passed */
  async function byEvent(passed) {
    due += passed;
    for (let steps = 0; steps < MAX_STEPS; steps += 1) {
      const { stage, playing } = store.get();
      if (timed.position !== stage.position)
        timed = { position: stage.position, seconds: controller.seconds(stage.position, letters) };
      const wanted = timed.seconds;
      if (!playing || due < wanted) return;
      // At the beginning, all of the event's time is over.
      due = due === Number.MAX_VALUE ? 0 : due - wanted;
      await advance(1);
      if (pausesHere()) return pause();
    }
    due = 0;
  }

  /** @param {number} passed */
  async function bySteps(passed) {
    due += passed * PACE;
    const { pauseAt } = store.get();
    const steps = Math.min(Math.floor(due), MAX_STEPS);
    due = Math.min(due - steps, MAX_STEPS);
    if (pauseAt === "") return steps > 0 ? advance(steps) : undefined;
    for (let step = 0; step < steps; step += 1) {
      await advance(1);
      if (pausesHere()) return pause();
    }
  }

  /** Whether the event on the stage is one at which playing pauses by itself. */
  function pausesHere() {
    const { pauseAt, playsTo, shown } = store.get();
    return playsTo === null && pauseAt !== "" && shown.view?.now?.type === PAUSES[pauseAt];
  }

  /** @param {number} steps */
  async function advance(steps) {
    const { stage, shown, playsTo } = store.get();
    const end = playsTo ?? shown.length;
    if (stage.position < end) controller.seek(Math.min(stage.position + steps, end));
    else if (playsTo === null && goesOn()) await controller.forward("event");
    else pause();
  }

  /**
   * Plays from where it is up to a position, at the speed that is chosen.
   * @param {number} position
   * @param {number} [faster] or so many times as fast
   * @param {Promise<void>} [start] What the first step waits for.
   */
  const playTo = (position, faster = 1, start = undefined) => begin(position, faster, start);

  return { play, playTo, pause, show, speed, toggle: () => (store.get().playing ? skip() : play()) };
}
