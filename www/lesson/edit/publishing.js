// The links to a lesson that is published, for learners and before a class, and the lines that put it into a page.

import { frameLines } from "../../embed-code.js";

/**
 * @param {string} site Ends with a slash, or is the single file.
 * @param {string} address of the lesson's file
 */
export const linkOf = (site, address) => `${site}?lesson=${encodeURIComponent(address)}`;

/**
 * The link that shows it to a class, screen by screen.
 * @param {string} site
 * @param {string} address
 */
export const presentLinkOf = (site, address) => `${linkOf(site, address)}&present`;

/**
 * @param {string} site Ends with a slash: the single file has no embed.
 * @param {string} address
 * @param {string} title of the lesson
 */
export function frameOf(site, address, title) {
  const src = `${site}embed/?lesson=${encodeURIComponent(address)}`;
  return frameLines({ src, width: "100%", height: 620, title });
}
