// ESLint finds faults that types do not show: a comparison that converts, a variable that is never read or reassigned.
// Form is Prettier's, types are tsc's. Imports go one way: see LAYERS.

import js from "@eslint/js";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
// The names that browsers and Node.js define.
import globals from "globals";

import words from "./xtask/src/eslint-words.mjs";

/** What the page's modules may not import. */
const LAYERS = [
  {
    target: ["./www/!(page).js", "./www/sim/**"],
    from: "./www/views/**",
    message: "Only page.js imports views: what both need lies in www/.",
  },
  {
    target: "./www/views/**",
    from: "./www/{main,page,controller,viewer,opening,commands,travel,branches,histories,drive,player}.js",
    message: "A view is given the controller: it asks that.",
  },
  {
    target: "./www/views/**",
    from: "./www/{sandbox,timeline,history,script-runner,time-estimate}.js",
    message: "A view is given what it draws; the engine answers the controller, and the catalog.",
  },
];

/** What the page shows, or keeps, as it is in every language. */
const DATA = [
  "Reveal.initialize({ hash: true, plugins: [LsmScopeReveal] });",
  // Names.
  ...["lsm", "scope", "lsmscope", "IndexedDB", "MANIFEST", "OPTIONS", "LOG", "CSV", "Moodle, Canvas"],
  // Commands, and an address.
  ...["put", "get", "scan", "put me hello", "batch put carol 3; put dave 4; del alice", "https://…/lesson.md"],
  "Access-Control-Allow-Origin: *",
  // Titles that sessions and links keep: www/kept-titles.js says them.
  ...["First tour", "Pull the plug", "Twelve keys", "A deleted key comes back"],
  ...["Your script", "Shared script", "What is left", "from the start", "power cut at event"],
  // Columns of exported tables.
  ...["tables by level", "bytes by level", "write amp, with the log", "writes at risk"],
  // Faults of the program.
  ...["histories are not read here", "files are not read here", "this is no link to a moment"],
  "the engine has not arrived yet: wait for loadEngine",
];

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
  {
    files: ["www/**"],
    languageOptions: { globals: globals.browser },
    plugins: { "import-x": importX },
    settings: { "import-x/resolver-next": [createNodeResolver()] },
    rules: {
      "import-x/no-cycle": "error",
      "import-x/no-restricted-paths": ["error", { zones: LAYERS }],
    },
  },
  {
    files: ["www/**/*.js"],
    // Hosts of frames read English; start.js runs before there is a table; a skeleton is an author's file.
    ignores: ["www/**/*.test.js", "www/frame/{frame,kept,lesson-frame,start}.js", "www/lesson/edit/skeleton.js"],
    plugins: { words },
    rules: { "words/hard-wired": ["error", { data: DATA }] },
  },
  { files: ["www/**/*.test.js", "xtask/**", "*.config.js"], languageOptions: { globals: globals.node } },
  // What these give to `page.evaluate` runs in the browser.
  {
    files: ["tests/e2e/**", "tests/embed/**", "tests/hosts/**", "benches/browser/**"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  // In the page of a host.
  { files: ["embed/**"], languageOptions: { globals: globals.browser } },
  // The service worker, with what site/globals.d.ts names.
  {
    files: ["site/**"],
    languageOptions: {
      globals: {
        ...globals.browser,
        VERSION: "readonly",
        PAGES: "readonly",
        ASSETS: "readonly",
        ON_DEMAND: "readonly",
      },
    },
  },
  // A classic script of an HTML file without others.
  { files: ["src/bin/lsmscope/report/**"], languageOptions: { sourceType: "script", globals: globals.browser } },
];
