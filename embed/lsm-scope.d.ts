// Types of <lsm-scope>: the element, its events, and the messages between a host's page and the frame.
//
// The script defines the element; a module gets the types by `import type { LsmScopeElement } from "lsm-scope"`.

/** `auto` follows the host's marks (`LsmScopeConstructor.themes`), else its CSS property `color-scheme`. */
export type Theme = "light" | "dark" | "auto";

/** An attribute's property: its text, or what the element does without it. */
export interface LsmScopeProperties {
  /** The address of the frame's page; without it `embed/` beside the script. */
  base: string;
  /** What the frame shows beside the stage: `player` (default), `full` or `none`. */
  controls: string;
  /** With `to`: the range of a figure, by the names of its moments. */
  from: string;
  /** `auto` (default) follows the frame; `fixed` leaves it to the host's CSS; or a number of pixels. */
  height: string;
  /** Attribute `state`: a link's fragment, or a lesson's progress. Without it, the element's text is the script. */
  initialState: string;
  /** Attribute `step`: the step of the lesson that the frame begins with. */
  initialStep: string;
  /** `deck`: PageUp, PageDown and `b`, pressed in the frame, are the host's keys as well. */
  keys: string;
  /** The lesson that the frame shows. */
  lesson: string;
  /** `figure`: large, without controls; it plays while it is seen. */
  mode: string;
  /** The address of a picture; without it, the element draws one. */
  poster: string;
  readonly: boolean;
  /** Which other messages tell a host the height: a list of `own`, `lti`, `h5p`, `plain`. */
  resize: string;
  /** Tokens beside `allow-scripts`. */
  sandbox: string;
  /** `click` (default); `view`: when half of it is on the screen and the page is at rest; `now`: when any part is. */
  start: string;
  theme: string;
  to: string;
}

/** What {@link LsmScopeElement.step} goes by: an event, unless `how` names another stride. */
export interface Step {
  how?: "event" | "operation" | "job";
  backwards?: boolean;
}

/** A reply's fields: those of the message that has the call's `id`. */
export type Reply = Readonly<Record<string, unknown>>;

/**
 * The element. Its methods start the frame where there is none (but for `pause` and `state`), as soon as the element is
 * on the screen. They are rejected without a reply after 5 s, or after 15 s where the frame has to start first; by the
 * frame's `error`, which has a `code`; and with an `AbortError` when the frame goes.
 */
export interface LsmScopeElement extends HTMLElement, LsmScopeProperties {
  play(): Promise<Reply>;
  /** Without a frame, there is nothing to pause. */
  pause(): Promise<Reply | undefined>;
  step(step?: Step): Promise<Reply>;
  /** @param moment a moment's name, or the number of an event */
  seek(moment: string | number): Promise<Reply>;
  answer(answer: unknown): Promise<Reply>;
  /** The fragment of a link to what is shown; without a frame, to what it would start with. */
  state(): Promise<string>;
}

export interface LsmScopeConstructor {
  new (): LsmScopeElement;
  prototype: LsmScopeElement;
  /** The frame's page where an element has no `base`: a page that bundles the script sets it. */
  base: string;
  /** The poster's words. */
  words: Record<"start" | "resume" | "retry" | "loading" | "failed" | "open", string>;
  /** What a class, `data-theme`, `data-bs-theme` or `data-md-color-scheme` of <html> or <body> means. */
  themes: Record<string, "light" | "dark">;
}

/** What all messages have. A call has an `id`, and the reply has the same. */
export interface Message {
  lsmscope: 1;
  id?: number;
}

/** From the host to the frame: `hello` (with a MessagePort) and `restart` to its window, others through that port. */
export type HostMessage = Message &
  (
    | { type: "hello" }
    /** With `from` and `to`, the range of a figure; without them its last operation. Of a lesson, its progress. */
    | { type: "load"; state: string; from?: string; to?: string }
    | { type: "play" }
    | { type: "pause" }
    | ({ type: "step" } & Step)
    | { type: "seek"; moment: string | number }
    | { type: "state" }
    | { type: "answer"; answer: unknown }
    | { type: "theme"; theme: Exclude<Theme, "auto"> }
    | { type: "lang"; lang: string }
    /** To its window: the frame is another element's from now on, and says `ready` again when it shows this. */
    | { type: "restart"; state: string; theme: Exclude<Theme, "auto">; from?: string; to?: string }
  );

