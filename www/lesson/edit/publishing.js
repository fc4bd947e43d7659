// The link to a lesson that is published, and the lines that put it into a page.

import { quoted } from "../../embed-code.js";

/**
 * @param {string} site Ends with a slash, or is the single file.
 * @param {string} address of the lesson's file
 */
export const linkOf = (site, address) => `${site}?lesson=${encodeURIComponent(address)}`;

/**
 * @param {string} site Ends with a slash: the single file has no embed.
 * @param {string} address
 * @param {string} title of the lesson
 */
export function frameOf(site, address, title) {
  const embed = `${site}embed/?lesson=${encodeURIComponent(address)}`;
  return `<iframe
  src="${quoted(embed)}"
  width="100%"
  height="620"
  title="${quoted(title)}"
></iframe>`;
}
