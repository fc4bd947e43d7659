// What every view is made of: Preact and htm, icons, and a memo that compares properties.

import htm from "htm";
import { Component, h } from "htm/preact/standalone";

export { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "htm/preact/standalone";

/** @typedef {import("preact").ComponentChildren} Children What an element may have in it. */
/** @typedef {import("preact").TargetedEvent<HTMLInputElement>} FieldEvent */
/** @typedef {import("preact").TargetedEvent<HTMLSelectElement>} ChoiceEvent */
/** @typedef {import("preact").TargetedEvent<HTMLTextAreaElement>} AreaEvent */
/** @typedef {import("preact").TargetedEvent<HTMLDetailsElement>} DetailsEvent */
/** @typedef {import("preact").TargetedEvent<HTMLElement>} BoxEvent */

/**
 * Elements from a template. htm would keep those without a value in them, and put the same ones into every drawing; but
 * of what is inside of such an element, Preact leaves the parents as they were when it was first drawn. So each line of
 * the console held the whole page as it was when the line was new, with all that the page knew then: 0.5 MB a command.
 * Every drawing makes its own, therefore.
 */
export const html = /** @type {typeof import("htm/preact/standalone").html} */ (
  htm.bind(
    /**
     * @this {number[]} What htm knows of the template; at 0, whether it keeps the elements.
     * @param {string | import("preact").ComponentType} type
     * @param {Record<string, unknown> | null} props
     * @param {Children[]} children
     */
    function (type, props, ...children) {
      this[0] = 3;
      return h(type, props, ...children);
    },
  )
);

/**
 * One line of text; what does not fit is left out by whole words, and said by an ellipsis. `title` has the whole.
 * @param {{ title?: string, children?: Children }} props
 */
export function ByWord({ title, children }) {
  return html`<span class="by-word" title=${title ?? (typeof children === "string" ? children : null)}>
    <span>${children}</span>
  </span>`;
}

/**
 * A view that is drawn again only when one of its properties is another object or value.
 * @template {object} P
 * @param {(props: P) => Children} view
 * @param {(a: P, b: P) => boolean} [same]
 */
export function memo(view, same = shallowEqual) {
  /** @extends {Component<P>} */
  return class Memo extends Component {
    /** @param {P} next */
    shouldComponentUpdate(next) {
      return !same(this.props, next);
    }

    render() {
      return h(view, this.props);
    }
  };
}

/**
 * @param {object} a
 * @param {object} b
 */
export function shallowEqual(a, b) {
  const left = /** @type {Record<string, unknown>} */ (a);
  const right = /** @type {Record<string, unknown>} */ (b);
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}

// Each icon is drawn in a square of 16; those of SOLID are filled.
/** @type {Record<string, string>} */
const ICONS = {
  first: "M3 3v10M13 3.5v9L6 8z",
  last: "M13 3v10M3 3.5v9L10 8z",
  undo: "M5.5 3 2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8H6",
  hidden: "M2 2l12 12M6.300 4.100A6 6 0 0 1 14.500 8a9 9 0 0 1-1.800 2.500M4 5.300A9 9 0 0 0 1.500 8a7 7 0 0 0 9 3.500",
  restart: "M3 3v3.500h3.500M3.300 6.500a5.200 5.200 0 1 1-.5 3",
  previousOperation: "M8 3.5v9L2 8zM14.5 3.5v9L8.5 8z",
  nextOperation: "M8 3.5v9L14 8zM1.500 3.5v9L7.500 8z",
  back: "M11 3.500v9L4.500 8z",
  forward: "M5 3.500v9L11.500 8z",
  play: "M4.500 2.500v11L13.500 8z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  theme: "M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12",
  language:
    "M8 1.800a6.200 6.200 0 1 0 0 12.400a6.200 6.200 0 1 0 0-12.400M2 8h12M8 1.800c-3.300 3.400-3.300 9 0 12.400" +
    "M8 1.800c3.300 3.400 3.300 9 0 12.400",
  check: "M3 8.500 6.500 12 13 4.500",
  cross: "M4 4l8 8M12 4l-8 8",
  ring: "M8 3.500a4.500 4.500 0 1 0 0 9a4.500 4.500 0 1 0 0-9",
  question: "M5.500 6a2.500 2.500 0 1 1 3.600 2.200c-.8.4-1.100.9-1.100 1.800M8 12.600v.2",
  alert: "M8 2.500 14.500 13.500h-13zM8 7v3M8 11.800v.2",
  tombstone: "M3.500 13.500h9M4.500 13.500V6.500a3.500 3.500 0 0 1 7 0v7M6.500 8.500h3",
  skip: "M2.500 8h11M10 4.500 13.500 8 10 11.500",
  inside: "M3 3v10M13 3v10M5.500 8h5",
  drop: "M4 4l8 8M12 4l-8 8",
  keep: "M3 8.500 6.500 12 13 4.500",
  share: "M6.500 9.500 12.500 3.500M8.500 3h4.500v4.500M11 9.500V13H3V5h3.500",
  download: "M8 2.500v7.500M4.500 7 8 10.500 11.500 7M3 13.500h10",
  help:
    "M6 6a2 2 0 1 1 2.900 1.800c-.7.3-.9.700-.9 1.500M8 11.500v.1M8 1.800a6.200 6.200 0 1 0 0 " +
    "12.400a6.200 6.200 0 1 0 0-12.400",
  plus: "M8 3.500v9M3.500 8h9",
  minus: "M3.500 8h9",
  menu: "M2.500 4.500h11M2.500 8h11M2.500 11.500h11",
  database:
    "M3 4c0-1.100 2.200-2 5-2s5 .9 5 2-2.200 2-5 2-5-.9-5-2zM3 4v8c0 1.100 2.200 2 5 2s5-.9 5-2V4M3 " +
    "8c0 1.100 2.200 2 5 2s5-.9 5-2",
  edit: "M3 13l.6-2.800L10.500 3.300l2.200 2.200L5.800 12.400z",
  plug: "M6 2v3.500M10 2v3.500M4 5.500h8v2a4 4 0 0 1-8 0zM8 11.500v3",
  lock: "M4 7.500h8v6H4zM5.500 7.500V5.500a2.500 2.500 0 0 1 5 0v2",
  enlarge: "M9.500 2.500h4v4M13.500 2.500 9 7M6.500 13.500h-4v-4M2.500 13.500 7 9",
  shrink: "M13.500 6.500h-4v-4M9.500 6.500 13.500 2.500M2.500 9.500h4v4M6.500 9.500 2.500 13.500",
  table: "M2.500 3h11v10h-11zM2.500 6.300h11M2.500 9.700h11M6.500 3v10",
  chart: "M2.500 13.500h11M4 11V8M7 11V4.500M10 11V6.500M13 11V9.500",
};

const SOLID = new Set(["first", "last", "previousOperation", "nextOperation", "back", "forward", "play", "pause"]);

/**
 * @param {{ name: string }} props
 */
export function Icon({ name }) {
  const solid = SOLID.has(name);
  return html`<svg class=${solid ? "icon solid" : "icon"} viewBox="0 0 16 16" aria-hidden="true">
    <path d=${ICONS[name]} />
    ${
      name === "first"
        ? html`<path d="M2.500 3h1.500v10H2.500z" />`
        : name === "last"
          ? html`<path d="M12 3h1.500v10H12z" />`
          : null
    }
  </svg>`;
}

/**
 * Text in which `backticks` are code.
 * @param {{ text: string }} props
 */
export function Code({ text }) {
  return text.split("`").map((part, i) => (i % 2 ? html`<code>${part}</code>` : part));
}

/** As many characters as a label has room for in a small window. */
const LABEL = 15;

/**
 * `3 tables · 1.2 MB`; where a small window has no room for all of it, without the word: the tooltip has it.
 * @param {string} amount
 * @param {string} word
 * @param {string} size
 */
export function amounts(amount, word, size) {
  const long = `${amount} ${word} · ${size}`.length > LABEL;
  return html`${amount}<span class=${long ? "roomy" : null}> ${word}</span> · ${size}`;
}

/**
 * An option's name, which may go on in the next line after each of its words.
 * @param {string} name
 */
export function breakable(name) {
  return name.split("_").map((word, i) => (i === 0 ? word : html`_<wbr />${word}`));
}
