/**
 * Ids of versions: each is made from the id of the version that its text goes on from, so that
 * nobody can put another one under it. Pure.
 */

import { concat, sha256, utf8, uuid } from "../../bytes";

type Child = { readonly request: string; readonly client_id: string; readonly salt: Uint8Array };

/** Of a version that goes on from one which its author could not tell, or from none. */
const UNKNOWN = "";

/**
 * A UUID of version 8 (RFC 9562 section 5.8): the first bytes of SHA-256 over the request, the
 * parent and the version's own salt.
 */
export async function versionId(
  request: string,
  parent: string | null,
  salt: Uint8Array,
): Promise<string> {
  const named = utf8.encode(`casehub/version/1\0${request}\0${parent ?? UNKNOWN}\0`);
  const id = (await sha256(concat(named, salt))).slice(0, 16);
  id[6] = ((id[6] ?? 0) & 0x0f) | 0x80;
  id[8] = ((id[8] ?? 0) & 0x3f) | 0x80;
  return uuid.fromBytes(id);
}

/** Whether a version goes on from `parent`, or does not say from which. */
export async function descends(child: Child, parent: string): Promise<boolean> {
  const { request, client_id, salt } = child;
  for (const named of [parent, null]) {
    const id = await versionId(request, named, salt);
    if (id === client_id) return true;
  }
  return false;
}
