// The page as an embed: what its host may ask, and what it is told. See settings.js, messages.js, height.js and
// visit.js.

import { types } from "../keys.js";
import { replaceFragment } from "../link/fragment.js";
import { embedded } from "../state.js";
import { sayCount } from "../words.js";
import { createFigureRange } from "./figure-range.js";
import { heightFor, tellHeight } from "./height.js";
import { hostOf, readyMessage, takeLanguage, takeTheme } from "./host.js";
import { MAX_STATE, createChannel } from "./messages.js";

/** @typedef {import("./settings.js").FrameSettings} FrameSettings */
/** @typedef {import("../state.js").State} State */

/** Keys of a deck of slides, which are passed on to it. */
const DECK_KEYS = ["PageUp", "PageDown", "b"];
const STRIDES = ["event", "operation", "job"];

/**
 * Connects the page with its host, when it has opened what the address says.
 * @param {object} page
 * @param {FrameSettings} page.settings
 * @param {import("../controller.js").Controller} page.controller
 * @param {import("../player.js").Player} page.player
 * @param {(longest?: number) => Promise<string>} page.fragment of a link to what is on the stage; empty if none leads
 *   there
 * @param {(fragment: string) => Promise<void>} page.load Opens a link; rejects with why it is not followed.
 * @param {(tell: (fragment: string) => void) => void} page.tellMoments Calls it with the link to each moment that is
 *   left alone for a while.
 * @param {(position: number) => string} page.title of the event that leads to a position
 * @param {string} page.version
 * @param {import("./visit.js").Visit | null} page.visit Null where nothing is reported.
 * @param {(line: string) => Promise<boolean>} page.isOperation
 */
export function connect(page) {
  const { settings, controller, player, fragment, load, tellMoments, title, version, visit, isOperation } = page;
  const { store } = controller;
  const host = hostOf(settings);
  const { send } = host ? createChannel({ self: window, host, act }) : { send: () => {} };

  /** @param {import("./messages.js").Message} message */
  async function act(message) {
    switch (message.type) {
      case "load":
        await load(String(message.state ?? ""));
        // The names of the range before are of another script.
        figure?.show(String(message.from ?? ""), String(message.to ?? ""));
        return told();
      case "play":
        return void player.play();
      case "pause":
        return void player.pause();
      case "step":
        return step(message);
      case "seek":
        return seek(message.moment);
      case "state":
        return { state: await state() };
      case "theme":
        return void takeTheme(store, message.theme);
      case "lang":
        return await takeLanguage(message.lang, state);
      case "restart":
        return restart(message);
      case "answer":
        throw new Error("there is no lesson here to answer");
    }
  }

  /**
   * Becomes the frame of another element, which has the engine already: as if it had just been loaded, with nothing of
   * the reader of the one before.
   * @param {import("./messages.js").Message} message
   */
  async function restart({ state: wanted, theme, from, to }) {
    const link = String(wanted ?? "");
    isBegun = false;
    takeTheme(store, theme);
    player.pause();
    const { dialog, forms, pauseAt, room, speed, tabs, unfolded, wide } = embedded(settings);
    store.set({ dialog, forms, pauseAt, room, speed, tabs, unfolded, wide });
    try {
      if (store.get().phase === "panicked") throw new Error("the engine has stopped");
      await load(link);
    } catch {
      // Opened anew, it shows what such a link shows: the tour, or why it is not followed.
      replaceFragment(link && `#${link}`);
      return location.reload();
    }
    begin(String(from ?? ""), String(to ?? ""));
  }

  /** @returns {Promise<string>} the fragment of a link to what is shown; of a figure, to its range */
  async function state() {
    if (settings.isFigure) return location.hash.slice(1);
    const found = await fragment();
    if (!found) throw new Error("no link leads to what is shown");
    if (found.length > MAX_STATE) throw new Error("the link to what is shown is longer than a message may be");
    return found;
  }

  /** @param {import("./messages.js").Message} message */
  async function step({ how, backwards }) {
    const stride = /** @type {import("../timeline.js").Stride} */ (STRIDES.includes(String(how)) ? how : "event");
    player.pause();
    if (backwards) controller.back(stride);
    else await controller.forward(stride);
    return told();
  }

  /** @param {unknown} moment */
  function seek(moment) {
    player.pause();
    if (typeof moment === "number" && moment >= 0) controller.seek(Math.floor(moment));
    else {
      const found = controller.timeline()?.openMoment(String(moment ?? ""), "");
      if (!found || found.differs) throw new Error(found?.differs ?? "nothing is open here");
      controller.seek(found.position);
    }
    return told();
  }

  /** Where the page stands. */
  function told() {
    const { stage, shown } = store.get();
    const moment = controller.timeline()?.momentName(stage.position).name ?? "";
    return { position: stage.position, length: shown.length, moment, title: title(stage.position) };
  }

  let last = "";
  /** Whether the host knows what is shown: while that begins, it is told of no step. */
  let isBegun = false;
  function follow() {
    if (!isBegun) return;
    const { stage, shown, phase, problem } = store.get();
    const now = `${phase} ${stage.position} ${shown.length}`;
    if (now === last) return;
    last = now;
    if (phase === "open") send({ type: "step", ...told() });
    if (phase === "refused" || phase === "panicked")
      send({ type: "error", code: phase, text: problem?.message ?? "the engine has stopped" });
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    if (document.querySelector("dialog[open]") || types(/** @type {HTMLElement} */ (event.target))) return;
    if (settings.inDeck && DECK_KEYS.includes(event.key)) {
      event.preventDefault();
      send({ type: "key", key: event.key });
    }
    if (event.key === "Escape" && store.get().unfolded.length === 0) send({ type: "release" });
  }
  // Before the page's own keys: Escape closes first what is open, and the next one gives the focus back.
  document.addEventListener("keydown", press, true);

  /** @type {(() => void) | undefined} */
  let tellAgain;
  const figure = settings.isFigure
    ? createFigureRange({ controller, player, complain: (text) => send({ type: "error", code: "range", text }) })
    : null;

  /**
   * Says that it is ready, and what it shows.
   * @param {string} from
   * @param {string} to
   * @returns {number | null} the position of a figure's end
   */
  function begin(from, to) {
    send(readyMessage(version, []));
    if (tellAgain) tellAgain();
    else if (host && settings.tellsHeight) {
      const wanted = (/** @type {number} */ width) => heightFor(width, settings.controls);
      tellAgain = tellHeight({ self: window, host, send, dialects: settings.dialects, wanted });
    }
    const { stage, status } = store.get();
    const { queue } = stage;
    // Why a link is not followed stays.
    if (queue.length > 0 && !status.bad)
      store.set({ status: { text: sayCount(queue.length, "{n} line to play", "{n} lines to play"), bad: false } });
    const end = figure?.show(from, to) ?? null;
    last = "";
    isBegun = true;
    follow();
    return end;
  }
  const end = begin(settings.from, settings.to);
  store.subscribe(follow);
  visit?.follow({ store, fragment, isOperation, end });
  if (settings.isFigure) return;
  // An embed keeps nothing itself: its host may, and gives it back as the fragment of the address.
  let kept = "";
  tellMoments((moment) => {
    if (moment === kept || moment.length > MAX_STATE) return;
    kept = moment;
    send({ type: "state", state: moment });
  });
}
