// The lines that put a moment into a page: what *Embed* writes for the host that is chosen.
//
// In: a link's fragment, the address of the site, choices. Out: HTML or Markdown. The attributes are those of
// embed/README.md; what is as the default is left out. docs/embedding.md has the lines for each host, and
// tests/embed/recipes.test.mjs holds them to these.

import { say } from "./words.js";

/** @typedef {"element" | "iframe" | "mdbook" | "reveal" | "lms"} Host */

/**
 * @typedef {object} EmbedChoice
 * @property {Host} host
 * @property {"full" | "player" | "none"} controls
 * @property {boolean} isFigure Large and without controls: the last operation plays when it is seen.
 * @property {number} width In pixels.
 * @property {number} height
 */

/** Whether the lines for a host are of an element: that is as wide as its column, and as high as it needs. */
export const isElement = (/** @type {Host} */ host) => host === "element" || host === "reveal";

/** @type {{ host: Host, title: string, mind: string }[]} */
export const HOSTS = [
  {
    host: "element",
    title: say("A page: element"),
    mind: say("Starts when it is clicked, and grows as high as it needs."),
  },
  {
    host: "iframe",
    title: say("A page: iframe"),
    mind: say("Nothing to load, a fixed height. Starts when it is seen."),
  },
  {
    host: "mdbook",
    title: "mdBook, Docusaurus, VitePress",
    mind: say("Raw HTML in Markdown, with blank lines around it."),
  },
  {
    host: "reveal",
    title: "Reveal.js",
    mind: say(
      "The script goes once into the head of the deck, the element into a slide, the plug-in once behind Reveal.js: " +
        'with it, keys stay the deck\'s. A dark deck adds theme="dark" to the element.',
    ),
  },
  {
    host: "lms",
    title: "Moodle, Canvas",
    mind: say("Into the HTML view of the editor. Canvas is told the height."),
  },
];

/** A text as an attribute of HTML. @param {string} text */
export const quoted = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/**
 * A frame in HTML: an attribute a line.
 * @param {Record<string, string | number>} attributes
 */
export function frameLines(attributes) {
  const lines = Object.entries(attributes).map(([name, value]) => `  ${name}="${quoted(String(value))}"`);
  return ["<iframe", ...lines, "></iframe>"].join("\n");
}

/** What a frame has that is no attribute of MDX, in which Docusaurus reads Markdown. */
const NOT_IN_MDX = { style: "max-width: 100%; border: 0", referrerpolicy: "no-referrer" };

/**
 * The address of the frame.
 * @param {string} site Ends with a slash.
 * @param {string} fragment of a link, without `#`
 * @param {Pick<EmbedChoice, "controls" | "isFigure">} choice
 * @param {Record<string, string>} [more]
 */
export function frameAddress(site, fragment, { controls, isFigure }, more = {}) {
  const query = new URLSearchParams();
  if (isFigure) query.set("mode", "figure");
  else if (controls !== "player") query.set("controls", controls);
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  const asked = query.toString();
  return `${site}embed/${asked ? `?${asked}` : ""}#${fragment}`;
}

/** The script of a file of the site. @param {string} site @param {string} file */
const scriptOf = (site, file) => `<script src="${quoted(site)}${file}"></script>`;

/** How a deck of Reveal.js takes the plug-in. */
const WITH_PLUG_IN = ["<script>", "  Reveal.initialize({ hash: true, plugins: [LsmScopeReveal] });", "</script>"];

/**
 * @param {string} site Ends with a slash.
 * @param {string} fragment of a link, without `#`
 * @param {EmbedChoice} choice
 */
export function embedCode(site, fragment, choice) {
  const { host, controls, isFigure, width, height } = choice;
  if (isElement(host)) {
    // A slide of 960 × 700 has room for that below a heading.
    const keys = host === "reveal" ? ' keys="deck" height="560"' : "";
    const how = isFigure ? ' mode="figure"' : controls === "player" ? "" : ` controls="${controls}"`;
    const element = `<lsm-scope${how}${keys} state="${quoted(fragment)}"></lsm-scope>`;
    const plugIn = host === "reveal" ? [scriptOf(site, "reveal-plugin.js"), ...WITH_PLUG_IN] : [];
    return [scriptOf(site, "lsm-scope.js"), element, ...plugIn].join("\n");
  }
  /** @type {Record<string, string>} */
  const more = host === "lms" ? {} : { height: "fixed" };
  const frame = frameLines({
    src: frameAddress(site, fragment, choice, more),
    title: say("lsmscope: a storage engine, step by step"),
    width,
    height,
    loading: "lazy",
    sandbox: "allow-scripts",
    allow: "clipboard-write; fullscreen",
    ...(host === "mdbook" ? {} : NOT_IN_MDX),
  });
  return host === "mdbook" ? `\n${frame}\n` : frame;
}
