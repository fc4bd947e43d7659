// Messages of an embed and its host: which are taken, and where they go.
//
// A host is known by its window alone: it may be anybody, and a sandboxed frame has no origin either. So nothing
// private is ever sent, only known messages of bounded size are taken, and no text of one becomes HTML. Before there is
// a MessagePort (`hello`), messages go to the window of the host with any origin as the target; afterwards through the
// port alone.

/** The longest message, as JSON. */
export const MAX_CHARS = 65_536;
/** The longest fragment that a message has room for. */
export const MAX_STATE = MAX_CHARS - 200;

/** What a host may ask for. */
export const ASKED = /** @type {const} */ ([
  "load",
  "play",
  "pause",
  "step",
  "seek",
  "state",
  "answer",
  "theme",
  "lang",
  "restart",
]);

/** @typedef {typeof ASKED[number]} Asked */
/** @typedef {{ lsmscope: 1, type: Asked, id?: number | string } & Record<string, unknown>} Message */

/**
 * A message, if it is one of ours.
 * @param {unknown} data
 * @returns {Message | { lsmscope: 1, type: "hello" } | null}
 */
export function messageOf(data) {
  if (typeof data !== "object" || data === null) return null;
  const { lsmscope, type, id } = /** @type {Record<string, unknown>} */ (data);
  if (lsmscope !== 1 || typeof type !== "string") return null;
  if (id !== undefined && typeof id !== "number" && !(typeof id === "string" && id.length < 100)) return null;
  if (type !== "hello" && !ASKED.includes(/** @type {Asked} */ (type))) return null;
  try {
    if (JSON.stringify(data).length > MAX_CHARS) return null;
  } catch {
    // A cycle, or a number that JSON does not have.
    return null;
  }
  return /** @type {Message} */ (data);
}

/**
 * @param {object} world
 * @param {Window} world.self
 * @param {Window} world.host
 * @param {(message: Message) => unknown} world.act What a message does; its promise is the reply's fields.
 */
export function createChannel({ self, host, act }) {
  /** @type {MessagePort | null} */
  let port = null;

  /** @param {Record<string, unknown>} message */
  function send(message) {
    const whole = { lsmscope: 1, ...message };
    if (port) port.postMessage(whole);
    else host.postMessage(whole, "*");
  }

  /** @param {unknown} data */
  async function take(data) {
    const message = messageOf(data);
    if (!message || message.type === "hello") return;
    const { type, id } = message;
    // The frame is another element's from now on, which greets it with a port of its own.
    if (type === "restart") {
      port?.close();
      port = null;
    }
    const reply = id === undefined ? {} : { id };
    try {
      const fields = await act(message);
      if (id !== undefined || type === "state") send({ ...(fields ?? {}), type, ...reply });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      send({ type: "error", code: "refused", text, ...reply });
    }
  }

  self.addEventListener("message", (event) => {
    if (event.source !== host) return;
    if (messageOf(event.data)?.type === "hello" && event.ports[0]) {
      port?.close();
      [port] = event.ports;
      port.onmessage = (message) => take(message.data);
      return;
    }
    take(event.data);
  });

  return { send };
}
