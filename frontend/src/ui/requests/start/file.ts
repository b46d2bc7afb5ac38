/** A file that somebody chose, read in the browser: nothing of it leaves the device here. */

import { hex, sha256 } from "../../../bytes";
import { ImportRefused, LIMITS, readImport } from "../../../documents/plain";
import type { Book } from "../../../rules/book";
import { flawOf, wellFormed } from "../../../rules/shape";
import type { Source } from "./start";

const NAME = 200;

/** Nothing of the file was taken; `code` has its words in errors.ts. */
export class FileRefused extends Error {
  override readonly name = "FileRefused";
  constructor(
    readonly code: `import-${ImportRefused["code"] | "other-state" | "not-kept" | "unreadable"}`,
  ) {
    super(`file not taken: ${code}`);
  }
}

type Chosen = Pick<File, "name" | "size" | "arrayBuffer">;

/**
 * @param own the State that whoever chose it drafts for: of another State's request nothing is taken.
 * @throws {FileRefused}
 */
export async function readChosen(
  file: Chosen,
  book: Book,
  own: string,
): Promise<Extract<Source, { kind: "file" }>> {
  if (file.size > LIMITS.bytes) throw new FileRefused("import-too-large");
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    // It was moved or changed between the choice and the reading.
    throw new FileRefused("import-unreadable");
  }
  try {
    const { draft: read, problems } = readImport(bytes, book);
    if (read.requesting_state !== own) throw new FileRefused("import-other-state");
    const imported = { draft: wellFormed(read), problems };
    // What is kept aside counts too: colleagues' browsers would refuse the whole draft for it. The
    // requested State is chosen anew.
    const flaw = flawOf({ ...imported.draft, requested_state: "" }, own, book);
    if (flaw !== null) throw new FileRefused("import-not-kept");
    const digest = hex.encode(await sha256(bytes));
    const { law_date } = imported.draft;
    const name = file.name.slice(0, NAME) || "JSON";
    return { kind: "file", origin: { kind: "file", name, digest, law_date }, imported };
  } catch (error) {
    if (error instanceof ImportRefused) throw new FileRefused(`import-${error.code}`);
    throw error;
  }
}
