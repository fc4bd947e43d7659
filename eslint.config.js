// ESLint finds faults that types do not show: a comparison that converts, a variable that is never read or reassigned.
// Form is Prettier's, types are tsc's.

import js from "@eslint/js";
// The names that browsers and Node.js define.
import globals from "globals";

/** @type {import("eslint").Linter.Config[]} */
export default [
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      // `== null` is the one test for null and undefined: the engine's types have undefined, its JSON has null.
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-implicit-globals": "error",
      // `{ [key]: _, ...others }` is an object without a key.
      "no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  { files: ["www/**"], languageOptions: { globals: globals.browser } },
  { files: ["www/**/*.test.js", "xtask/**", "*.config.js"], languageOptions: { globals: globals.node } },
  // What these give to `page.evaluate` runs in the browser.
  {
    files: ["tests/e2e/**", "benches/browser/**"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  // A classic script of an HTML file without others.
  { files: ["src/bin/lsmscope/report/**"], languageOptions: { sourceType: "script", globals: globals.browser } },
];
