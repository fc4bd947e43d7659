// What an embed is asked for, in the query of its address; the moment that it shows is in the fragment, as in any link.
//
//   controls  full: everything folds in at the edges; player (default): the stage, its sentence, a field to type into
//             and the player; none: the stage and its sentence
//   mode      figure: a range of events, large and without controls, that plays when it is seen
//   from, to  the range of a figure, by the names of its moments; by default the last operation of the script
//   readonly  no field to type into
//   height    auto (default): the host is told the height that suits the width; fixed: it is not
//   resize    how it is told: a list of own, lti, h5p, plain (default own,lti)
//   report    splice: what is done and reached is reported to the host; scorm: to a learning platform (a package of
//             `cargo xtask scorm` asks for that)
//   keys      deck: PageUp, PageDown and b are passed on to the host
//   theme     light or dark (read by address.js)
//
// What is missing or wrong is as the default: an embed always shows something.

/** @typedef {"own" | "lti" | "h5p" | "plain"} Dialect */

/**
 * @typedef {object} FrameSettings
 * @property {"full" | "player" | "none"} controls
 * @property {boolean} isFigure
 * @property {string} from
 * @property {string} to
 * @property {boolean} readonly
 * @property {boolean} tellsHeight
 * @property {Dialect[]} dialects
 * @property {boolean} inDeck
 * @property {"" | "scorm" | "splice"} report
 */

const DIALECTS = /** @type {Dialect[]} */ (["own", "lti", "h5p", "plain"]);

/**
 * @param {string} search The query of the address.
 * @returns {FrameSettings}
 */
export function settingsOf(search) {
  const query = new URLSearchParams(search);
  const has = (/** @type {string} */ name) => query.has(name) && !/^(false|0|no)$/.test(query.get(name) ?? "");
  const isFigure = query.get("mode") === "figure";
  const asked = query.get("controls");
  const report = query.get("report");
  const listed = (query.get("resize") ?? "own,lti").split(",");
  return {
    controls: isFigure ? "none" : asked === "full" || asked === "none" ? asked : "player",
    isFigure,
    from: query.get("from") ?? "",
    to: query.get("to") ?? "",
    readonly: isFigure || has("readonly"),
    tellsHeight: query.get("height") !== "fixed",
    dialects: DIALECTS.filter((one) => listed.includes(one)),
    inDeck: query.get("keys") === "deck",
    report: report === "scorm" || report === "splice" ? report : "",
  };
}
