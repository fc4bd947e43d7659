// Links: a moment of the sandbox, or an experiment of the simulator, in the URL's fragment, which no server sees.
//
//   #v=2&preset=teaching&script=put+a+1%0Aflush&next=get+a&at=flush%3A1%2Fversion_installed&is=0+removed%2C+1+added
//
// What shows is made again by running the script, so a link is short, and holds in later versions as far as the script
// does. The moment is a name, which counts events of one kind within their job or operation (src/timeline/moments.rs):
// a version that reports more events still finds it. `is` says what stood there; where another thing stands, the
// nearest like it is shown, and why is said. docs/formats.md has every field.
//
//   link/version1.js  reads links of version 1: the moment is a number of events
//   link/version2.js  the fields of version 2
//   link/deflate.js   `z`: those fields, deflated, where they are longer than 1,500 characters
//   link/bounds.js    what a link may ask for; more is refused, by name
//   link/moment.js    the moment on the page, as a value
//   link/restore.js   a moment's value, on the page again
//   sim/experiment.js the simulator's links, of version 1
//
// In: a fragment, or a moment. Out: the other of the two. Errors: `refused`, with a sentence that names what is wrong.

import { overLength, refusalOf } from "./link/bounds.js";
import { canDeflate, deflate, inflate } from "./link/deflate.js";
import * as version1 from "./link/version1.js";
import * as version2 from "./link/version2.js";
import { say } from "./words.js";

/** The newest version that this page reads, and the one that it makes. */
const VERSION = 2;
/** Fields that are longer than this are deflated: some programs cut longer addresses. */
const MAX_RAW = 1500;

/** @typedef {import("./link/version2.js").Moment} Moment */
/**
 * @typedef {{ kind: "moment", moment: Moment } | { kind: "experiment" } | { kind: "refused", reason: string }} Link
 */

/**
 * @param {Moment} moment
 * @returns {Promise<string>} a fragment with its `#`
 */
export async function encode(moment) {
  const fields = version2.write(moment);
  // What is hidden is not to be read in the address either.
  if ((fields.length <= MAX_RAW && !moment.pastOnly) || !canDeflate()) return `#v=${VERSION}&${fields}`;
  return `#v=${VERSION}&z=${await deflate(fields)}`;
}

/**
 * What a fragment opens; null if it is no link.
 * @param {string} fragment
 * @returns {Promise<Link | null>}
 */
export async function readLink(fragment) {
  const text = fragment.replace(/^#/, "");
  if (!/(^|&)(v|room)=/.test(text.slice(0, 4096))) return null;
  const long = overLength(text);
  if (long) return { kind: "refused", reason: long };
  const fields = new URLSearchParams(text);
  const version = fields.get("v") ?? "";
  if (isNewer(version)) return { kind: "refused", reason: newer(version) };
  if (fields.get("room") === "simulate" && version !== "2") return { kind: "experiment" };
  if (version === "1") return bounded(version1.read(fields));
  return version === "2" ? readSecond(fields) : null;
}

/**
 * @param {URLSearchParams} fields
 * @returns {Promise<Link>}
 */
async function readSecond(fields) {
  const deflated = fields.get("z");
  if (deflated === null) return bounded(version2.read(fields));
  try {
    return bounded(version2.read(new URLSearchParams(await inflate(deflated))));
  } catch (error) {
    return { kind: "refused", reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * @param {{ moment: Moment } | { reason: string }} read
 * @returns {Link}
 */
function bounded(read) {
  if ("reason" in read) return { kind: "refused", reason: read.reason };
  const reason = refusalOf(read.moment);
  return reason ? { kind: "refused", reason } : { kind: "moment", moment: read.moment };
}

/** @param {string} version */
function isNewer(version) {
  return /^[0-9]+$/.test(version) && Number(version) > VERSION;
}

/** @param {string} version */
function newer(version) {
  return say(
    "The link has version {version}; this page reads versions 1 to {known}. Reload the page: a newer one may be there.",
    { version: version.slice(0, 20), known: VERSION },
  );
}
