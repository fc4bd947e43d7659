// What tests of the controller run against: a sandbox without an engine.

import { createController } from "./controller.js";
import { initialState } from "./state.js";
import { createStore } from "./store.js";

/** @typedef {import("./sandbox.js").Trouble} Trouble */
/** @typedef {import("./sandbox.js").Sandbox} Sandbox */

/** A sandbox whose commands each make three events; `boom` is refused, `gone` fails. */
export class Fake {
  events_ = 2;
  closed = false;
  /** @type {Trouble | null} */
  trouble_ = null;
  /** @type {(trouble: Trouble) => void} */
  lose = () => {};
  /** @type {[number, number][]} */
  asked = [];
  /** @type {string[]} */
  lines_ = [];

  /** @param {string} line */
  async run(line) {
    const first = this.events_;
    if (line === "gone") throw { kind: "busy", message: "another tab took over", remedy: "Take over." };
    if (line === "boom")
      return {
        ok: false,
        text: "",
        error: { message: "unknown command", start: 0, end: 4, remedy: "help" },
        first,
        last: first,
        exit: false,
      };
    if (line.startsWith("long") && !line.endsWith("anyway"))
      return {
        ok: false,
        text: "",
        error: { message: "this makes 75,000 flushes", start: 0, end: 0, remedy: "" },
        first,
        last: first,
        exit: false,
        estimate: { operations: 300_000, flushes: 75_000, instead: [] },
      };
    this.events_ += 3;
    this.lines_.push(line);
    return { ok: true, text: `did ${line}`, first, last: this.events_, exit: false };
  }
  /** @param {number} position */
  seek(position) {
    return { position, length: this.events_, start: 0, now: null };
  }
  length() {
    return this.events_;
  }
  /** @param {number} from @param {number} to */
  events(from, to) {
    this.asked.push([from, to]);
    return Array.from({ length: to - from }, (_, i) => ({ index: from + i }));
  }
  /** @param {number} from @param {string} _ @param {boolean} backwards */
  step(from, _, backwards) {
    return Math.max(0, Math.min(this.events_, from + (backwards ? -1 : 1)));
  }
  find() {
    return undefined;
  }
  /** @type {Fake[]} */
  branches_ = [];
  async branch() {
    this.branches_.push(new Fake());
    return sandbox(this.branches_.at(-1));
  }
  /** Each command made three events, after the two of the open. */
  operations() {
    return this.lines_.map((command, i) => ({ command, first: 2 + 3 * i, last: 4 + 3 * i }));
  }
  /** @param {number} position */
  momentName(position) {
    return { name: String(position), facts: `facts ${position}`, words: `event ${position}` };
  }
  /** @param {string} name @param {string} facts */
  openMoment(name, facts) {
    const position = Math.min(Number(name), this.events_);
    return { position, differs: facts === `facts ${name}` ? undefined : `At ${name}, another thing stands now.` };
  }
  /** @type {boolean[]} */
  wary_ = [];
  /** @param {boolean} wary */
  setWary(wary) {
    this.wary_.push(wary);
  }
  looks = 0;
  track() {
    this.looks += 1;
    return null;
  }
  tickRuns() {
    return [];
  }
  openings() {
    return [];
  }
  samples() {
    return null;
  }
  /** @type {((progress: import("./sandbox.js").Progress) => boolean | Promise<boolean>) | null} */
  watch_ = null;
  /** @param {NonNullable<Fake["watch_"]>} watch */
  onDrive(watch) {
    this.watch_ = watch;
  }
  hasRun() {
    return false;
  }
  lanes() {
    return null;
  }
  options() {
    return {};
  }
  optionsThen() {
    return {};
  }
  fullAt() {
    return null;
  }
  backend() {
    return { kind: "memory" };
  }
  trouble() {
    return this.trouble_;
  }
  /** @param {(trouble: Trouble) => void} listener */
  onLost(listener) {
    this.lose = listener;
  }
  async close() {
    this.closed = true;
  }
}

/** @param {Fake | undefined} fake */
export function sandbox(fake) {
  return /** @type {Sandbox} */ (/** @type {unknown} */ (fake));
}

/** A page on which such a sandbox is open. */
export async function opened() {
  const fake = new Fake();
  const store = createStore(initialState());
  const controller = createController(store, async () => sandbox(fake));
  await controller.open({ backend: "memory" });
  return { fake, store, controller };
}

/** The same with two branches, the second on the stage at 6: a script was begun, a put was undone, and another made. */
export async function branched() {
  const page = await opened();
  const { controller } = page;
  controller.enqueue("put q 1\nput r 2", "A script");
  await controller.runNext(false);
  for (const line of ["put a 1", "put b 2"]) await controller.run(line);
  controller.undo();
  await controller.run("put c 3");
  controller.seek(6);
  return page;
}
