// Text as deflated bytes in letters that no program escapes: raw deflate (RFC 1951), then base64url (RFC 4648).
//
// In: text, or letters. Out: the other of the two. Errors: letters that are none, bytes that are not deflated, and text
// that is longer than a link's may be: the stream is cut there, so that a small link never takes much memory.

import { MAX_INFLATED } from "./bounds.js";
import { number, say } from "../words.js";

/** Bytes that are inflated at a time: at most a thousand times as many come out before the bound is checked. */
const PIECE = 512;

/** Whether this browser can deflate. */
export function canDeflate() {
  return typeof CompressionStream === "function" && typeof DecompressionStream === "function";
}

/**
 * @param {string} text
 * @returns {Promise<string>}
 */
export async function deflate(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * @param {string} letters
 * @returns {Promise<string>}
 */
export async function inflate(letters) {
  if (!canDeflate()) throw new Error(say("The link is deflated, which this browser can not read: use a newer one."));
  if (!/^[\w-]*$/.test(letters))
    throw new Error(say("The link is damaged: its part z has a character that is none of it."));
  const stream = new DecompressionStream("deflate-raw");
  const writer = stream.writable.getWriter();
  // What is wrong with the bytes is reported by the reader.
  feed(writer, bytesOf(letters)).catch(() => {});
  return read(stream.readable.getReader());
}

/** @param {string} letters */
function bytesOf(letters) {
  try {
    return Uint8Array.from(atob(letters.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  } catch {
    throw new Error(say("The link is damaged: the end of its part z is missing."));
  }
}

/**
 * Writes pieces, each when the one before has been read.
 * @param {WritableStreamDefaultWriter<BufferSource>} writer
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
async function feed(writer, bytes) {
  for (let at = 0; at < bytes.length; at += PIECE) {
    await writer.ready;
    await writer.write(bytes.subarray(at, at + PIECE));
  }
  await writer.close();
}

/** @param {ReadableStreamDefaultReader<Uint8Array>} reader */
async function read(reader) {
  const decoder = new TextDecoder();
  let [text, length] = ["", 0];
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new Error(say("The link is damaged: its part z can not be inflated."));
    });
    if (done) return text + decoder.decode();
    length += value.length;
    if (length > MAX_INFLATED) {
      reader.cancel().catch(() => {});
      const most = number(MAX_INFLATED);
      throw new Error(say("The link is longer than {most} bytes when it is inflated.", { most }));
    }
    text += decoder.decode(value, { stream: true });
  }
}
