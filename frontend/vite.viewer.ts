import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { asOneFile } from "./patches/one-file.mjs";
import { pdfHeld } from "./patches/pdf-held.mjs";

const PAGES: Readonly<Record<string, readonly [source: string, name: string]>> = {
  plain: ["src/viewer/plain.ts", "viewer.html"],
  pdf: ["src/viewer/pdf.ts", "viewer-pdf.html"],
};

/**
 * The pages that show what others have written, each one file: they stand in a frame of nobody's
 * origin, which may load nothing. `--mode plain` is for pictures and text, `--mode pdf` for PDF.
 */
export default defineConfig(({ mode }) => {
  const [source, name] = PAGES[mode] ?? ["", ""];
  return {
    root: fileURLToPath(new URL(".", import.meta.url)),
    base: "./",
    plugins: [pdfHeld(), asOneFile(name, "trusted-types 'none'")],
    build: {
      outDir: "dist",
      emptyOutDir: false,
      copyPublicDir: false,
      target: "es2022",
      cssCodeSplit: false,
      modulePreload: false,
      chunkSizeWarningLimit: 4096,
      rolldownOptions: {
        // Asked for by nothing that runs here.
        transform: { define: { "import.meta": "{}" } },
        input: fileURLToPath(new URL(source, import.meta.url)),
        output: { format: "iife", codeSplitting: false },
      },
    },
  };
});