export interface Ready {
  version: string;
  lessons: string[];
  size: { width: number; height: number };
}

/** The event that is shown: the `position`-th of `length`, at a moment with that name. */
export interface Stepped {
  position: number;
  length: number;
  moment: string;
  title: string;
}

/** A beat of a lesson, counted from 0, of `of`. */
export interface Beat {
  beat: number;
  of: number;
  title: string;
}

/** A question was answered, or a line of a challenge run: the `attempt`-th, from 1. */
export interface Answered {
  id: string;
  right: boolean;
  attempt: number;
  /** The answer, or the lines; null where the learner wanted to be shown. */
  chosen: unknown;
}

/** A lesson's end: its score from 0 to 1, of first answers, and the minutes that it took. */
export interface Complete {
  score: number;
  minutes: number;
}

export interface Failure {
  /** `patience`: no `ready` within 10 s; `base`: no address of a page; or the frame's own. */
  code: string;
  text: string;
}

/**
 * From the frame to the host: through the port as soon as it is there, before that to the host's window. A reply has
 * the type of its call, or `error`, and is no event of the element.
 */
export type FrameMessage = Message &
  (
    | ({ type: "ready" } & Ready)
    | ({ type: "step" } & (Stepped | Beat))
    | ({ type: "answered" } & Answered)
    | ({ type: "complete" } & Complete)
    | { type: "state"; state: string }
    | { type: Exclude<HostMessage["type"], "hello" | "step" | "state">; id: number; [field: string]: unknown }
    | { type: "height"; height: number }
    | { type: "release" }
    | { type: "key"; key: "PageUp" | "PageDown" | "b" }
    | ({ type: "error" } & Failure)
  );

/** What a frame with `report=splice` keeps at its host; what is in `kept` is for the frame alone. */
export interface SpliceState {
  kept: string;
  /** From 0 to 1. */
  score: number;
}

/** From a frame with `report=splice` to its host's window: see cssplice.org. */
export type SpliceMessage = { message_id: string } & (
  | { subject: "SPLICE.getState" }
  | { subject: "SPLICE.reportScoreAndState"; score: number; state: SpliceState }
  | { subject: "SPLICE.sendEvent"; name: "started"; data: Record<string, never> }
  | { subject: "SPLICE.sendEvent"; name: "answered"; data: { question: number; result: "right" | "wrong" } }
  | { subject: "SPLICE.sendEvent"; name: "complete"; data: { score: number } }
);

/** The host's answer to `SPLICE.getState`, with the same id. */
export interface SpliceAnswer {
  subject: "SPLICE.getState.response";
  message_id: string;
  state: SpliceState | null;
  error?: { code: string; message?: string };
}

/** The element's events, which bubble. */
export interface LsmScopeEvents {
  "lsm-ready": CustomEvent<Ready>;
  /** Of a lesson, the beat that has begun: it has the fields of {@link Beat}, and no others. */
  "lsm-step": CustomEvent<Stepped & Partial<Beat>>;
  "lsm-answered": CustomEvent<Answered>;
  "lsm-complete": CustomEvent<Complete>;
  /** The frame's new state, for a host that keeps the reader's progress. */
  "lsm-state": CustomEvent<{ state: string }>;
  /** The element's new height in pixels. */
  "lsm-height": CustomEvent<{ height: number }>;
  "lsm-error": CustomEvent<Failure>;
}

declare global {
  interface HTMLElementTagNameMap {
    "lsm-scope": LsmScopeElement;
  }
  interface HTMLElementEventMap extends LsmScopeEvents {}
  interface DocumentEventMap extends LsmScopeEvents {}
  /** What reveal-plugin.js defines: a plug-in of reveal.js. */
  var LsmScopeReveal: { id: string; init(deck: { on(event: string, listener: (event: any) => void): void }): void };
  interface CustomElementRegistry {
    get(name: "lsm-scope"): LsmScopeConstructor | undefined;
  }
}
