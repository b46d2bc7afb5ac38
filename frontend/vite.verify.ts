import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";
import { offlineWords } from "./patches/offline-words.mjs";

const hashOf = (text: string): string =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The page is one file: its style and its script stand in it, and nothing else may run or load. */
function asOneFile(): Plugin {
  return {
    name: "casehub:as-one-file",
    generateBundle: {
      order: "post", // the style comes last
      handler(_options, bundle) {
        let [script, style] = ["", ""];
        for (const [file, made] of Object.entries(bundle)) {
          if (made.type === "chunk") script += made.code;
          else if (file.endsWith(".css")) style += String(made.source);
          else this.error(`${file} would have to be loaded`);
          delete bundle[file];
        }
        [script, style] = [script.trim(), style.trim()];
        if (script === "" || style === "") this.error("script or style is missing");
        if (/<\/?(script|style)/i.test(script + style)) this.error("a tag in it would end it");
        const policy =
          `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; ` +
          "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; " +
          "trusted-types svelte-trusted-html";
        const source = [
          "<!doctype html>",
          '<html lang="es">',
          '<head><meta charset="utf-8">',
          `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
          '<meta name="viewport" content="width=device-width, initial-scale=1">',
          '<meta name="color-scheme" content="light dark">',
          '<meta name="referrer" content="no-referrer">',
          "<title>CaseHub</title>",
          `<style>${style}</style></head>`,
          `<body><div id="app"></div><script>${script}</script></body>`,
          "</html>",
          "",
        ].join("\n");
        this.emitFile({ type: "asset", fileName: "verify.html", source });
      },
    },
  };
}

/** Beside the pages that the server hands out: `vite build` empties the folder first. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  plugins: [offlineWords(), svelte({ emitCss: true }), asOneFile()],
  build: {
    outDir: "dist",
    emptyOutDir: false,
    copyPublicDir: false,
    target: "es2022",
    cssCodeSplit: false,
    modulePreload: false,
    rolldownOptions: {
      input: fileURLToPath(new URL("src/offline/main.ts", import.meta.url)),
      output: { format: "iife", codeSplitting: false },
    },
  },
});
