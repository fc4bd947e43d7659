// Plays what ran up to a position, and tells when it is there.

import { hurryOf } from "./pace.js";

/**
 * @param {import("./lesson-context.js").LessonContext} context
 * @param {(position: number) => number} seconds of the event that leads to a position
 * @param {() => Promise<void>} [rest] Resolves when the page has come to rest: what plays by itself begins then.
 */
export function createPlaying({ controller, player, store }, seconds, rest) {
  const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  /**
   * @param {number} from
   * @param {number} to
   * @param {() => void} [act] when the stage is at `to`, or playing has ended before
   */
  function playTo(from, to, act = () => {}) {
    controller.seek(from);
    if (isStill()) controller.seek(to);
    else player.playTo(to, hurryOf(seconds, from, to));
    const look = () => {
      const { stage, playing } = store.get();
      if (playing && stage.position < to) return;
      stop();
      controller.seek(to);
      act();
    };
    const stop = store.subscribe(look);
    look();
  }

  /**
   * Plays what lines did.
   * @param {number | null} [from] Nothing, if they were not to be seen.
   */
  function playFrom(from) {
    const { length } = store.get().shown;
    if (from == null || from >= length || isStill()) return controller.seek(length);
    controller.seek(from);
    player.playTo(length, hurryOf(seconds, from, length), rest?.());
  }

  return { playTo, playFrom };
}
