// Player events: what content says of a visit, to a learning platform and to a host alike. Lessons report their
// answers, progress and scores by these; content without questions has a beginning, a place where it stands, and an end
// only.

/** @typedef {import("./kept.js").Kept} Kept */
/** @typedef {import("./kept.js").Result} Result */

/**
 * @typedef {object} Reporter Takes player events.
 * @property {number} longest The longest link that is kept, in characters.
 * @property {() => Promise<Kept>} started Begins the visit; gives what was kept of the one before.
 * @property {(link: string) => void} progress The fragment of a link to what is shown, or a lesson's progress; an
 *   empty one is not kept.
 * @property {(n: number, result: Result) => void} answered A question, numbered from 0, was answered.
 * @property {(score?: number) => void} complete The end was reached; with a score from 0 to 1 where there were
 *   questions.
 */

export {};
