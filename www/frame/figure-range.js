// The range of events that a figure plays: when most of it is seen, and again when it is clicked.
//
// In: the names of its first and last moment; without them, or where there is no such moment, the last operation before
// where the page stands. Under reduced motion it shows the end of the range, and plays when it is clicked.

/**
 * @param {object} page
 * @param {import("../controller.js").Controller} page.controller
 * @param {import("../player.js").Player} page.player
 * @param {(text: string) => void} page.complain Says which moment there is not.
 */
export function createFigureRange({ controller, player, complain }) {
  const { store } = controller;
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let [start, end] = [0, 0];
  let isSeen = false;

  function play() {
    controller.seek(start);
    player.playTo(end);
  }

  /** Goes on where it was. */
  function resume() {
    const { position } = store.get().stage;
    if (position === start) play();
    else if (position < end) player.playTo(end);
  }

  /** @param {string} name */
  function positionOf(name) {
    const found = name ? controller.timeline()?.openMoment(name, "") : undefined;
    if (found?.differs) complain(found.differs);
    return found?.differs ? undefined : found?.position;
  }

  /**
   * Takes the range of what is on the stage.
   * @param {string} from
   * @param {string} to
   * @returns {number} the position of its end
   */
  function show(from, to) {
    player.pause();
    end = positionOf(to) ?? store.get().stage.position;
    const operations = controller.timeline()?.operations() ?? [];
    start = positionOf(from) ?? operations.findLast(({ first }) => first < end)?.first ?? 0;
    controller.seek(isStill ? end : start);
    if (isSeen && !isStill) play();
    return end;
  }

  document.getElementById("app")?.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element && target.closest("dialog"))) play();
  });
  if (!isStill) {
    const seen = new IntersectionObserver(
      ([entry]) => {
        isSeen = entry.isIntersecting;
        if (isSeen) resume();
        else player.pause();
      },
      { threshold: 0.6 },
    );
    seen.observe(document.documentElement);
  }

  return { show };
}
