// Where the cursor stood, kept for a reload of this tab.
//
// In: a text, an offset. Out: that offset, if its line is still the same; else 0.

const KEY = "lsmscope.draft.place";

/**
 * @param {() => Storage} storage Throws where the browser lets the page keep nothing.
 */
export function createKeptPlace(storage = () => sessionStorage) {
  return {
    /** @param {string} text @param {number} offset */
    keep(text, offset) {
      try {
        storage().setItem(KEY, JSON.stringify({ offset, line: lineAt(text, offset) }));
      } catch {
        // Then a reload begins at the first line.
      }
    },

    /** @param {string} text @returns {number} */
    of(text) {
      try {
        const { offset, line } = JSON.parse(storage().getItem(KEY) ?? "{}");
        const isThere = Number.isInteger(offset) && offset >= 0 && offset <= text.length;
        return isThere && lineAt(text, offset) === line ? offset : 0;
      } catch {
        return 0;
      }
    },
  };
}

/**
 * The line in which an offset stands.
 * @param {string} text
 * @param {number} offset
 */
function lineAt(text, offset) {
  const end = text.indexOf("\n", offset);
  return text.slice(text.lastIndexOf("\n", offset - 1) + 1, end < 0 ? text.length : end);
}
