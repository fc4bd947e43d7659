// The files of a database that tell its history, sorted: its MANIFEST or recorded lines, its OPTIONS file, its LOG.
//
// In: files, dropped or picked, packed (.gz) or not, or all of a database's directory; and those of the history before,
// to which an OPTIONS file or a LOG may come later. Out: `HistoryFiles`. A LOG may be of any size: it is not read here.
// Errors: too large, too many, or none that is a history.

import { bytes as bytesSaid } from "./format.js";
import { problem } from "./problem.js";
import { say } from "./words.js";

/** @typedef {{ name: string, file: File }} LogFile */
/**
 * @typedef {object} HistoryFiles
 * @property {string} name Of the history itself; without one, of the LOG.
 * @property {Uint8Array | null} bytes None: there is only a LOG.
 * @property {{ name: string, text: string } | null} options
 * @property {LogFile[]} logs In the order in which they were written.
 */

/** The largest file that is read into memory, in bytes; of a LOG, all that is compared with. */
const MAX_FILE_BYTES = 256 << 20;
/** What tells the kind of a file, in bytes. */
const HEAD = 65536;

/**
 * @param {readonly File[]} files none: those of `last` again
 * @param {HistoryFiles | null} last
 * @returns {Promise<HistoryFiles>}
 */
export async function sortHistory(files, last) {
  /** @type {{ name: string, bytes: Uint8Array } | null} */
  let found = null;
  /** @type {LogFile[]} */
  const logs = [];
  /** @type {HistoryFiles["options"]} */
  let options = null;
  for (const file of await ofDirectory(files)) {
    const name = ownName(file.name);
    const head = new TextDecoder().decode(await read(file, HEAD));
    if (head.includes("[CFOptions ")) options = { name, text: new TextDecoder().decode(await read(file)) };
    else if (LOG_LINE.test(head)) addLog(logs, { name, file });
    else if (found)
      throw problem(
        say("{file} is one too many", { file: file.name }),
        say("Choose one history, and its OPTIONS and LOG files if you have them."),
      );
    else found = { name, bytes: await read(file) };
  }
  // What came before stays, unless it came anew. A history beside one, or a newest LOG beside one, is another database.
  const isNewest = (/** @type {LogFile} */ { name }) => age(name) === Number.MAX_VALUE;
  const isAnother = (found && last?.bytes) || (logs.some(isNewest) && last?.logs.some(isNewest));
  const before = isAnother ? null : last;
  options ??= before?.options ?? null;
  logs.push(...(before?.logs ?? []).filter((log) => !logs.some(({ name }) => name === log.name)));
  logs.sort((a, b) => age(a.name) - age(b.name));
  const bytes = found?.bytes ?? before?.bytes ?? null;
  const name = found?.name ?? (bytes ? before?.name : logs.at(-1)?.name);
  if (name === undefined)
    throw problem(
      say("An OPTIONS file alone is not a history"),
      say("Choose the LOG or the MANIFEST that lies beside it as well."),
    );
  return { name, bytes, options, logs };
}

/** How a LOG begins; in Chromium, a LevelDB writes milliseconds. */
const LOG_LINE = /^\d{4}\/\d\d\/\d\d-\d\d:\d\d:\d\d\.\d{3}(\d{3})? /;

/**
 * Adds a log. Of one and its packed copy, the one that is not packed counts.
 * @param {LogFile[]} logs
 * @param {LogFile} log
 */
function addLog(logs, log) {
  const same = logs.findIndex(({ name }) => name === log.name);
  if (same < 0) logs.push(log);
  else if (isPacked(logs[same].file) !== isPacked(log.file)) logs[same] = isPacked(log.file) ? logs[same] : log;
  else
    throw problem(
      say("{file} is one too many", { file: log.file.name }),
      say("Choose the LOG files of one database: those of two would be one film."),
    );
}

/** @param {File} file */
const isPacked = ({ name }) => /\.gz$/i.test(name);

/** `LOG.old.1795883573877542` was written before `LOG`. @param {string} name */
const age = (name) => Number(/\.old\.?(\d*)/.exec(name)?.[1] ?? Number.MAX_VALUE);

