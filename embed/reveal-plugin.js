// A plug-in for reveal.js: `Reveal.initialize({ plugins: [LsmScopeReveal] })`, after this script and lsm-scope.js.
// An embed is paused when its slide is left; one with `start="view"` plays when its slide is shown.
globalThis.LsmScopeReveal = {
  id: "lsm-scope",
  init(deck) {
    deck.on("slidechanged", ({ previousSlide, currentSlide }) => {
      for (const scope of previousSlide?.querySelectorAll("lsm-scope") ?? []) scope.pause().catch(() => {});
      for (const scope of currentSlide.querySelectorAll("lsm-scope[start=view]")) scope.play().catch(() => {});
    });
  },
};
