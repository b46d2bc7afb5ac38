/** Word templates as an office would change them, or as nobody should. */
import { unzipSync, zipSync } from "fflate";
import { utf8 } from "../../src/bytes";
import { blankFile } from "../../src/documents/word/fill";
import { partsOf, TemplateRefused } from "../../src/documents/word/parts";

/** The blank template, with its files changed. */
export function template(change: (files: Record<string, Uint8Array>) => void): Uint8Array {
  const files = unzipSync(blankFile(null));
  change(files);
  return zipSync(files);
}

/** The blank template, with the XML of one of its files changed. */
export const edited = (name: string, by: (xml: string) => string): Uint8Array =>
  template((files) => {
    files[name] = utf8.encode(by(utf8.decode(files[name] ?? new Uint8Array())));
  });

/** Why it is refused; undefined if it is not. */
export function flawOf(file: Uint8Array): string | undefined {
  try {
    partsOf(file);
  } catch (error) {
    if (error instanceof TemplateRefused) return error.code;
    throw error;
  }
  return undefined;
}