/** @param {string} name */
const ownName = (name) => name.replace(/\.gz$/i, "");

/** What is read of a database's directory, the newest by number where that is told. */
const PARTS = [/^MANIFEST-(\d+)$/, /^OPTIONS-(\d+)$/, /^(.*_)?LOG(\.old(\.\d+)?)?$/];

/**
 * Of a database's directory, which has `CURRENT`, what tells its history: the MANIFEST that is in force, the newest
 * OPTIONS, all LOG files. Other files as they are.
 * @param {readonly File[]} files
 * @returns {Promise<readonly File[]>}
 */
export async function ofDirectory(files) {
  const current = files.find(({ name }) => name === "CURRENT");
  if (!current) return files;
  const inForce = (await current.text()).trim();
  const [manifests, options, logs] = PARTS.map((part) => files.filter(({ name }) => part.test(ownName(name))));
  const number = (/** @type {File} */ { name }) => Number(/-(\d+)/.exec(name)?.[1]);
  const newest = (/** @type {File[]} */ all) => all.toSorted((a, b) => number(b) - number(a))[0];
  const manifest = manifests.find(({ name }) => ownName(name) === inForce) ?? newest(manifests);
  return [manifest, newest(options), ...logs].filter((file) => file !== undefined);
}

/**
 * A file's bytes, unpacked.
 * @param {File} file
 * @param {(bytes: number) => void} [tell] is told how many bytes were read of it, as it lies there
 * @returns {ReadableStream<Uint8Array<ArrayBuffer>>}
 */
export function unpacked(file, tell = () => {}) {
  const counted = new TransformStream({
    transform: (/** @type {Uint8Array<ArrayBuffer>} */ bytes, out) => {
      tell(bytes.length);
      out.enqueue(bytes);
    },
  });
  const stream = file.stream().pipeThrough(counted);
  return isPacked(file) ? stream.pipeThrough(new DecompressionStream("gzip")) : stream;
}

/**
 * The next bytes of a file, of the reader of what is in it. Rejects with a problem that names the file.
 * @param {ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>} reader
 * @param {File} file
 */
export const nextOf = (reader, file) =>
  reader.read().catch((error) => {
    throw problem(
      say("{file} cannot be read: {why}", { file: file.name, why: error.message }),
      say("Unpack it, and choose what was in it; or copy it, if it is being written."),
    );
  });

/**
 * What is in a file, unpacked.
 * @param {File} file
 * @param {number} [most] No more bytes are read than that; without it, a larger file is an error.
 */
async function read(file, most) {
  const reader = unpacked(file).getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await nextOf(reader, file);
    if (!done) {
      parts.push(value);
      size += value.length;
    }
    if (!done && most === undefined && size > MAX_FILE_BYTES) {
      void reader.cancel();
      const tooLarge = problem(
        say("{file} is larger than {size}", { file: file.name, size: bytesSaid(MAX_FILE_BYTES) }),
        say("Replay it at the command line: lsmscope replay FILE"),
      );
      throw Object.assign(tooLarge, { kind: TOO_LARGE });
    }
    if (done || size >= (most ?? Number.POSITIVE_INFINITY)) {
      void reader.cancel().catch(() => {});
      return new Uint8Array(await new Blob(parts).arrayBuffer()).subarray(0, most);
    }
  }
}

/** The kind of the problem that a file is too large to be read into memory. */
const TOO_LARGE = "too_large";

/**
 * The logs as one; null where they are too large to be compared with: all of them would be in memory.
 * @param {HistoryFiles} files
 */
export async function logOf({ logs }) {
  if (logs.length === 0) return undefined;
  /** @type {(Uint8Array<ArrayBuffer> | string)[]} */
  const parts = [];
  let size = 0;
  try {
    for (const { file } of logs) {
      const bytes = await read(file);
      if ((size += bytes.length) > MAX_FILE_BYTES) return null;
      parts.push(bytes, "\n");
    }
  } catch (error) {
    if (/** @type {{ kind?: string }} */ (error).kind === TOO_LARGE) return null;
    throw error;
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
