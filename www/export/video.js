// WebM and MP4, by WebCodecs and Mediabunny: the container, the queue of the encoder, its end.

import {
  BufferTarget,
  CanvasSource,
  Mp4OutputFormat,
  Output,
  QUALITY_VERY_HIGH,
  WebMOutputFormat,
  getFirstEncodableVideoCodec,
} from "mediabunny";

import { say } from "../words.js";

/** @typedef {import("../timeline.js").FilmFrame} FilmFrame */
/**
 * @typedef {object} Encoder
 * @property {(frame: FilmFrame, at: number) => void | Promise<void>} add what the screen shows, from `at` seconds on
 * @property {() => Blob | Promise<Blob>} finish
 * @property {() => void | Promise<void>} cancel lets go of everything
 */

/** By preference. An MP4 is for programs that play nothing but H.264. */
const CODECS = /** @type {const} */ ({ webm: ["vp9", "vp8"], mp4: ["avc"] });
/** Seconds from one whole picture to the next: how far a player goes back to show a moment. */
const KEY_FRAMES = 2;

/**
 * The codec that this browser encodes pictures of this size with; null if there is none.
 * @param {"webm" | "mp4"} format
 * @param {{ width: number, height: number }} size
 */
export async function codecOf(format, { width, height }) {
  return getFirstEncodableVideoCodec([...CODECS[format]], { width, height, bitrate: QUALITY_VERY_HIGH });
}

/**
 * @param {HTMLCanvasElement} canvas that each frame is on when it is added
 * @param {"webm" | "mp4"} format
 * @returns {Promise<Encoder>}
 */
export async function createVideo(canvas, format) {
  const codec = await codecOf(format, canvas);
  if (!codec)
    throw new Error(say("This browser can not encode films of this size: make a GIF, or choose a smaller size."));
  const target = new BufferTarget();
  const output = new Output({ format: format === "webm" ? new WebMOutputFormat() : new Mp4OutputFormat(), target });
  const source = new CanvasSource(canvas, {
    codec,
    bitrate: QUALITY_VERY_HIGH,
    keyFrameInterval: KEY_FRAMES,
    latencyMode: "quality",
  });
  output.addVideoTrack(source);
  await output.start();
  return {
    // Waits while the encoder has as many frames as it should have.
    add: ({ seconds }, at) => source.add(at, seconds),
    finish: async () => {
      await output.finalize();
      if (!target.buffer) throw new Error(say("The browser's encoder has made nothing: make a GIF instead."));
      return new Blob([target.buffer], { type: `video/${format}` });
    },
    cancel: () => output.cancel(),
  };
}
