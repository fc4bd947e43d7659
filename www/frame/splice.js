// SPLICE, the protocol of smart learning content in computer science courses: what the host's page is told of a visit,
// as messages of its window. Source: cssplice.org, "SPLICE iframe Protocol: Specification".
//
//   SPLICE.getState             asks what was kept; the answer, SPLICE.getState.response, has the same message_id
//   SPLICE.reportScoreAndState  a score from 0 to 1, and what to keep
//   SPLICE.sendEvent            what else happens: started, answered, complete
//
// In: player events (reporter.js), messages of the host. Out: messages. Errors: without an answer within five seconds,
// or with one that has an error, nothing was kept.
//
// SPLICE has a score, and no word for an end that was reached. Of content without questions the score says that: 0
// before its end, 1 from then on.

import { NOTHING, read, withAnswer, write } from "./kept.js";
import { say } from "../words.js";

/** Milliseconds until a host that has not answered counts as one that keeps nothing. */
const PATIENCE = 5000;
/** Milliseconds between two reports of where the player stands: a host stores each. */
const EVERY = 1000;
/** The longest state, in characters. */
const MAX_STATE = 32_768;

/**
 * @param {object} world
 * @param {Window} world.self
 * @param {Window} world.host
 * @param {string} world.name What the ids of its messages begin with: no other frame's do.
 * @param {(go: () => void, ms: number) => void} world.after
 * @param {(text: string) => void} world.trouble What went wrong at the host.
 * @returns {import("./reporter.js").Reporter}
 */
export function createSplice({ self, host, name, after, trouble }) {
  let [sent, isDue, score] = [0, false, 0];
  let kept = NOTHING;

  /**
   * Returns the message's id.
   * @param {string} subject
   * @param {Record<string, unknown>} [fields]
   */
  function send(subject, fields) {
    sent += 1;
    const message_id = `${name}-${sent}`;
    host.postMessage({ subject: `SPLICE.${subject}`, message_id, ...fields }, "*");
    return message_id;
  }

  function report() {
    isDue = false;
    send("reportScoreAndState", { score, state: { kept: write(kept, MAX_STATE), score } });
  }

  /** @returns {Promise<any>} the host's answer; null if there is none in time */
  function ask() {
    return new Promise((resolve) => {
      const id = send("getState");
      self.addEventListener("message", ({ source, data }) => {
        if (source === host && data?.subject === "SPLICE.getState.response" && data.message_id === id) resolve(data);
      });
      after(() => resolve(null), PATIENCE);
    });
  }

  return {
    longest: MAX_STATE / 2,
    async started() {
      const answer = await ask();
      if (answer?.error) trouble(refusal(answer.error));
      const text = answer?.state?.kept;
      if (typeof text === "string" && text.length <= MAX_STATE) kept = read(text);
      const before = answer?.state?.score;
      if (kept !== NOTHING && before >= 0 && before <= 1) score = before;
      send("sendEvent", { name: "started", data: {} });
      self.document.addEventListener("visibilitychange", () => isDue && self.document.hidden && report());
      self.addEventListener("pagehide", () => isDue && report());
      return kept;
    },
    progress(link) {
      if (!link || link === kept.link) return;
      kept = { ...kept, link };
      if (!isDue) after(() => isDue && report(), EVERY);
      isDue = true;
    },
    answered(n, result) {
      kept = { ...kept, answers: withAnswer(kept.answers, n, result) };
      send("sendEvent", { name: "answered", data: { question: n, result } });
      report();
    },
    complete(next = 1) {
      score = Math.min(Math.max(next, 0), 1);
      send("sendEvent", { name: "complete", data: { score } });
      report();
    },
  };
}

/** @param {any} error */
function refusal({ code, message }) {
  const why = String(message ?? code ?? say("no reason was given")).slice(0, 200);
  return say(
    "The course page could not give back what was done here before: {why}. It begins anew; reload to try again.",
    { why },
  );
}
