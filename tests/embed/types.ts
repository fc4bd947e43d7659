// A host's program in TypeScript: tsc checks that the types of `embed/lsm-scope.d.ts` say what the element does.

import type { FrameMessage, HostMessage, LsmScopeElement } from "../../embed/lsm-scope.js";
import type { SpliceAnswer, SpliceMessage, SpliceState } from "../../embed/lsm-scope.js";

export async function host(): Promise<string> {
  const scope: LsmScopeElement = document.createElement("lsm-scope");
  Object.assign(scope, { start: "view", keys: "deck", readonly: true });
  scope.initialState = "v=2&script=put+a+1";
  scope.addEventListener("lsm-step", ({ detail }) => detail.title.slice(0, detail.position));
  document.addEventListener("lsm-error", ({ detail }) => detail.code + detail.text);
  scope.addEventListener("lsm-height", ({ detail }) => detail.height.toFixed());
  // @ts-expect-error No such event has a height.
  scope.addEventListener("lsm-ready", ({ detail }) => detail.height);
  // @ts-expect-error A flag is no text.
  scope.readonly = "readonly";
  // @ts-expect-error A moment has a name or a number.
  await scope.seek({ at: 1 });
  await scope.step({ how: "job", backwards: true });
  // @ts-expect-error There is no such stride.
  await scope.step({ how: "year" });
  const element = customElements.get("lsm-scope");
  if (element) element.base = new URL("embed/", location.href).href;
  return scope.state();
}

/** A frame's program: every message of the host has an answer. */
export function reply(message: HostMessage): FrameMessage | null {
  switch (message.type) {
    case "hello":
      return { lsmscope: 1, type: "ready", version: "0.1.0", lessons: [], size: { width: 1, height: 1 } };
    case "step":
      return { lsmscope: 1, id: message.id, type: "step", position: 1, length: 2, moment: "flush:1", title: "" };
    case "state":
      return { lsmscope: 1, id: message.id, type: "state", state: "v=2" };
    case "load":
    case "play":
    case "pause":
    case "seek":
    case "answer":
    case "theme":
    case "lang":
      return message.id === undefined ? null : { lsmscope: 1, id: message.id, type: message.type };
    default:
      // @ts-expect-error Nothing is left.
      return message.type;
  }
}

/** A course's page that keeps a reader's state by SPLICE. */
export function keep(message: SpliceMessage, state: SpliceState | null): SpliceAnswer | SpliceState | string {
  if (message.subject === "SPLICE.getState")
    return { subject: "SPLICE.getState.response", message_id: message.message_id, state };
  if (message.subject === "SPLICE.reportScoreAndState") return message.state;
  if (message.name === "answered") return `${message.data.question}: ${message.data.result}`;
  // @ts-expect-error A visit that has started has no score.
  if (message.name === "started") return message.data.score.toFixed();
  return message.data.score.toFixed();
}
