// Whom an embed reports to: a learning platform by SCORM (scorm.js), or the host's page by SPLICE (splice.js).
//
// Both take the same player events, so content does not know which it is. Content without questions is followed here:
// it is complete when it has been played to its end. In: settings, what the link opens. Out: where to begin, which is
// where the visit before ended; and events from then on. Errors: as a sentence for the page; it goes on without.

import { readLink } from "../link.js";
import { SCRIPTS } from "../scripts.js";
import { followCompletion } from "./completion.js";
import { createScorm } from "./scorm.js";
import { createSplice } from "./splice.js";

/** @typedef {import("./reporter.js").Reporter} Reporter */

/**
 * The page as it is followed.
 * @typedef {object} Followed
 * @property {import("../store.js").Store<import("../state.js").State>} store
 * @property {(longest: number) => Promise<string>} fragment of a link to what is shown
 * @property {(line: string) => Promise<boolean>} isOperation Whether a line is in the timeline when it has run.
 * @property {number | null} end Of a figure's range.
 */

/**
 * A visit that has begun.
 * @typedef {object} Visit
 * @property {string} fragment What the page opens, with its `#`; empty for the page's own beginning.
 * @property {string} kept The fragment that the visit before has left, which may be of other content; empty if none.
 * @property {Reporter} reporter For content that has questions.
 * @property {(page: Followed) => void} follow Of content without: reports where the player stands, and when it
 *   has reached the end.
 */

/**
 * Begins a visit.
 * @param {object} visit
 * @param {import("./settings.js").FrameSettings} visit.settings
 * @param {string} visit.fragment of the link that the embed is of, with its `#`; or empty
 * @param {() => number} visit.now Milliseconds.
 * @param {(text: string) => void} visit.trouble
 * @param {Window} [visit.self]
 * @returns {Promise<Visit | null>} null where there is neither a platform nor a host
 */
export async function beginVisit({ settings, fragment, now, trouble, self = window }) {
  const reporter = reporterOf(settings, self, now, trouble);
  if (!reporter) return null;
  const [kept, link] = await Promise.all([reporter.started(), readLink(fragment)]);
  const before = settings.isFigure ? null : await readLink(`#${kept.link}`);
  const lines = link?.kind === "moment" ? linesOf(link.moment) : SCRIPTS[0].lines;
  return {
    reporter,
    kept: kept.link,
    fragment: before?.kind === "moment" ? `#${kept.link}` : fragment,
    follow: (page) => {
      followState(reporter, page);
      followEnd(reporter, lines, page);
    },
  };
}

/**
 * @param {import("./settings.js").FrameSettings} settings
 * @param {Window} self
 * @param {() => number} now
 * @param {(text: string) => void} trouble
 */
function reporterOf({ report }, self, now, trouble) {
  if (report === "scorm") return createScorm({ self, now, trouble });
  const host = self.parent;
  if (report !== "splice" || host === self) return null;
  // `randomUUID` is for pages with TLS only.
  const name = `lsmscope-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
  return createSplice({ self, host, name, after: (go, ms) => setTimeout(go, ms), trouble });
}

/** @param {import("../link.js").Moment} moment */
function linesOf({ branches, shown }) {
  const { script, next } = branches[shown];
  return [...script, ...next];
}

/**
 * @param {Reporter} reporter
 * @param {Followed} page
 */
function followState({ progress, longest }, { store, fragment }) {
  let [isAsking, isDue, last] = [false, false, ""];

  /** One link at a time: what changes while one is made is in the next. */
  async function tell() {
    const { stage, shown, busy } = store.get();
    const now = `${stage.position} ${shown.length} ${stage.queue.length}`;
    if (busy || now === last) return;
    [last, isDue] = [now, true];
    if (isAsking) return;
    isAsking = true;
    while (isDue) {
      isDue = false;
      progress(await fragment(longest).catch(() => ""));
    }
    isAsking = false;
  }

  store.subscribe(tell);
  tell();
}

/**
 * @param {Reporter} reporter
 * @param {string[]} lines
 * @param {Followed} page
 */
async function followEnd({ complete }, lines, { store, isOperation, end }) {
  const operations = await Promise.all(lines.map(isOperation));
  followCompletion({ store, lines: lines.filter((_, i) => operations[i]), end, done: () => complete() });
}
