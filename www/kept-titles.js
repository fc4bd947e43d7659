// Titles of branches and of scripts in the queue, for a reader. Sessions and links keep them in English, whatever
// language the page has, so that they read right in any other; they are said in the reader's only where they are shown.
//
// In: a title as the state has it. Out: the title in words; one that a person or a link has given is as it is.

import { say } from "./words.js";

/** @param {string} title */
export function titleSaid(title) {
  switch (title) {
    case "main":
      return say("main");
    case "from the start":
      return say("from the start");
    case "What is left":
      return say("What is left");
    case "First tour":
      return say("First tour");
    case "Pull the plug":
      return say("Pull the plug");
    case "Twelve keys":
      return say("Twelve keys");
    case "A deleted key comes back":
      return say("A deleted key comes back");
    case "Your script":
      return say("Your script");
    case "Shared script":
      return say("Shared script");
    case "disk lying":
      return say("a disk that lies");
    case "disk full":
      return say("a full disk");
    case "disk ok":
      return say("a healed disk");
  }
  const [, file] = /^flip (\S+) [0-9]+ [0-9]+$/.exec(title) ?? [];
  if (file) return say("bad sector in {file}", { file });
  const [, kind, n] = /^(from event|power cut at event|branch) ([0-9]+)$/.exec(title) ?? [];
  if (kind === "from event") return say("from event {event}", { event: n });
  if (kind === "power cut at event") return say("power cut at event {event}", { event: n });
  return kind === "branch" ? say("branch {n}", { n }) : title;
}
