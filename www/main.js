// The entry point: the language, then the page. Modules of the page may say something as soon as they are read, so they
// are asked for when the table of its sentences has come.

import { arrive } from "./language.js";

arrive(document.documentElement.dataset.search ?? location.search)
  .then(() => import("./page.js"))
  .catch((error) => {
    // start.js has another way, where a frame may load no modules.
    dispatchEvent(new Event("lsmscope-missing"));
    throw error;
  });
