// A film of a range of the timeline: GIF, WebM or MP4. Frames come from the timeline's plan, not from a clock, so the
// film is the same however slow the machine is.
//
// In: the frames, the look, a format. Out: a Blob. Errors: Cancelled where the signal was aborted; else a message that
// can be shown. The encoders are loaded when the first film is made.

import { Screen } from "./picture.js";

/** @typedef {import("./picture.js").Subject} Subject */
/** @typedef {import("./picture.js").Look} Look */
/** @typedef {import("../timeline.js").FilmFrame} FilmFrame */
/** @typedef {"gif" | "webm" | "mp4"} Format */
/** @typedef {import("./video.js").Encoder} Encoder */

/** @type {Record<Format, string>} */
export const TYPES = { gif: "image/gif", webm: "video/webm", mp4: "video/mp4" };

/** As many frames as the colours of a GIF are chosen from. */
const SAMPLES = 6;

export class Cancelled extends Error {}

/**
 * The formats that this browser can make in this size.
 * @param {Pick<Look, "width" | "height">} size
 * @returns {Promise<Format[]>}
 */
export async function formats(size) {
  if (!("VideoEncoder" in globalThis)) return ["gif"];
  const { codecOf } = await import("./video.js");
  const films = /** @type {const} */ (["webm", "mp4"]);
  const codecs = await Promise.all(films.map((format) => codecOf(format, even(size))));
  return ["gif", ...films.filter((_, i) => codecs[i] !== null)];
}

/**
 * Video has twice as many pixels for light as for colour, each way.
 * @template {Pick<Look, "width" | "height">} S
 * @param {S} size
 */
export function even(size) {
  return { ...size, width: 2 * Math.round(size.width / 2), height: 2 * Math.round(size.height / 2) };
}

/**
 * @param {Subject} subject
 * @param {FilmFrame[]} frames
 * @param {Look} look
 * @param {Format} format
 * @param {{ signal: AbortSignal, progress: (done: number) => void }} watch `done` of the frames
 * @returns {Promise<Blob>}
 */
export async function makeFilm(subject, frames, look, format, { signal, progress }) {
  const size = format === "gif" ? look : even(look);
  const screen = new Screen(
    subject,
    size,
    frames.map(({ position }) => position),
  );
  /** @type {Encoder | null} */
  let encoder = null;
  try {
    encoder = format === "gif" ? await gif(screen, frames) : await video(screen, format);
    let at = 0;
    for (const [i, frame] of frames.entries()) {
      if (signal.aborted) throw new Cancelled();
      screen.draw(frame);
      await encoder.add(frame, at);
      at += frame.seconds;
      progress(i + 1);
      await breath();
    }
    if (signal.aborted) throw new Cancelled();
    const made = await encoder.finish();
    encoder = null;
    return made;
  } finally {
    // An encoder that has failed or finished is closed already.
    await Promise.resolve(encoder?.cancel()).catch(() => {});
    screen.free();
  }
}

/**
 * @param {Screen} screen
 * @param {FilmFrame[]} frames
 * @returns {Promise<Encoder>}
 */
async function gif(screen, frames) {
  const { createGif } = await import("./gif.js");
  const step = Math.ceil(frames.length / SAMPLES);
  const samples = [];
  for (let i = frames.length - 1; i >= 0; i -= step) {
    screen.draw(frames[i]);
    samples.push(screen.pixels());
    await breath();
  }
  const { width, height } = screen.canvas;
  const encoder = createGif(width, height, screen.colours(), samples);
  return { ...encoder, add: ({ seconds }) => encoder.add(screen.pixels(), seconds) };
}

/**
 * @param {Screen} screen
 * @param {"webm" | "mp4"} format
 * @returns {Promise<Encoder>}
 */
async function video(screen, format) {
  const { createVideo } = await import("./video.js");
  return createVideo(screen.canvas, format);
}

/** Lets the page draw and be clicked; a hidden page, whose timers are slow, goes on as fast. */
function breath() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve(undefined);
    };
    port2.postMessage(null);
  });
}
