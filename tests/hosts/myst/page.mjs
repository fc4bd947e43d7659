// What a theme of MyST does with a page: MyST's own React components, on what its command has built.

import { ANY_RENDERERS } from "@myst-theme/anywidget";
import { ThemeProvider } from "@myst-theme/providers";
import { DEFAULT_RENDERERS, MyST } from "myst-to-react";
import { createElement } from "react";
import { createRoot } from "react-dom/client";

const { mdast, frontmatter } = await (await fetch("./page.json")).json();
document.title = frontmatter.title;
const renderers = { ...DEFAULT_RENDERERS, ...ANY_RENDERERS };
const page = createElement(MyST, { ast: mdast.children });
createRoot(document.querySelector("main")).render(createElement(ThemeProvider, { renderers }, page));
