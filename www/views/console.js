// The console: takes command lines, in the language of the command-line REPL, and shows their answers. A line that is
// refused stays in the box, with the wrong part selected.

import { readPrefs, writePrefs } from "../prefs.js";
import { lines as linesOf } from "../command-lines.js";
import { clip, roughly } from "../format.js";
import { tick } from "../first-steps.js";
import { hasEngine, loadEngine } from "../wasm.js";
import { say, sayParts } from "../words.js";
import { tell } from "./live-region.js";
import { ByWord, Icon, html, memo, useLayoutEffect, useRef, useState } from "./ui.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../controller.js").Controller} Controller */
/** @typedef {import("./ui.js").FieldEvent} FieldEvent */

const HISTORY = 100;
/** Longer lines are cut in the output; the whole line is run, and stays in the box. */
const WIDTH = 120;
const LINES = 300;
/** The most completions that are shown. */
const MAX_OFFERS = 8;

/**
 * @param {Pick<State, "status" | "stepInto" | "busy"> & {
 *   controller: Controller,
 *   log: State["stage"]["log"],
 *   draft: string,
 *   ready: boolean,
 * }} props
 */
function ConsoleView({ controller, log, draft, status, stepInto, busy, ready }) {
  const output = useRef(/** @type {HTMLElement | null} */ (null));
  // The newest answer is in view: after each command, and when the console comes into view or changes its size.
  useLayoutEffect(() => {
    const element = output.current;
    if (!element) return;
    const down = () => {
      element.scrollTop = element.scrollHeight;
    };
    down();
    const watcher = new ResizeObserver(down);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [log]);
  return html`<section class="console" role="region" aria-label=${say("Console")}>
    <div class="console-head">
      <h2>${say("Console")}${busy ? html` <span class="running">${say("running…")}</span>` : null}</h2>
      <label title=${say("After a command, stay at its first event instead of its last")}>
        <input
          type="checkbox"
          checked=${stepInto}
          onChange=${(/** @type {FieldEvent} */ e) => controller.prefer({ stepInto: e.currentTarget.checked })}
        />
        ${say("Step into")}
      </label>
    </div>
    <div class="console-box">
      <div
        class="output scroll"
        ref=${output}
        tabindex="0"
        role="log"
        aria-live="off"
        aria-label=${say("Console output")}
      >
        ${
          log.length === 0
            ? html`<p class="empty">
                ${sayParts("Try {put}, {get}, {scan}, {flush}, {compact}, {stats}, {help}.", {
                  put: code("put k v"),
                  get: code("get k"),
                  scan: code("scan"),
                  flush: code("flush"),
                  compact: code("compact"),
                  stats: code("stats"),
                  help: code("help"),
                })}
              </p>`
            : null
        }
        ${log.map(
          (exchange) => html`<${Exchange}
            key=${exchange.id}
            exchange=${exchange}
            controller=${controller}
            busy=${exchange.outcome?.estimate ? busy : false}
          />`,
        )}
      </div>
      <${Prompt} controller=${controller} draft=${draft} ready=${ready} busy=${busy} />
    </div>
    <p class=${status.bad ? "status error" : "status"} role="status">
      ${status.bad ? html`<${Icon} name="alert" />` : null}
      <${ByWord}>${clip(status.text, 400)}<//>
    </p>
  </section>`;
}

export const Console = memo(ConsoleView);

const code = (/** @type {string} */ line) => html`<code>${line}</code>`;

/** @param {{ exchange: import("../state.js").Exchange, controller: Controller, busy: boolean }} props */
function ExchangeView({ exchange: { line, note, outcome, waits }, controller, busy }) {
  return html`<div
    class="exchange"
    role="group"
    aria-label=${clip(line, WIDTH)}
    aria-busy=${outcome === null ? "true" : "false"}
  >
    <div class="line"><i aria-hidden="true">›</i> <b>${clip(line, WIDTH)}</b></div>
    ${note ? html`<div class="note">${note}</div>` : null}
    ${waits ? html`<div class="note">${say("its answer comes with event {event}", { event: waits })}</div>` : null}
    ${outcome?.error ? html`<${Refusal} line=${line} error=${outcome.error} />` : null}
    ${
      outcome?.estimate
        ? html`<${Ways}
            controller=${controller}
            estimate=${outcome.estimate}
            seconds=${outcome.seconds}
            busy=${busy}
          />`
        : null
    }
    ${
      outcome?.text ? html`<div class=${outcome.ok ? "answer" : "answer error"}>${shortened(outcome.text)}</div>` : null
    }
  </div>`;
}

const Exchange = memo(ExchangeView);

/**
 * What to run instead of a line that takes long, and how many seconds each takes, as far as that has been measured.
 * @param {{
 *   controller: Controller,
 *   estimate: NonNullable<import("../sandbox.js").Outcome["estimate"]>,
 *   seconds: (number | null)[] | undefined,
 *   busy: boolean,
 * }} props
 */
function Ways({ controller, estimate, seconds, busy }) {
  const all = seconds?.at(-1);
  return html`<div class="ways">
    <p>
      ${
        all === undefined
          ? say("How long that takes here is being measured…")
          : all === null
            ? say("How long that takes here could not be measured.")
            : say("At the pace at which it begins here, all of it takes {time}; longer, as tables become more.", {
                time: roughly(all),
              })
      }
    </p>
    <div class="actions">
      ${estimate.instead.map(
        ({ title, lines }, way) => html`<button
          key=${title}
          disabled=${busy}
          title=${lines.join(say(", then "))}
          onClick=${() => controller.runAll(lines)}
        >
          ${title}${seconds?.[way] == null ? "" : ` (${roughly(seconds[way])})`}
        </button>`,
      )}
    </div>
  </div>`;
}

/**
 * An answer of very many lines would make the console slow: its first are shown, and how many more there are.
 * @param {string} text
 */
export function shortened(text) {
  const lines = text.split("\n");
  if (lines.length <= LINES) return text;
  return [...lines.slice(0, LINES), say("… and {n} more lines", { n: lines.length - LINES })].join("\n");
}

/** @param {{ line: string, error: NonNullable<import("../sandbox.js").Outcome["error"]> }} props */
export function Refusal({ line, error }) {
  const pointed = error.end > error.start && error.start < WIDTH;
  const carets = pointed
    ? `  ${" ".repeat(error.start)}${"^".repeat(Math.min(error.end, WIDTH, line.length + 1) - error.start)}`
    : "";
  return html`<div class="refusal">
    ${carets ? html`<div class="carets" aria-hidden="true">${carets}</div>` : null}
    <div class="error"><${Icon} name="alert" /> ${error.message}</div>
    ${error.remedy ? html`<div class="remedy">${error.remedy}</div>` : null}
  </div>`;
}

/**
 * The command box.
 * @param {{
 *   controller: Controller,
 *   draft: string,
 *   ready: boolean,
 *   busy: boolean,
 *   run?: (line: string) => Promise<boolean>,
 *   placeholder?: string,
 * }} props `run`: what is done with a line, in the place of running it
 */
export function Prompt({ controller, draft, ready, busy, run, placeholder = say("put key value") }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const write = (/** @type {string} */ line) => {
    const box = input.current;
    if (box && box.value !== line) box.value = line;
  };
  // The box has what is typed at once, `draft` a drawing later: a drawing for another reason must not put it back.
  useLayoutEffect(() => write(draft), [draft]);
  const history = useRef(readPrefs().history);
  const back = useRef({ at: 0, draft: "" });
  /** Whether the engine could not be loaded: Tab, which waits for it once, leaves the box then. */
  const isMissing = useRef(false);
  const [offers, setOffers] = useState(/** @type {{ text: string, about?: string }[]} */ ([]));
  const setDraft = (/** @type {string} */ command) => {
    write(command);
    controller.store.setIn("forms", { command });
  };
  /** What stands in the box: a key may come before `draft` is that. */
  const typed = () => input.current?.value ?? draft;

  /** @param {string} line */
  async function submit(line) {
    if (line.trim() === "") return;
    remember(line);
    setOffers([]);
    tick(controller, "command");
    const ok = await (run ?? controller.run)(line);
    // What was typed while the line ran stays.
    if (controller.store.get().forms.command !== line) return;
    if (ok) setDraft("");
    else selectWrongPlace(line);
  }

  /** @param {string} line */
  function selectWrongPlace(line) {
    const last = controller.store.get().stage.log.at(-1);
    // A line that did not come this far was refused elsewhere.
    const error = last?.line === line ? last.outcome?.error : null;
    if (error && error.end > error.start && document.activeElement === input.current)
      input.current?.setSelectionRange(error.start, error.end);
  }

  /**
   * Several lines run one after the other; a text box would make one of them.
   * @param {ClipboardEvent} event
   */
  function paste(event) {
    const pasted = linesOf(event.clipboardData?.getData("text/plain") ?? "");
    if (pasted.length < 2 || busy) return;
    event.preventDefault();
    if (run) void eachOf(pasted, run);
    else controller.runAll(pasted);
  }

  /** @param {string} line */
  function remember(line) {
    if (line.length <= 1000) history.current = [...history.current.filter((l) => l !== line), line].slice(-HISTORY);
    back.current = { at: 0, draft: "" };
    writePrefs({ history: history.current });
  }

  /** @param {number} by */
  function recall(by) {
    const b = back.current;
    if (b.at === 0) b.draft = typed();
    b.at = Math.max(0, Math.min(history.current.length, b.at + by));
    setDraft(b.at === 0 ? b.draft : (history.current.at(-b.at) ?? ""));
  }

  function complete() {
    const line = typed();
    const cursor = input.current?.selectionStart ?? line.length;
    const found = controller.current()?.complete(line, cursor) ?? [];
    if (found.length === 0) return false;
    const common = found.map((f) => f.text).reduce(commonStart);
    const word = line.slice(found[0].start, cursor);
    const text = found.length === 1 ? `${common} ` : common.length > word.length ? common : word;
    const completed = line.slice(0, found[0].start) + text + line.slice(cursor).trimStart();
    if (completed === line && (found.length === 1 || offers.length > 0)) return false;
    setDraft(completed);
    setOffers(found.length > 1 ? found : []);
    const offered = found.slice(0, MAX_OFFERS).map((offer) => offer.text);
    tell("completion", found.length > 1 ? say("Completions: {list}", { list: offered.join(", ") }) : completed);
    return true;
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.shiftKey) return;
    if (event.key === "Tab") {
      // Where there is nothing to complete, or nothing more, Tab moves the focus, as usual.
      if (typed().trim() === "") return;
      if (!hasEngine() && !isMissing.current) loadEngine().then(complete, () => (isMissing.current = true));
      else if (!complete()) return;
      event.preventDefault();
      return;
    }
    const act = { Enter: () => submit(typed()), ArrowUp: () => recall(1), ArrowDown: () => recall(-1) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  return html`<div class="prompt">
    ${
      offers.length > 0
        ? html`<ul class="offers" aria-label=${say("Completions")}>
            ${offers.slice(0, MAX_OFFERS).map(
              (offer) => html`<li key=${offer.text}>
                <code>${offer.text}</code> <small>${clip(offer.about ?? "", 60)}</small>
              </li>`,
            )}
          </ul>`
        : null
    }
    <i aria-hidden="true">›</i>
    <input
      id="command"
      ref=${input}
      type="text"
      aria-label=${say("Command")}
      placeholder=${placeholder}
      disabled=${!ready}
      onInput=${(/** @type {FieldEvent} */ e) => {
        setOffers([]);
        setDraft(e.currentTarget.value);
      }}
      onKeyDown=${onKey}
      onPaste=${paste}
      onBlur=${() => setOffers([])}
      autocomplete="off"
      autocapitalize="off"
      spellcheck=${false}
    />
  </div>`;
}

/**
 * Lines one after the other, until one is refused.
 * @param {string[]} lines
 * @param {(line: string) => Promise<boolean>} run
 */
async function eachOf(lines, run) {
  for (const line of lines) if (!(await run(line))) return;
}

/**
 * @param {string} a
 * @param {string} b
 */
function commonStart(a, b) {
  let n = 0;
  while (n < a.length && a[n] === b[n]) n += 1;
  return a.slice(0, n);
}
