// The address of the site: where the page is, or, in an embed, the folder above.

export function siteAddress() {
  const folder = document.documentElement.dataset.frame === undefined ? "." : "..";
  return new URL(`${folder}/`, location.href.split(/[?#]/)[0]).href;
}
