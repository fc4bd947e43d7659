// The page's address: what it opens, and that it follows the moment, so that a bookmark is a link.
//
// In: the fragment, and the state. Out: the moment of a link on the page; the fragment. Which wins after a reload: the
// session that the tab keeps, which knows more than a link, where the address is one that it had; else the link. A link
// that comes while the page still opens what it began with is opened after that.
//
// The address follows a moment after it has been left alone for a while, not while something plays or runs. It stays as
// it was opened until something is done. It is empty where no link leads to the moment (a stored database, a history,
// a script that is too long) or where the link would be so long that programs cut it.

import { encode, readLink } from "./link.js";
import { MAX_ADDRESS, MAX_FRAGMENT } from "./link/bounds.js";
import { replaceFragment } from "./link/fragment.js";
import { alone, momentOf, notLinkable } from "./link/moment.js";
import { restoreMoment } from "./link/restore.js";
import { say } from "./words.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./controller.js").Controller} Controller */

/** Milliseconds between two changes of the address: browsers refuse more than about a hundred in thirty seconds. */
const EVERY = 500;
/** Scripts that are longer than this are not even deflated each time that one moves. */
const MAX_CHARS = 100_000;

/**
 * The theme that the address asks for; empty if it asks for none. It is for this visit only.
 * @param {string} search
 * @returns {State["theme"]}
 */
export function themeOf(search) {
  const theme = new URLSearchParams(search).get("theme");
  return theme === "light" || theme === "dark" ? theme : "";
}

/**
 * @param {Controller} controller
 * @param {ReturnType<typeof import("./saved-session.js").createSavedSession>} saved
 * @param {(preset: string) => import("./timeline.js").Options | undefined} presetOptions
 */
export function createAddress(controller, saved, presetOptions) {
  const { store, branches } = controller;
  /** What the moment was called when it was opened; null once it has changed. @type {string | null} */
  let opened = "";

  /**
   * Opens what the address says, else what the tab keeps, else what `openFirst` does. From then on, the page follows
   * the address.
   * @param {() => Promise<void>} openFirst
   * @param {string} [fragment] or what is opened in the address's place
   */
  async function begin(openFirst, fragment = location.hash) {
    let isOpening = true;
    let isNew = false;
    addEventListener("hashchange", () => {
      isNew = true;
      if (!isOpening) void follow();
    });
    try {
      await openFirstLink(openFirst, fragment, () => isNew);
    } finally {
      isOpening = false;
    }
    if (isNew) await follow();
  }

  /**
   * @param {() => Promise<void>} openFirst
   * @param {string} fragment
   * @param {() => boolean} isReplaced Whether the address is another one by now.
   */
  async function openFirstLink(openFirst, fragment, isReplaced) {
    const { session, notKept, addresses } = saved.take();
    const link = await readLink(fragment);
    if (link?.kind === "experiment") show(link);
    const isLinked = link?.kind === "moment" && !addresses.includes(fragment);
    if (isLinked) await restore(link.moment);
    else if (session) await saved.restore(session);
    else await openFirst();
    // What the address has is older than what is lost.
    if (link?.kind === "moment" && !isLinked && notKept && !isReplaced()) replaceFragment("");
    if (!isLinked && notKept)
      store.set({ status: { text: say("The session before is not restored: {why}.", { why: notKept }), bad: true } });
    if (link?.kind === "refused") show(link);
    opened = await fragmentNow();
  }

  /**
   * Opens the link that the address has become.
   * @param {string} [fragment] or another one
   */
  async function follow(fragment = location.hash) {
    const link = await readLink(fragment);
    if (link?.kind === "moment") await restore(link.moment);
    else if (link) show(link);
    opened = await fragmentNow();
    return link;
  }

  /**
   * Opens a link. Rejects with the reason where it is not followed.
   * @param {string} fragment without its `#`
   */
  async function load(fragment) {
    const link = await follow(`#${fragment}`);
    if (link?.kind === "refused") throw new Error(link.reason);
    if (link?.kind !== "moment") throw new Error("this is no link to a moment");
    replaceFragment(`#${fragment}`);
  }

  /** @param {import("./link.js").Link} link no moment */
  function show(link) {
    // The simulator reads its links itself.
    if (link.kind === "experiment") store.set({ room: "simulate" });
    // Why it is not followed is said where it can be read.
    if (link.kind === "refused") store.set({ room: "sandbox", status: { text: link.reason, bad: true } });
  }

  /** @param {import("./link.js").Moment} moment */
  function restore(moment) {
    store.set({ room: "sandbox" });
    return saved.whileLinking(() => restoreMoment(controller, moment));
  }

  /**
   * The fragment of the moment on the page; empty if no link leads to it.
   * @param {number} longest Characters.
   */
  async function fragmentNow(longest = MAX_ADDRESS) {
    const state = store.get();
    const all = branches.all();
    if (state.stage.backend?.kind !== "memory" || notLinkable(state, all)) return "";
    const chars = all.flatMap(({ stage }) => [...stage.script, ...stage.queue]).reduce((n, line) => n + line.length, 0);
    if (chars > MAX_CHARS) return "";
    const moment = momentOf(state, all, presetOptions);
    const whole = await encode(moment);
    if (whole.length <= longest || all.length === 1) return whole.length <= longest ? whole : "";
    const one = await encode(alone(moment));
    return one.length <= longest ? one : "";
  }

  /** Whether the moment on the page may be the address now. */
  function isStill() {
    const { room, phase, busy, playing, stage } = store.get();
    return room === "sandbox" && phase === "open" && !busy && !playing && !stage.history;
  }

  /**
   * From now on, follows the moment: calls `arrive` with the fragment of each that is left alone for a while, but for
   * the one that was opened.
   * @param {number} longest Characters of a fragment; of a moment that needs more, it is empty.
   * @param {(fragment: string) => void} arrive
   */
  function whenStill(longest, arrive) {
    let timer = /** @type {ReturnType<typeof setTimeout> | null} */ (null);

    async function look() {
      timer = null;
      if (!isStill()) return;
      const before = store.get();
      const fragment = await fragmentNow(longest);
      // Meanwhile there is another moment: it has its own turn.
      if (store.get() !== before) return schedule();
      if (fragment === opened) return;
      opened = null;
      arrive(fragment);
    }

    function schedule() {
      if (timer === null && isStill()) timer = setTimeout(look, EVERY);
    }
    store.subscribe(schedule);
  }

  /**
   * The fragment of a link to the moment on the page, without its `#`; empty if none leads there.
   * @param {number} [longest] Characters.
   */
  async function fragment(longest = MAX_FRAGMENT) {
    return (await fragmentNow(longest)).replace(/^#/, "");
  }

  /** From now on, the address follows the moment. An embed's address is its host's. */
  function bindMoment() {
    whenStill(MAX_ADDRESS, (fragment) => {
      if (fragment === location.hash) return;
      saved.leaveAddress(location.hash);
      replaceFragment(fragment);
    });
  }

  return {
    begin,
    bindMoment,
    fragment,
    load,
    /** @param {(fragment: string) => void} tell without its `#` */
    tellMoments: (tell) => whenStill(MAX_FRAGMENT, (fragment) => fragment && tell(fragment.slice(1))),
  };
}
