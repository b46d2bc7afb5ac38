/** From a form to the bytes that are signed, and from bytes to what they say: pure. */

import { b64u, equal, hex, sha256 } from "../../bytes";
import { canonical, type Json } from "../../canonical";
import { readStatement, type StatementOf } from "../../crypto/statements";

export type Fields = { readonly [key: string]: Json };
export type Said = StatementOf<"designation">["fields"];

/** SHA-256 in hex: how everybody who signs a body names it. */
export async function digestOfBody(body: Uint8Array): Promise<string> {
  return hex.encode(await sha256(body));
}

/** SHA-256 in hex of a file that stays where it is. */
export async function digestOfFile(file: Blob): Promise<string> {
  return hex.encode(await sha256(new Uint8Array(await file.arrayBuffer())));
}

/**
 * What exactly these bytes (b64u) say, whoever signed them.
 *
 * @throws {StatementMalformed} if they are no designation.
 */
export async function saidIn(
  body: string,
  signatures: readonly { readonly key: string; readonly signature: string }[] = [],
): Promise<{ fields: Said; signers: ReadonlySet<string>; digest: string }> {
  const read = (await readStatement({
    type: "designation",
    body,
    signatures,
  })) as StatementOf<"designation">;
  return {
    fields: read.fields,
    signers: read.signers,
    digest: await digestOfBody(b64u.decode(body)),
  };
}

/** Whether the bytes say of the draft what the server lists beside them; else which of it differs. */
export function differing(body: Uint8Array, listed: Fields): string[] {
  const said = JSON.parse(new TextDecoder().decode(body)) as { [key: string]: Json };
  return Object.keys(listed).filter((name) => {
    const [here, there] = [said[name], listed[name]];
    if (here === undefined || there === undefined) return here !== there;
    return !equal(canonical(here), canonical(there));
  });
}
