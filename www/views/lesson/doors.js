// The way to all that there is, above the list of lessons: to read, to be led, to try, to compute, to see one's own.

import { addressOfPart } from "../../site-address.js";
import { say, sayCount } from "../../words.js";
import { Icon, html } from "../ui.js";

/** @param {{ article: string, lessons: number }} props `article`: its id; `lessons`: how many there are */
export function Doors({ article, lessons }) {
  const doors = [
    {
      icon: "table",
      title: say("Read"),
      about: say("How an LSM-tree works, in a quarter of an hour: figures that you can move and change."),
      href: `?lesson=${article}`,
    },
    {
      icon: "check",
      title: say("Learn"),
      about: sayCount(
        lessons,
        "{n} lesson. You say what the engine will do, then it runs.",
        "{n} lessons. You say what the engine will do, then it runs.",
      ),
      href: "#lessons",
    },
    {
      icon: "play",
      title: say("Try"),
      about: say("A real engine, one event at a time, forwards and backwards, and with the plug pulled."),
      href: addressOfPart("sandbox"),
    },
    {
      icon: "chart",
      title: say("Simulate"),
      about: say("Terabytes in seconds: what options cost, side by side."),
      href: addressOfPart("simulate"),
    },
    {
      icon: "database",
      title: say("Your own database"),
      about: say("What happened in a RocksDB or LevelDB, and why: from its LOG and MANIFEST."),
      href: addressOfPart("history"),
    },
  ];
  return html`<ul class="doors">
    ${doors.map(
      ({ icon, title, about, href }) =>
        html`<li key=${title}>
          <a class="door" href=${href}>
            <${Icon} name=${icon} />
            <strong>${title}</strong>
            <span>${about}</span>
          </a>
        </li>`,
    )}
  </ul>`;
}
