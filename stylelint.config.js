// Stylelint finds what a style sheet says in vain: an unknown property or unit, a duplicate, a rule that is overridden.
// Form is Prettier's.

/** @type {import("stylelint").Config} */
export default {
  extends: "stylelint-config-standard",
  rules: {
    // A blank line separates groups of tokens.
    "custom-property-empty-line-before": null,
    // Rules stand beside what they draw. All 17 findings were of selectors that never match the same element, or of
    // states that are meant to win.
    "no-descending-specificity": null,
    // Some classes are the engine's own words: `filter_maybe`, `false_positive`.
    "selector-class-pattern": "^[a-z][a-z0-9]*([-_][a-z0-9]+)*$",
    // Names of fonts.
    "value-keyword-case": ["lower", { ignoreProperties: ["--mono", "--sans"] }],
  },
};
