// <lsm-scope>: a moment of lsmscope in any page, in a frame that starts when it is asked for.
//
//   <script src="https://…/lsm-scope.js"></script>
//   <lsm-scope state="v=2&script=put+a+1%0Aflush"></lsm-scope>
//
// One script without dependencies, classic or module. In: attributes, properties, methods, and messages of the frame.
// Out: a poster; the frame in its place; `lsm-…` events. Errors: `lsm-error`, a line on the poster with a link to the
// full page, and promises that are rejected. README.md has every attribute, method, event and message; lsm-scope.d.ts
// has their types.
//
//   poster ──click, key, in view──▶ loading ──`ready`──▶ live ──a third one starts──▶ poster, which keeps the state
//                                      └──10 s──▶ poster, with a line and a link
//
// The third takes over the frame of the one that gives way, and has it restart with its own state: a browser keeps the
// memory of a frame that is removed, about 12 MB, until it collects garbage. Only `moveBefore` keeps a frame as it is;
// a browser without it, or elements with other settings, get a new frame.
//
// The frame posts `ready` to this window; the answer is `hello` with a MessagePort, through which all else goes as soon
// as the frame has it. A sandboxed frame has the opaque origin "null": it is known by its window, and by the port that
// it holds. Nothing private is ever sent.
(() => {
  /** @typedef {ReturnType<typeof setTimeout> | undefined} Timer */
  /** @typedef {{ resolve: (reply: any) => void, reject: (error: Error) => void }} Call */

  const NAME = "lsm-scope";
  // A site that is rendered ahead of time imports this without a DOM; loaded twice, the element is there already.
  if (!globalThis.customElements || customElements.get(NAME)) return;

  /** Frames that run at a time, on one page. */
  const MAX_LIVE = 2;
  /** Milliseconds until a frame without `ready`, and a call without a reply, has failed. */
  const PATIENCE = 10_000;
  const REPLY = 5_000;
  /** Milliseconds for the state of a frame that makes room; of a page at rest, before anything starts by being seen. */
  const LAST_STATE = 1_000;
  const REST = 200;
  /** Characters of a message as JSON. */
  const MAX_MESSAGE = 65_536;
  /** Pixels of a height that follows the frame, and of a change of it. */
  const MIN_HEIGHT = 120;
  const MAX_HEIGHT = 20_000;
  const MIN_CHANGE = 2;
  /** Messages of the frame that are events of the element. */
  const EVENTS = "answered ready state complete error step".split(" ");
  /** What `keys=deck` passes on, with the key codes that decks still read. @type {Record<string, number>} */
  const DECK = { PageUp: 33, PageDown: 34, b: 66 };
  /** Attributes that the frame gets as they are. */
  const SETTINGS = "resize from mode lesson controls keys readonly to ";
  const QUERY = `${SETTINGS}lang step`.split(" ");
  /** `state` and `step` are methods, so their properties are `initial…`; all elements have `lang` and `title`. */
  const PROPERTIES = `${SETTINGS}base height initialState start poster theme sandbox initialStep`.split(" ");
  /** @type {Record<string, string>} */
  const DEFAULTS = {
    start: "click",
    theme: "auto",
    height: "auto",
    controls: "player",
    title: "lsmscope: a storage engine, step by step",
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  /** Attributes of <html> and <body> that name the host's theme. */
  const MARKS = "data-md-color-scheme data-theme data-bs-theme".split(" ");

  const STYLE = `:host{display:block}:host([height=fixed]){height:480px}:host([hidden]){display:none}\
div,button,p,a{background:light-dark(#fbfaf7,#12151c);color:light-dark(#1d2433,#e8eaf0);font:15px/1.4 system-ui}\
div{position:relative;height:400px;overflow:hidden;border-radius:6px;color-scheme:light}\
.dark{color-scheme:dark}\
div>*,svg,img{position:absolute;inset:0;width:100%;height:100%;border:0;padding:0;object-fit:contain}\
:focus-visible{outline:3px solid;outline-offset:-3px}\
.live>:not(iframe),p:empty{display:none}\
span{position:relative;padding:.6em 1.3em;border-radius:2em;\
background:light-dark(#c83f08,#ff8f57);color:light-dark(#fff,#12151c)}\
p{inset:auto 0 0;height:auto;margin:0;padding:.5em 0;text-align:center}\
:not(.busy)>*>span::before{content:"▶\\fe0e  "}\
text{fill:currentColor}path{stroke-width:40;stroke-dasharray:46 6;opacity:.4}`;

  /** Where this script lies. A module has no `currentScript`, a classic script no `import.meta`; both have a stack. */
  function scriptAddress() {
    const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
    return script?.src || (/(?:https?|file):\S+?(?=:\d+:\d+)/.exec(Error().stack ?? "")?.[0] ?? document.baseURI);
  }

  /**
   * The fragment of a link, as the frame reads it. `#`, the address before it, and `v=2` before `z` may be missing.
   * @param {string} text
   */
  function linkFragment(text) {
    const fragment = text.slice(text.indexOf("#") + 1).trim();
    return fragment.startsWith("z=") ? `v=2&${fragment}` : fragment;
  }

  /**
   * The fragment of a script, one command a line. Empty lines and comments are left out.
   * @param {string} text
   */
  function scriptFragment(text) {
    const lines = text.split("\n").map((line) => line.trim());
    const script = lines.filter((line) => line && !line.startsWith("#")).join("\n");
    return script && `${new URLSearchParams({ v: "2", script })}`;
  }

  /**
   * A frame's message as plain, bounded data; nothing if it is none.
   * @param {any} data
   * @returns {any}
   */
  function read(data) {
    try {
      const text = data.lsmscope === 1 && JSON.stringify(data);
      return text && text.length <= MAX_MESSAGE && JSON.parse(text);
    } catch {
      // A cycle, or a number that JSON does not have.
    }
  }

  /**
   * @param {Element} node
   * @param {Record<string, any>} attributes
   * @param {(Node | string)[]} children
   */
  function fill(node, attributes, ...children) {
    for (const name in attributes) node.setAttribute(name, attributes[name]);
    node.append(...children);
    return node;
  }

  /** The poster where a page gives none: the lanes of an engine, each level larger than the one above. */
  function lanes() {
    /** @type {(name: string, ...content: [Record<string, string | number>, ...string[]]) => Element} */
    const svg = (name, ...content) => fill(document.createElementNS("http://www.w3.org/2000/svg", name), ...content);
    const picture = svg("svg", { viewBox: "0 0 640 300", "aria-hidden": "true" });
    for (const [i, name] of ["memtable", "L0", "L1", "L2"].entries()) {
      const y = 42 + i * 72;
      // A level's tables are one line with dashes.
      const tables = { d: `M104 ${y}h${52 + i * 156}`, stroke: `hsl(${170 + i * 35} 65% 60%)` };
      picture.append(svg("text", { x: 18, y: y + 5 }, name), svg("path", tables));
    }
    return picture;
  }

  /**
   * The theme that the host's page names, or its color scheme where the element is: a page that says nothing is light.
   * @param {Element} element
   */
  function hostTheme(element) {
    for (const node of [document.documentElement, document.body])
      for (const mark of [...MARKS.map((name) => node.getAttribute(name)), ...node.classList])
        if (mark && Object.hasOwn(LsmScope.themes, mark)) return LsmScope.themes[mark];
    const { colorScheme } = getComputedStyle(element);
    return colorScheme.includes("dark") && (!colorScheme.includes("light") || dark.matches) ? "dark" : "light";
  }

  /** All elements of this page, and those with a frame: the least recently used one first. */
  const connected = /** @type {Set<LsmScope>} */ (new Set());
  const live = /** @type {Set<LsmScope>} */ (new Set());
  const address = scriptAddress();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  /** The frame of the one that has given way, until another element takes it. @type {HTMLIFrameElement | null} */
  let spare = null;
  /** @type {Timer} */
  let rest;

  class LsmScope extends HTMLElement {
    /** Where the frame's page lies, unless an element says otherwise. A page that bundles this script sets it. */
    static base = new URL("embed/", address).href;
    /** The poster's words. A page in another language sets its own. */
    static words = {
      start: "Start",
      resume: "Continue",
      retry: "Try again",
      loading: "Loading…",
      failed: "This part could not be loaded.",
      open: "Open the full page",
    };
    /** What a mark on the host's <html> or <body> (a class, or the value of one of `MARKS`) means with `theme=auto`. */
    static themes = /** @type {Record<string, "light" | "dark">} */ ({
      default: "light",
      rust: "light",
      ayu: "dark",
      slate: "dark",
      light: "light",
      navy: "dark",
      coal: "dark",
      dark: "dark",
    });
    static observedAttributes = ["height", "state", "poster", "lang", "theme"];

    #box = document.createElement("div");
    #button = document.createElement("button");
    #label = document.createElement("span");
    #note = document.createElement("p");
    /** @type {HTMLIFrameElement | null} */
    #frame = null;
    /** @type {MessagePort | null} */
    #port = null;
    /** @type {Map<number, Call>} */
    #calls = new Map();
    /** @type {(() => void)[]} What waits for the port. */
    #queue = [];
    /** @type {string | null} The frame's state when it was last told, if there has been a frame. */
    #kept = null;
    #theme = "";
    #attached = new AbortController();
    #marks = new MutationObserver(() => this.#paint());
    #seen = new IntersectionObserver((entries) => entries.map((entry) => this.#see(entry)), {
      threshold: [0, 0.1, 0.25, 0.5],
    });
    /** Whether a part is on the screen; whether half of it is, or it fills half of the screen. */
    #isShown = false;
    #isAmple = false;
    /** Whether it was asked for; whether it has run, and being seen starts it no more until it has left the screen. */
    #isWanted = false;
    #hasRun = false;
    #isOpening = false;
    /** @type {Promise<void> | null} */
    #resting = null;
    /** @type {Timer} */
    #patience;
    #fitting = 0;
    #height = 0;
    #ids = 0;

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      this.#note.role = "status";
      this.#button.onclick = () => this.#want();
      // Not the element: a negative index there would take the button from the Tab key.
      root.append(fill(this.#box, { tabindex: -1 }, this.#button, this.#note));
    }

    connectedCallback() {
      this.#attached = new AbortController();
      const listen = { signal: this.#attached.signal };
      addEventListener(
        "message",
        ({ source, data }) => source === this.#frame?.contentWindow && this.#hear(data),
        listen,
      );
      addEventListener("DOMContentLoaded", () => this.#consider(), listen);
      dark.addEventListener("change", () => this.#paint(), listen);
      for (const node of [document.documentElement, document.body]) this.#marks.observe(node, { attributes: true });
      this.#seen.observe(this);
      // A framework may have set a property before the element was defined.
      for (const property of PROPERTIES) {
        if (!Object.hasOwn(this, property)) continue;
        const own = /** @type {any} */ (this);
        const value = own[property];
        delete own[property];
        own[property] = value;
      }
      connected.add(this);
      this.#paint();
      this.#size();
      this.#pose(LsmScope.words.start);
    }

    /** Moved within the page by `moveBefore`, the frame goes on. */
    connectedMoveCallback() {}

    disconnectedCallback() {
      connected.delete(this);
      this.#attached.abort();
      this.#marks.disconnect();
      this.#seen.disconnect();
      this.#isShown = this.#isAmple = this.#isWanted = this.#hasRun = false;
      this.#close();
      this.#consider();
    }

    /** @param {string} name */
    attributeChangedCallback(name) {
      if (!this.isConnected) return;
      this.#paint();
      this.#size();
      if (name === "lang") this.#send({ type: name, lang: this.lang });
      if (name === "state") {
        this.#kept = null;
        this.#send({ type: "load", ...this.#shown() });
      }
      if (!this.#frame) this.#pose(this.#label.textContent ?? "");
    }

    play() {
      return this.#call("play");
    }

    /** Without a frame there is nothing to pause. */
    async pause() {
      if (this.#frame) return this.#call("pause");
    }

    /** @param {{ how?: string, backwards?: boolean }} [step] */
    step({ how, backwards = false } = {}) {
      return this.#call("step", { how, backwards });
    }

    /** @param {string | number} moment */
    seek(moment) {
      return this.#call("seek", { moment });
    }

    /** @param {unknown} answer */
    answer(answer) {
      return this.#call("answer", { answer });
    }

    /** @returns {Promise<string>} a link's fragment; without a frame, the one that it would start with */
    async state() {
      if (this.#frame) await this.#call("state");
      return this.#fragment();
    }

    /** @param {string} name */
    #get(name) {
      return this.getAttribute(name) || DEFAULTS[name] || "";
    }

    #fragment() {
      const script = this.querySelector('script[type="text/plain"],pre') ?? this;
      return this.#kept ?? (linkFragment(this.#get("state")) || scriptFragment(script.textContent ?? ""));
    }

    /** What a frame that runs is told to show. */
    #shown() {
      return { state: this.#fragment(), from: this.#get("from"), to: this.#get("to") };
    }

    #address() {
      const url = new URL(this.#get("base") || LsmScope.base, document.baseURI);
      if (!/^(https?|file):$/.test(url.protocol)) throw Error(`lsm-scope: base is no page: ${url}`);
      for (const name of QUERY) if (this.hasAttribute(name)) url.searchParams.set(name, this.#get(name) || "1");
      if (this.#get("height") !== "auto") url.searchParams.set("height", "fixed");
      url.searchParams.set("theme", this.#theme);
      // A plain iframe has a poster of its own, which is not needed here.
      url.searchParams.set("start", "now");
      url.hash = this.#fragment();
      return url;
    }

    /** @param {IntersectionObserverEntry} entry */
    #see({ intersectionRect: { height }, intersectionRatio }) {
      const was = this.#isShown;
      this.#isShown = height > 0;
      this.#isAmple = intersectionRatio >= 0.5 || height >= innerHeight / 2;
      if (was && !this.#isShown) {
        this.#hasRun = false;
        this.#send({ type: "pause" });
      }
      this.#consider();
    }

    #want() {
      this.#isWanted = true;
      this.#consider();
    }

    /** Starts it on the screen: at once if it was asked for, else if it is due when the page is at rest. */
    #consider() {
      if (this.#isWanted && this.#isShown && !this.#frame) this.#open();
      clearTimeout(rest);
      rest = setTimeout(() => {
        for (const scope of connected) if (scope.#isDue()) scope.#open();
      }, REST);
    }

    /** Whether `start` says so, and nothing that is seen has to make room for it. */
    #isDue() {
      const start = this.#get("start");
      const isRoom = live.size < MAX_LIVE || [...live].some((scope) => !scope.#isShown && !scope.#resting);
      // A deck keeps its other slides in place, invisible.
      const isShown = this.#isShown && this.checkVisibility({ opacityProperty: true, visibilityProperty: true });
      const isSeen = isShown && (start === "now" || (start === "view" && this.#isAmple));
      return isSeen && isRoom && !this.#frame && !this.#hasRun && document.readyState !== "loading";
    }

    async #open() {
      if (this.#isOpening) return;
      this.#isOpening = true;
      this.#pose(LsmScope.words.loading);
      while (live.size >= MAX_LIVE) {
        const running = [...live];
        await (running.find((scope) => this.#isWanted || !scope.#isShown) ?? running[0]).#rest();
      }
      this.#isOpening = false;
      try {
        if (this.isConnected) this.#load(this.#address().href);
      } catch (error) {
        this.#fail("base", `${error}`);
      }
      spare?.remove();
      spare = null;
    }

    /**
     * Takes the spare frame over, if only what a frame can be told is different; else makes one.
     * @param {string} src
     */
    #load(src) {
      live.add(this);
      this.#patience = setTimeout(() => this.#fail("patience", LsmScope.words.failed), PATIENCE);
      const sandbox = `allow-scripts ${this.#get("sandbox")}`.trim();
      const name = sandbox + src.replace(/\b(to|from|theme)=.*?&|#.*/g, "");
      // A link that is longer than a message may be is for the address.
      if (src.length * 2 < MAX_MESSAGE && spare?.name === name) {
        // It is likely to ask for the same again: so it need not be laid out twice.
        this.#fit(spare.offsetHeight);
        this.#box.moveBefore((this.#frame = spare), this.#button);
        spare = null;
        this.#frame.contentWindow?.postMessage(
          { lsmscope: 1, type: "restart", ...this.#shown(), theme: this.#theme },
          "*",
        );
      } else {
        this.#frame = document.createElement("iframe");
        const allow = "clipboard-write; fullscreen";
        this.#box.prepend(
          fill(this.#frame, { allow, loading: "lazy", referrerpolicy: "no-referrer", src, sandbox, name }),
        );
      }
      this.#frame.title = this.#get("title");
    }

    /**
     * What the frame says, to the window or through the port. Before `ready`, only why there will be none counts.
     * @param {unknown} data
     */
    #hear(data) {
      const message = read(data);
      if (!message) return;
      const { lsmscope: _, id, type, ...detail } = message;
      if (type === "ready") this.#greet();
      if (!this.#port) {
        if (type === "error") this.#fail(detail.code, detail.text);
        return;
      }
      if (type === "state" && typeof detail.state === "string") this.#kept = linkFragment(detail.state);
      if (type === "step" || type === "answered") this.#touch();
      if (type !== "error") this.#calls.get(id)?.resolve(detail);
      this.#end(id, Object.assign(Error(detail.text), detail));
      if (type === "height") this.#fit(detail.height);
      else if (type === "release") this.#box.focus();
      else if (type === "key") this.#passOn(detail.key);
      // A reply is its caller's; that it failed is an event as well, for a caller that did not wait.
      else if (EVENTS.includes(type) && (id === undefined || type === "error")) this.#emit(type, detail);
    }

    #greet() {
      clearTimeout(this.#patience);
      const { port1, port2 } = new MessageChannel();
      // A frame that has loaded itself again is greeted again.
      this.#port?.close();
      this.#port = port1;
      port1.onmessage = ({ data }) => this.#hear(data);
      this.#frame?.contentWindow?.postMessage({ lsmscope: 1, type: "hello" }, "*", [port2]);
      const hadFocus = this.#button.matches(":focus");
      this.#box.classList.add("live");
      if (hadFocus) this.#frame?.focus();
      for (const post of this.#queue.splice(0)) post();
    }

    /** @param {string} key */
    #passOn(key) {
      const keyCode = DECK[key];
      if (keyCode > 0 && this.#get("keys") === "deck")
        document.dispatchEvent(new KeyboardEvent("keydown", { key, keyCode, bubbles: true, cancelable: true }));
    }

    /**
     * @param {string} type
     * @param {object} detail
     */
    #emit(type, detail) {
      this.dispatchEvent(new CustomEvent(`lsm-${type}`, { detail, bubbles: true }));
    }

    /**
     * Posts to the frame as soon as it is ready. Without a frame, a call waits for one, and other messages are dropped.
     * @param {{ type: string, id?: number, [field: string]: unknown }} message
     */
    #send(message) {
      const post = () => this.#port?.postMessage({ lsmscope: 1, ...message });
      if (this.#port) post();
      else if (this.#frame || message.id) this.#queue.push(post);
    }

    /**
     * Asks the frame, and starts it where there is none.
     * @param {string} type
     * @param {object} [fields]
     * @param {number} [patience]
     * @returns {Promise<any>} the reply
     */
    #call(type, fields, patience = REPLY) {
      const id = (this.#ids += 1);
      const promise = new Promise((resolve, reject) => {
        // Of a call that has ended by then, nothing is left to end.
        const late = () => this.#end(id, Error(`lsm-scope: no reply to ${type}`));
        setTimeout(late, this.#port ? patience : patience + PATIENCE);
        this.#calls.set(id, { resolve, reject });
      });
      this.#send({ type, id, ...fields });
      this.#touch();
      this.#want();
      // Where the caller does not wait for it, the console does not report it either.
      promise.catch(() => {});
      return promise;
    }

    /**
     * Forgets a call; what was not resolved before is rejected.
     * @param {number} id
     * @param {Error} error
     */
    #end(id, error) {
      this.#calls.get(id)?.reject(error);
      this.#calls.delete(id);
    }

    /** Makes it the most recently used one. */
    #touch() {
      if (live.delete(this)) live.add(this);
    }

    /** Makes room: the frame's state is kept, and the poster is back. A frame that answers can be taken over. */
    #rest() {
      const stop = (/** @type {object | void} */ reply) => {
        this.#resting = null;
        if (reply && "moveBefore" in this.#box) {
          spare = this.#frame;
          this.#frame = null;
        }
        this.#stop(LsmScope.words.resume);
      };
      const asked = () => (this.#port ? this.#call("state", {}, LAST_STATE) : Promise.reject());
      return (this.#resting ??= asked().then(stop, () => stop()));
    }

    /**
     * @param {string} code
     * @param {string} text
     */
    #fail(code, text) {
      this.#stop(LsmScope.words.retry);
      this.#note.append(`${text} `);
      if (code !== "base") {
        const page = this.#address();
        // The full page lies above the frame's.
        const href = `${new URL("..", page)}${page.hash}`;
        const link = document.createElement("a");
        this.#note.append(fill(link, { href, target: "_blank", rel: "noreferrer" }, LsmScope.words.open));
      }
      this.#emit("error", { code, text });
    }

    /** @param {string} label of the poster's button */
    #stop(label) {
      this.#isWanted = false;
      this.#hasRun = true;
      this.#close();
      this.#pose(label);
    }

    /** Ends the frame, silently. */
    #close() {
      clearTimeout(this.#patience);
      cancelAnimationFrame(this.#fitting);
      this.#port?.close();
      this.#frame?.remove();
      this.#frame = this.#port = null;
      this.#queue = [];
      for (const id of this.#calls.keys()) this.#end(id, new DOMException("lsm-scope: no frame", "AbortError"));
      live.delete(this);
      this.#box.classList.remove("live");
    }

    /**
     * Draws the poster.
     * @param {string} label of its button
     */
    #pose(label) {
      const src = this.#get("poster");
      this.#label.textContent = label;
      this.#note.textContent = "";
      this.#box.classList.toggle("busy", label === LsmScope.words.loading);
      this.#button.ariaLabel = `${label} – ${this.#get("title")}`;
      this.#button.replaceChildren(src ? fill(new Image(), { src, alt: "" }) : lanes(), this.#label);
    }

    #paint() {
      const named = this.#get("theme");
      const theme = named === "auto" ? hostTheme(this) : named;
      if (theme === this.#theme) return;
      this.#theme = theme;
      this.#box.classList.toggle("dark", theme === "dark");
      this.#send({ type: "theme", theme });
    }

    /** Sets the height: the attribute's, or the frame's. */
    #size() {
      const height = this.#get("height");
      const pixels = height === "auto" ? this.#height : parseInt(height, 10);
      this.#box.style.height = height === "fixed" ? "100%" : pixels > 0 ? `${pixels}px` : "";
    }

    /**
     * Follows the frame's height, once a frame. Where the element has no box, as in a hidden tab, the frame has none.
     * @param {unknown} height
     */
    #fit(height) {
      if (typeof height !== "number" || !(height > 0) || !this.offsetWidth) return;
      const next = Math.min(MAX_HEIGHT, Math.max(MIN_HEIGHT, Math.ceil(height)));
      cancelAnimationFrame(this.#fitting);
      this.#fitting = requestAnimationFrame(() => {
        if (this.#get("height") !== "auto" || Math.abs(next - this.#height) < MIN_CHANGE) return;
        this.#height = next;
        this.#size();
        this.#emit("height", { height: next });
      });
    }

    static {
      for (const property of PROPERTIES) {
        const attribute = property.replace("initial", "").toLowerCase();
        const isFlag = property === "readonly";
        Object.defineProperty(this.prototype, property, {
          /** @this {LsmScope} */
          get() {
            return isFlag ? this.hasAttribute(attribute) : this.#get(attribute);
          },
          /**
           * @this {LsmScope}
           * @param {any} value
           */
          set(value) {
            if (value == null || value === false) this.removeAttribute(attribute);
            else this.setAttribute(attribute, isFlag ? "" : value);
          },
        });
      }
    }
  }
  customElements.define(NAME, LsmScope);
})();
