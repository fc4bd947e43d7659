// Starts an embed: a classic script, because a sandboxed frame may load modules only from hosts that allow it to.
//
// `start` in the query says when: view (default), when the frame is seen; click, on a click or a key; now. Then the
// page comes as modules; where the browser refuses these, as one classic script that has everything in it. Until then
// the frame is the shell of index.html and this script: some kilobytes.

(() => {
  const { early, main, whole } = /** @type {HTMLScriptElement} */ (document.currentScript).dataset;
  const start = new URLSearchParams(location.search).get("start");
  const button = /** @type {HTMLButtonElement | null} */ (document.querySelector(".shell-start"));
  let isStarted = false;

  function begin() {
    if (isStarted) return;
    isStarted = true;
    if (button) button.hidden = true;
    load("module", early, () => {});
    const without = () => load("text/javascript", whole, fail);
    addEventListener("lsmscope-missing", without, { once: true });
    load("module", main, without);
  }

  /**
   * @param {string} type
   * @param {string | undefined} src
   * @param {() => void} failed
   */
  function load(type, src, failed) {
    const script = document.createElement("script");
    Object.assign(script, { type, src, onerror: failed });
    document.head.append(script);
  }

  function fail() {
    const text = "This could not be loaded: the connection failed, or this page's host refuses scripts.";
    const sentence = document.querySelector(".sentence");
    if (sentence) sentence.textContent = text;
    isStarted = false;
    if (button) Object.assign(button, { hidden: false, textContent: "Try again" });
    // A host that knows the protocol can tell as well: see frame/messages.js.
    parent.postMessage({ lsmscope: 1, type: "error", code: "load", text }, "*");
  }

  if (start === "now") return begin();
  if (button) button.hidden = false;
  addEventListener("click", begin);
  addEventListener("keydown", ({ key }) => (key === "Enter" || key === " ") && begin());
  if (start === "click" || !("IntersectionObserver" in globalThis)) return;
  new IntersectionObserver(([entry], seen) => {
    if (!entry.isIntersecting) return;
    seen.disconnect();
    begin();
  }).observe(document.documentElement);
})();
