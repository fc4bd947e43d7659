// The moment at which a film is opened: the one that matters, since at its beginning most logs have an empty tree.
//
// In: a film. Out: a moment, and why it is that one.

import { say } from "../words.js";
import { whereFound, worstStall } from "./where-found.js";

/** @typedef {import("./log-film.js").LogFilm} LogFilm */
/**
 * `finding`: the number of the finding that leads to it, from 1; none of a stall, or of the end.
 * @typedef {{ moment: number, why: "finding" | "stall" | "end", finding?: number }} OpeningMoment
 */

/**
 * Where the first finding that names a moment leads to; else within the worst stall; else the end.
 * @param {LogFilm} film
 * @returns {OpeningMoment}
 */
export function openingMoment(film) {
  const { findings, stalls } = film.report;
  for (const [at, finding] of findings.entries()) {
    const place = whereFound(film, finding);
    if (place) return { moment: place.moment, why: "finding", finding: at + 1 };
  }
  if (stalls.episodes.length > 0) {
    return { moment: worstStall(film, { from: 0, to: film.duration }), why: "stall" };
  }
  return { moment: film.duration, why: "end" };
}

/**
 * @param {OpeningMoment} opening
 * @param {string} time
 */
export function openingSaid({ why, finding: n }, time) {
  if (why === "finding") return say("Opened at {time}: finding {n}.", { time, n: n ?? 1 });
  if (why === "stall") return say("Opened at {time}: worst stall.", { time });
  return say("Opened at {time}: the end.", { time });
}
