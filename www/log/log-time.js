// The two clocks of a log: microseconds since 1970, as its lines have them, and seconds from its beginning.

/**
 * @param {Pick<import("../../lsmscope.js").LogReport, "from">} report
 * @param {number} micros
 */
export const secondOf = ({ from }, micros) => (micros - from) / 1e6;
