// Types of libraries that have none of their own: what is used of them.

declare module "gifenc" {
  type Palette = number[][];
  interface FrameOptions {
    palette?: Palette;
    /** In milliseconds. */
    delay?: number;
    transparent?: boolean;
    transparentIndex?: number;
    dispose?: number;
    /** 0: for ever. */
    repeat?: number;
  }
  export function GIFEncoder(): {
    writeFrame(indices: Uint8Array, width: number, height: number, options?: FrameOptions): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  };
  export function quantize(
    rgba: Uint8Array | Uint8ClampedArray,
    colours: number,
    options?: { format: "rgb565" | "rgb444" | "rgba4444" },
  ): Palette;
  export function applyPalette(
    rgba: Uint8Array | Uint8ClampedArray,
    palette: Palette,
    format?: "rgb565" | "rgb444" | "rgba4444",
  ): Uint8Array;
}

declare module "omggif" {
  export class GifReader {
    constructor(bytes: Uint8Array);
    width: number;
    height: number;
    numFrames(): number;
    frameInfo(frame: number): { delay: number };
    decodeAndBlitFrameRGBA(frame: number, pixels: Uint8Array): void;
  }
}

// Its own types bring those of WebCodecs along, which the DOM's have by now: they do not fit together.
declare module "mediabunny" {
  export class Quality {}
  export const QUALITY_VERY_HIGH: Quality;
  type VideoCodec = "avc" | "hevc" | "vp8" | "vp9" | "av1";
  export function getFirstEncodableVideoCodec(
    codecs: VideoCodec[],
    options: { width: number; height: number; bitrate: number | Quality },
  ): Promise<VideoCodec | null>;
  export class BufferTarget {
    buffer: ArrayBuffer | null;
  }
  export class WebMOutputFormat {}
  export class Mp4OutputFormat {}
  export class CanvasSource {
    constructor(
      canvas: HTMLCanvasElement | OffscreenCanvas,
      options: {
        codec: VideoCodec;
        bitrate: number | Quality;
        keyFrameInterval?: number;
        latencyMode?: "quality" | "realtime";
      },
    );
    /** In seconds. Resolves when the encoder is ready for more. */
    add(timestamp: number, duration: number): Promise<void>;
  }
  export class Output {
    constructor(options: { format: WebMOutputFormat | Mp4OutputFormat; target: BufferTarget });
    addVideoTrack(source: CanvasSource): void;
    start(): Promise<void>;
    finalize(): Promise<void>;
    cancel(): Promise<void>;
  }
}
