/** Commits as a hostile member, or somebody between, would spoil them. */

import { createMembershipTag } from "ts-mls/authenticatedContent.js";
import { toTbs } from "ts-mls/framedContent.js";
import type { GroupState } from "../../src/crypto/groupState";
import { loadSuite } from "../../src/crypto/suite";
import { decodeMessage, encodeMessage } from "../../src/crypto/wire";

export type Tag = "confirmation" | "membership" | "signature";

const flipped = (bytes: Uint8Array) => bytes.with(0, (bytes[0] ?? 0) ^ 1);

function publicOf(commit: Uint8Array) {
  const message = decodeMessage(commit);
  if (message.wireformat !== "mls_public_message") throw new Error("not public");
  const { publicMessage } = message;
  if (publicMessage.senderType !== "member" || publicMessage.auth.contentType !== "commit") {
    throw new Error("not a member's commit");
  }
  return { message, publicMessage, auth: publicMessage.auth };
}

/** The commit with one bit of that part turned. */
export function spoiltTag(commit: Uint8Array, tag: Tag): Uint8Array {
  const { message, publicMessage, auth } = publicOf(commit);
  if (tag === "membership") {
    const membershipTag = flipped(publicMessage.membershipTag);
    return encodeMessage({ ...message, publicMessage: { ...publicMessage, membershipTag } });
  }
  const changed =
    tag === "signature"
      ? { ...auth, signature: flipped(auth.signature) }
      : { ...auth, confirmationTag: flipped(auth.confirmationTag) };
  return encodeMessage({ ...message, publicMessage: { ...publicMessage, auth: changed } });
}

/** With the membership tag that only a member of the commit's epoch can make. */
export async function resealed(commit: Uint8Array, { mls }: GroupState): Promise<Uint8Array> {
  const { message, publicMessage, auth } = publicOf(commit);
  const { hash } = await loadSuite();
  const tbm = {
    contentTbs: toTbs(publicMessage.content, "mls_public_message", mls.groupContext),
    auth,
  };
  const membershipTag = await createMembershipTag(mls.keySchedule.membershipKey, tbm, hash);
  return encodeMessage({ ...message, publicMessage: { ...publicMessage, membershipTag } });
}
