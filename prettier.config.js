// Prettier formats JavaScript, CSS, HTML and JSON as rustfmt formats Rust: there is one form, and no discussion of it.

/** @type {import("prettier").Config} */
export default {
  printWidth: 120,
  // The templates of views stay as they are written. Prettier takes html`…` for HTML, where a line break in a text is
  // a space; htm drops white space with a line break at the ends of a text. Prettier's default changed 12 files' texts.
  embeddedLanguageFormatting: "off",
};
