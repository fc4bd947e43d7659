// The draft: what stands in the editor, kept in this browser, or, where that keeps nothing, until the page is left.

const KEY = "lsmscope.draft";
const BEFORE = "lsmscope.draft.before";

/** How many texts are kept beside the draft. */
const MOST = 8;

/**
 * @typedef {object} Draft
 * @property {string} text
 * @property {string} from Where it began: the name or the address of a lesson, or of a file.
 * @property {boolean} isOwn Whether its author has typed in it. A copy without changes can be loaded once more.
 */

/**
 * @param {() => Storage} storage Throws where the browser lets the page keep nothing.
 */
export function createDrafts(storage = () => localStorage) {
  /** @type {Draft | null} */
  let memory = null;
  /** Texts that others took the place of, the last one first. @type {Draft[] | null} */
  let aside = null;
  let isKept = true;

  function all() {
    if (aside) return aside;
    try {
      const kept = JSON.parse(storage().getItem(BEFORE) ?? "[]");
      // Of an older version it is one draft.
      return [kept].flat().flatMap((one) => draftOf(one) ?? []);
    } catch {
      return [];
    }
  }

  /** @param {Draft[]} drafts */
  function put(drafts) {
    aside = drafts.slice(0, MOST);
    try {
      storage().setItem(BEFORE, JSON.stringify(aside));
    } catch {
      // They are kept until the page is left.
    }
  }

  return {
    /** The draft of the last visit. @returns {Draft | null} */
    take() {
      if (memory) return memory;
      try {
        return draftOf(JSON.parse(storage().getItem(KEY) ?? "{}"));
      } catch {
        return null;
      }
    },

    /** Keeps the draft in another place, as another text takes its own; a copy without changes is not kept. */
    setAside() {
      const draft = this.take();
      if (draft?.isOwn) put([draft, ...all().filter(({ text }) => text !== draft.text)]);
    },

    /** Whether any text was set aside. */
    hasBefore: () => all().length > 0,

    /**
     * Takes back the text that was set aside last. The draft goes behind the others: all of them come up in turn.
     * @returns {Draft | null}
     */
    bringBack() {
      const [last, ...others] = all();
      if (!last) return null;
      const draft = this.take();
      put(draft?.isOwn && draft.text !== last.text ? [...others, draft] : others);
      return last;
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
 * @param {any} kept What was kept, by whatever version.
 * @returns {Draft | null}
 */
function draftOf(kept) {
  const { text, from, isOwn = true } = kept ?? {};
  return typeof text === "string" && text !== "" ? { text, from: String(from ?? ""), isOwn: isOwn !== false } : null;
}

/**
 * The name of the file of a lesson: its id.
 * @param {string} text
 */
export function fileNameOf(text) {
  const id = /^id:\s*([a-z0-9-]+)\s*$/m.exec(text)?.[1];
  return `${id ?? "lesson"}.md`;
}
