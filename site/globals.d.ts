// What `xtask/src/bundle.mjs` fills in.

/** Changes with every file that is kept. */
declare const VERSION: string;
/** The pages, as paths in the site. */
declare const PAGES: string[];
/** The other files that are kept, each with its hash as `fetch` takes it. */
declare const ASSETS: [path: string, integrity: string][];
/** Files that are kept when they are asked for. */
declare const ON_DEMAND: [path: string, integrity: string][];
