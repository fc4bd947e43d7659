// The files of a database that tell its history, sorted: its MANIFEST or recorded lines, its OPTIONS file, its LOG.
//
// In: files, dropped or picked, packed (.gz) or not; and those of the history before, to which an OPTIONS file or a LOG
// may come later. Out: `HistoryFiles`. Errors: too large, too many, or none that is a history.

import { bytes as bytesSaid } from "./format.js";
import { problem } from "./problem.js";
import { say } from "./words.js";

/**
 * @typedef {object} HistoryFiles
 * @property {string} name Of the history itself.
 * @property {Uint8Array} bytes
 * @property {{ name: string, text: string } | null} options
 * @property {{ name: string, bytes: Uint8Array }[]} logs In the order in which they were written.
 */

/** The largest file, in bytes: all of it is read into memory. */
const MAX_FILE_BYTES = 256 << 20;

/**
 * @param {readonly File[]} files none: those of `last` again
 * @param {HistoryFiles | null} last
 * @returns {Promise<HistoryFiles>}
 */
export async function sortHistory(files, last) {
  /** @type {HistoryFiles | null} */
  let found = null;
  /** @type {HistoryFiles["logs"]} */
  const logs = [];
  /** @type {HistoryFiles["options"]} */
  let options = null;
  for (const file of files) {
    const bytes = await read(file);
    const name = file.name.replace(/\.gz$/i, "");
    const head = new TextDecoder().decode(bytes.subarray(0, 65536));
    if (head.includes("[CFOptions ")) options = { name, text: new TextDecoder().decode(bytes) };
    else if (LOG_LINE.test(head)) logs.push({ name, bytes });
    else if (found)
      throw problem(
        say("{file} is one too many", { file: file.name }),
        say("Choose one history, and its OPTIONS and LOG files if you have them."),
      );
    else found = { name, bytes, options: null, logs: [] };
  }
  const history = found ?? last;
  if (!history)
    throw problem(
      say("An OPTIONS or LOG file alone is not a history"),
      say("Choose the MANIFEST that lies beside it as well."),
    );
  if (!found) {
    // What came with it stays, unless it came anew.
    options ??= history.options;
    logs.push(...history.logs.filter((log) => !logs.some(({ name }) => name === log.name)));
  }
  // LOG.old.1795883573877542 was written before LOG.
  const age = (/** @type {string} */ name) => Number(/\.old\.(\d+)/.exec(name)?.[1] ?? Number.MAX_VALUE);
  logs.sort((a, b) => age(a.name) - age(b.name));
  return { ...history, options, logs };
}

/** How a LOG begins. */
const LOG_LINE = /^\d{4}\/\d\d\/\d\d-\d\d:\d\d:\d\d\.\d{6} /;

/**
 * What is in a file, unpacked.
 * @param {File} file
 */
async function read(file) {
  const isPacked = /\.gz$/i.test(file.name);
  const stream = isPacked ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file.stream();
  const reader = stream.getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      if (!isPacked) throw error;
      throw problem(say("{file} cannot be unpacked: {why}", { file: file.name, why: error.message }), UNPACK);
    });
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    parts.push(value);
    if ((size += value.length) > MAX_FILE_BYTES) {
      void reader.cancel();
      throw problem(
        say("{file} is larger than {size}", { file: file.name, size: bytesSaid(MAX_FILE_BYTES) }),
        say("Replay it at the command line: lsmscope replay FILE"),
      );
    }
  }
}

const UNPACK = say("Unpack it, and choose what was in it.");

/**
 * The logs as one.
 * @param {HistoryFiles} files
 */
export async function logOf({ logs }) {
  if (logs.length === 0) return undefined;
  const parts = logs.flatMap(({ bytes }) => [/** @type {Uint8Array<ArrayBuffer>} */ (bytes), "\n"]);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
