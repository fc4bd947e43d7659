import { defineConfig } from "vitepress";

export default defineConfig({
  title: "A course on storage",
  head: [["script", { src: "https://SITE/lsm-scope.js" }]],
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === "lsm-scope" } } },
});
