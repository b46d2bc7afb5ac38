/** Building a page as one file: its style and its script stand in it, and nothing else may run or load. */

import { createHash } from "node:crypto";

const hashOf = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/**
 * @param {string} name of the file
 * @param {string} types what its policy says of trusted types
 * @returns {import("vite").Plugin}
 */
export function asOneFile(name, types) {
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
        const tag = /.{0,30}<\/?(script|style).{0,30}/i.exec(script + style);
        if (tag !== null) this.error(`a tag in it would end it: ${tag[0]}`);
        const policy =
          `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; ` +
          `base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; ${types}`;
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
        this.emitFile({ type: "asset", fileName: name, source });
      },
    },
  };
}
