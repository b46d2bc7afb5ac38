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
import { whose } from "../dossiers/whose";

/** A document as it was made; `name` is its maker's, by the directory's log. */
export type MadeOf = Pick<MadeSaid, "version" | "at"> & {
  readonly name: string;
  readonly kind: "docx" | "pdf";
  readonly language: "es" | "en" | "fr";
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

/** Of each file of a letter what this browser found of it, by its id. */
export async function provenOf(
  { request, state, files = [], made = [] }: Letter,
  directory: Directory | null,
): Promise<ReadonlyMap<string, Proven>> {
  const found = new Map<string, Proven>();
  if (directory === null) return found;
  for (const said of made) {
    const signed = signedOf(request, said);
    const name = await makerOf(state, said, signed, directory);
    for (const file of files) {
      const one = await placeOf(file, said, signed);
      if (one === undefined || isMade(found.get(file.id))) continue;
      const { kind, language } = one;
      const { version, at } = said;
      found.set(file.id, name === null ? "unsigned" : { version, at, name, kind, language });
    }
  }
  return found;
}

const isMade = (proven: Proven | undefined): boolean => proven != null && proven !== "unsigned";

/** Which of the files that were made it is, if it is one. */
async function placeOf(file: FileSaid, { salt }: MadeSaid, { files }: Made) {
  const commitment = await commitToDigest(b64u.decode(salt), b64u.decode(file.sha256));
  return files.find((one) => equal(one.commitment, commitment));
}

/** The name of whoever made them; null if nobody signed it who could have. */
async function makerOf(
  state: string,
  { person, device, at, signature }: MadeSaid,
  signed: Made,
  directory: Directory,
): Promise<string | null> {
  const name = directory.named(person)?.name;
  const key = directory.deviceNamed(device)?.signature_key;
  if (name === undefined || key === undefined) return null;
  const maker = { issued: at, person, state, name, device, key };
  if (whose(maker, MAKES, directory) === "key") return null;
  return (await madeBy(b64u.decode(key), signed, b64u.decode(signature))) ? name : null;
}
