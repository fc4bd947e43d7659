// Where the page is: in an embed, in a frame; and the address of the site: of the page, in an embed the folder above,
// of the single file the file.

/** Whether the page is the single file, which has no site around it: see `xtask/src/bundle.mjs`. */
export const isSingleFile = () => document.documentElement.dataset.single !== undefined;

/** Whether the page is an embed. */
export const isEmbed = () => globalThis.document?.documentElement.dataset.frame !== undefined;

/** Whether the page is a package for a learning platform, which has one activity, and no way to another. */
export const isPackage = () => isEmbed() && isSingleFile();

/** Whether another page is around this one. */
export const isFramed = () => globalThis.window !== undefined && window.parent !== window;

export function siteAddress() {
  const page = location.href.split(/[?#]/)[0];
  // The document of a frame's `srcdoc` has no address of its own.
  if (isSingleFile() || !URL.canParse("./", page)) return page;
  return new URL(isEmbed() ? "../" : "./", page).href;
}

/**
 * The address of a part of the page, from any of its parts: the course is a page of its own.
 * @param {"sandbox" | "simulate" | "history" | "lesson"} part
 */
export function addressOfPart(part) {
  const { pathname } = location;
  const parts = {
    sandbox: pathname,
    simulate: `${pathname}#v=1&room=simulate`,
    history: "?history",
    lesson: "?lesson",
  };
  return parts[part];
}
