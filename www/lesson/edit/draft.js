// The draft: what stands in the editor, kept in this browser, or, where that keeps nothing, until the page is left.

const KEY = "lsmscope.draft";
const BEFORE = "lsmscope.draft.before";

/**
 * @typedef {object} Draft
 * @property {string} text
 * @property {string} from Where it began: the name or the address of a lesson, or of a file.
 */

/**
 * @param {() => Storage} storage Throws where the browser lets the page keep nothing.
 */
export function createDrafts(storage = () => localStorage) {
  /** @type {Draft | null} */
  let memory = null;
  /** @type {Draft | null} */
  let older = null;
  let isKept = true;

  return {
    /** The draft of the last visit. @returns {Draft | null} */
    take() {
      if (memory) return memory;
      try {
        return draftOf(storage().getItem(KEY));
      } catch {
        return null;
      }
    },

    /** Keeps the draft in another place: another text takes its own. */
    setAside() {
      const draft = this.take();
      if (!draft) return;
      older = draft;
      try {
        storage().setItem(BEFORE, JSON.stringify(draft));
      } catch {
        // It is kept until the page is left.
      }
    },

    /** What was set aside last. @returns {Draft | null} */
    before() {
      if (older) return older;
      try {
        return draftOf(storage().getItem(BEFORE));
      } catch {
        return null;
      }
    },

    /** @param {Draft} draft */
    keep(draft) {
      memory = draft;
      try {
        storage().setItem(KEY, JSON.stringify(draft));
        isKept = true;
      } catch {
        isKept = false;
      }
    },

    throwAway() {
      memory = null;
      try {
        storage().removeItem(KEY);
      } catch {
        // There is none.
      }
    },

    /** Whether it will be there after a reload. */
    isKept: () => isKept,
  };
}

/**
 * @param {string | null} kept
 * @returns {Draft | null}
 */
function draftOf(kept) {
  const { text, from } = JSON.parse(kept ?? "{}");
  return typeof text === "string" && text !== "" ? { text, from: String(from ?? "") } : null;
}

/**
 * The name of the file of a lesson: its id.
 * @param {string} text
 */
export function fileNameOf(text) {
  const id = /^id:\s*([a-z0-9-]+)\s*$/m.exec(text)?.[1];
  return `${id ?? "lesson"}.md`;
}
