// How a lesson gets to its learners: a file on a host, its link, and the frame for a page of one's own.

import { Modal } from "../../dialog.js";
import { Copied } from "../../share.js";
import { fileNameOf } from "../../../lesson/edit/draft.js";
import { frameOf, linkOf, otherHostOf, presentLinkOf } from "../../../lesson/edit/publishing.js";
import { isSingleFile, siteAddress } from "../../../site-address.js";
import { say } from "../../../words.js";
import { html, useState } from "../../ui.js";

/** @param {{ text: string, close: () => void }} props */
export function Publish({ text, close }) {
  const [address, setAddress] = useState(`https://YOUR-HOST/${fileNameOf(text)}`);
  const site = siteAddress();
  const host = otherHostOf(site, address);
  const title = /^title:\s*(.+)$/m.exec(text)?.[1]?.trim() ?? "";
  return html`<${Modal} title=${say("Publish this lesson")} close=${close}>
    <ol class="edit-publish">
      <li>${say("Download the file, and put it where your course page is.")}</li>
      <li>
        ${say("Its host must let other sites read it; for most that is one line:")}
        <pre class="code-block">Access-Control-Allow-Origin: *</pre>
      </li>
      <li>
        <label>
          ${say("Then the lesson has an address:")}
          <input
            type="url"
            value=${address}
            onInput=${(/** @type {import("../../ui.js").FieldEvent} */ e) => setAddress(e.currentTarget.value)}
          />
        </label>
        ${
          host === ""
            ? null
            : html`<p class="quiet">
                ${say(
                  "If {site} sends a Content-Security-Policy whose connect-src does not name {host}, the lesson does " +
                    "not open there: ask the people who run that site to add it.",
                  { site, host },
                )}
              </p>`
        }
      </li>
      <li>
        ${say("Send this link to learners:")}
        <${Copied}
          label=${say("Link to the lesson")}
          text=${linkOf(site, address)}
          button=${say("Copy the link||to a lesson")}
        />
        <p class="quiet"><a href=${linkOf(site, address)} target="_blank">${say("Open it to try")}</a></p>
      </li>
      <li>
        ${say("To show it to a class, open this one: screen by screen, with votes.")}
        <${Copied}
          label=${say("Link to present the lesson")}
          text=${presentLinkOf(site, address)}
          button=${say("Copy the link to present||a lesson")}
        />
      </li>
      ${
        // The single file has no embed beside it.
        isSingleFile()
          ? null
          : html`<li>
              ${say("Or put it into a page:")}
              <${Copied}
                label=${say("Lines for a page")}
                text=${frameOf(site, address, title)}
                button=${say("Copy the lines")}
                rows=${6}
              />
            </li>`
      }
    </ol>
  <//>`;
}
