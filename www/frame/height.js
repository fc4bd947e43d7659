// The height that an embed asks its host for.
//
// It follows from the width alone, never from the height that the frame has: so it may shrink, and does not grow by
// itself. The figure takes whatever room there is, so no content is waited for, as others do with a ResizeObserver. A
// frame that is not seen (width 0, in a closed tab) asks for nothing.

/** @typedef {import("./settings.js").Dialect} Dialect */

/** The least height, and the least change that is told, in pixels. */
const LEAST = 120;
const CHANGE = 2;

/**
 * The height of what is below the stage, in frames that are up to `upTo` pixels wide. On a telephone lanes have their
 * names above them, and buttons take two rows; in the column of a book, the sentence has room for three lines.
 */
const BELOW = [
  { upTo: 619, none: 110, player: 260, full: 350 },
  { upTo: 700, none: 125, player: 285, full: 325 },
  { upTo: Infinity, none: 76, player: 190, full: 240 },
];

/**
 * The height that suits a width, in pixels.
 * @param {number} width
 * @param {"full" | "player" | "none"} controls
 */
export function heightFor(width, controls) {
  const below = BELOW.find(({ upTo }) => width <= upTo) ?? BELOW[0];
  const stage = below === BELOW[0] ? 470 : Math.min(560, Math.max(350, width * 0.46));
  return Math.max(LEAST, Math.ceil(stage + below[controls]));
}

/**
 * Tells the host the height, in each of its dialects, whenever it has changed.
 * @param {object} world
 * @param {Window} world.self
 * @param {Window} world.host
 * @param {(message: Record<string, unknown>) => void} world.send Our own dialect.
 * @param {Dialect[]} world.dialects
 * @param {(width: number) => number} world.wanted
 * @returns {() => void} Tells it again, whether it has changed or not.
 */
export function tellHeight({ self, host, send, dialects, wanted }) {
  let told = 0;
  let asked = false;
  /** H5P: nothing is said until the host has answered. */
  let greeted = false;

  function tell() {
    asked = false;
    const width = self.innerWidth;
    if (width === 0) return;
    const height = wanted(width);
    if (Math.abs(height - told) < CHANGE) return;
    told = height;
    for (const dialect of dialects) SAY[dialect](height);
  }

  /** @type {Record<Dialect, (height: number) => void>} */
  const SAY = {
    own: (height) => send({ type: "height", height }),
    lti: (height) => {
      const message = { subject: "lti.frameResize", height };
      host.postMessage(message, "*");
      // Moodle reads the text only.
      host.postMessage(JSON.stringify(message), "*");
    },
    h5p: (height) => {
      if (greeted) host.postMessage({ context: "h5p", action: "resize", scrollHeight: height }, "*");
    },
    plain: (height) => host.postMessage({ height }, "*"),
  };

  /** At most once a frame. */
  function soon() {
    if (asked) return;
    asked = true;
    self.requestAnimationFrame(tell);
  }

  self.addEventListener("resize", soon);
  self.document.addEventListener("visibilitychange", soon);
  if (dialects.includes("h5p")) {
    const greet = () => host.postMessage({ context: "h5p", action: "hello" }, "*");
    self.addEventListener("message", ({ source, data }) => {
      if (source !== host || data?.context !== "h5p") return;
      // A host whose script comes later than the frame says so, and is greeted again.
      if (data.action === "ready") greet();
      if (data.action === "hello") [greeted, told] = [true, 0];
      soon();
    });
    greet();
  }
  soon();
  return () => {
    told = 0;
    soon();
  };
}
