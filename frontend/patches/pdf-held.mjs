/**
 * pdf.js as it runs in the viewer: what it unpacks is counted, and its decoders of scans are in the page.
 *
 * A PDF may unpack to a thousand times its size, by filters that no look at the file foresees (images
 * inside of page content). And pdf.js fetches two decoders from an address when it needs them; the
 * viewer has no address.
 */

const COUNTED = "const buffer2 = new Uint8Array(size);";
const GROWS =
  /ensureBuffer\(requested\) \{\s+const buffer = this\.buffer;[^}]+\}\s+let size[^}]+\}\s+const buffer2 = new Uint8Array\(size\);/;
/** What browsers unpack themselves, chunk by chunk. */
const STREAMED = "totalLength += chunk.byteLength;";
const FETCHED =
  /await import\(\s*\/\*webpackIgnore: true\*\/\s*\/\*@vite-ignore\*\/\s*`\$\{WasmImage\.#wasmUrl\}\$\{this\._noWasmFilename\}`\)/;

/** @returns {import("vite").Plugin} */
export function pdfHeld() {
  return {
    name: "casehub:pdf-held",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith("pdfjs-dist/legacy/build/pdf.worker.mjs")) return;
      if (
        !GROWS.test(code) ||
        !FETCHED.test(code) ||
        code.split(STREAMED).length !== 2 ||
        code.split("new DecompressionStream(").length !== 2
      ) {
        this.error("pdf.js is another one than patches/pdf-held.mjs was written for");
      }
      return code
        .replace(GROWS, (found) =>
          found.replace(
            COUNTED,
            `globalThis.casehubRoom(size - buffer.byteLength);\n    ${COUNTED}`,
          ),
        )
        .replace(STREAMED, `${STREAMED}\n        globalThis.casehubRoom(chunk.byteLength);`)
        .replace(FETCHED, "globalThis.casehubDecoder(this._noWasmFilename)");
    },
  };
}
