/**
 * Whether a file of a letter to one's own is a document that was made of a version of the request, as
 * whoever made it signed that: their device's signature over a salted commitment to each file (ADR 42).
 */

import { b64u, equal } from "../../bytes";
import type { FileSaid } from "../../crypto/content";
import type { Letter, MadeSaid } from "../../crypto/letter";
import { commitToDigest, type Made, madeBy } from "../../crypto/papers";
import { MAY } from "../../roles";
import type { Directory } from "../../verify/chain";
import { APART_MS } from "../directory/then";
import { whose } from "../dossiers/whose";

/**
 * A document as it was made; `name` is its maker's, by the directory's log. When it was made nobody
 * signed: the server told it, and whoever sent the letter said it on.
 */
export type MadeOf = Pick<MadeSaid, "version"> & {
  readonly name: string;
  readonly kind: "docx" | "pdf";
  readonly language: "es" | "en" | "fr";
  /** It was poured into a Word file, of which it has the words too: those are of no version. */
  readonly hasTemplate: boolean;
  /** Its maker's device or term has ended since: nothing shows that it was made before. */
  readonly isFormer: boolean;
};
/** `unsigned`: the letter says so, and nobody signed it who could have. Null: it says nothing of it. */
export type Proven = MadeOf | "unsigned" | null;

const MAKES: readonly string[] = MAY["papers.documents.make"];

/** What was made, as it was signed of a request. */
export const signedOf = (request: string, said: MadeSaid): Made => ({
  request,
  version: said.version,
  letterhead: said.letterhead,
  template: said.template,
  files: said.files.map((one) => ({ ...one, commitment: b64u.decode(one.commitment) })),
  recipients: said.recipients,
});

/** Of each file of a letter what this browser found of it, by its id: the best that somebody signed. */
export async function provenOf(
  { request, state, issued, files = [], made = [] }: Letter,
  directory: Directory | null,
): Promise<ReadonlyMap<string, Proven>> {
  const found = new Map<string, Proven>();
  if (directory === null) return found;
  for (const said of made) {
    const signed = signedOf(request, said);
    const maker = await makerOf({ state, issued }, said, signed, directory);
    for (const file of files) {
      const one = await placeOf(file, said, signed);
      if (one === undefined) continue;
      const { kind, language } = one;
      const hasTemplate = kind === "docx" && said.template !== "";
      const { version } = said;
      const proven = maker ? { version, kind, language, hasTemplate, ...maker } : "unsigned";
      if (worthOf(proven) > worthOf(found.get(file.id))) found.set(file.id, proven);
    }
  }
  return found;
}

/** How much it is that somebody signed: one in office, a former one, nobody who could have, nothing. */
export function worthOf(proven: Proven | undefined): number {
  if (proven == null) return 0;
  if (proven === "unsigned") return 1;
  return proven.isFormer ? 2 : 3;
}

/** Which of the files that were made it is, if it is one. */
async function placeOf(file: FileSaid, { salt }: MadeSaid, { files }: Made) {
  const commitment = await commitToDigest(b64u.decode(salt), b64u.decode(file.sha256));
  return files.find((one) => equal(one.commitment, commitment));
}

/** Whoever made them, if somebody signed it who could have before the letter was. */
async function makerOf(
  { state, issued }: Pick<Letter, "state" | "issued">,
  { person, device, at, signature }: MadeSaid,
  signed: Made,
  directory: Directory,
): Promise<Pick<MadeOf, "name" | "isFormer"> | null> {
  if (Date.parse(at) > Date.parse(issued) + APART_MS) return null;
  const name = directory.named(person)?.name;
  const key = directory.deviceNamed(device)?.signature_key;
  if (name === undefined || key === undefined) return null;
  const found = whose({ issued: at, person, state, name, device, key }, MAKES, directory);
  if (found === "key") return null;
  const isTheirs = await madeBy(b64u.decode(key), signed, b64u.decode(signature));
  return isTheirs ? { name, isFormer: found === "former" } : null;
}
