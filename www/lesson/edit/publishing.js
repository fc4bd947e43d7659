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
 * The host of a lesson, if it is another one than the site's: the site's policy has to allow it.
 * @param {string} site
 * @param {string} address
 * @returns {string} as it stands in `connect-src`; empty if it is the same
 */
export function otherHostOf(site, address) {
  const hostOf = (/** @type {string} */ url) => /^https?:\/\/[^/?#]+/.exec(url)?.[0] ?? "";
  const host = hostOf(address);
  return host === hostOf(site) ? "" : host;
}

/**
 * @param {string} site Ends with a slash: the single file has no embed.
 * @param {string} address
 * @param {string} title of the lesson
 */
export function frameOf(site, address, title) {
  const src = `${site}embed/?lesson=${encodeURIComponent(address)}`;
  return frameLines({ src, width: "100%", height: 620, title });
}
