// The address of the site: where the page is; in an embed, the folder above; of the single file, the file.

/** Whether the page is the single file, which has no site around it: see `xtask/src/bundle.mjs`. */
export const isSingleFile = () => document.documentElement.dataset.single !== undefined;

export function siteAddress() {
  const page = location.href.split(/[?#]/)[0];
  // The document of a frame's `srcdoc` has no address of its own.
  if (isSingleFile() || !URL.canParse("./", page)) return page;
  return new URL(document.documentElement.dataset.frame === undefined ? "./" : "../", page).href;
}
