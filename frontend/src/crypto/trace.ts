/**
 * Who made a public message, as far as that can be proven: asked of what was refused.
 *
 * The signature covers the content and the group's context, not the two tags beside it (RFC 9420
 * section 6.1). The membership tag covers all of it, but under a key that every member has. So a
 * host can spoil the tags of an honest member's commit; it cannot make a right membership tag.
 */

import { declaredMember } from "./incoming";
import { MlsRefused } from "./refusal";
import { type Member, rosterOf } from "./roster";
import type { Suite } from "./suite";
import {
  type ClientState,
  encodeGroupContext,
  type PublicMessage,
  toTbs,
  verifyFramedContentSignature,
  verifyMembershipTag,
} from "./tsmls";
import { decodeMessage } from "./wire";

export type Trace = {
  /** What the signature covers besides the content; all of it is known to the host. */
  readonly context: Uint8Array;
  /** The member in whose name it stands; undefined if there is none. */
  readonly member: Member | undefined;
  /** That member's key signed the content, in this group and epoch. */
  readonly signed: boolean;
  /** Its membership tag is right: it was finished by somebody who holds the epoch's keys. */
  readonly sealed: boolean;
};

export async function traceOf(mls: ClientState, bytes: Uint8Array, suite: Suite): Promise<Trace> {
  const context = encodeGroupContext(mls.groupContext);
  const nobody: Trace = { context, member: undefined, signed: false, sealed: false };
  try {
    const message = decodeMessage(bytes);
    if (message.wireformat !== "mls_public_message") return nobody;
    const { publicMessage } = message;
    const member = declaredMember(publicMessage.content, rosterOf(mls.ratchetTree));
    if (member === undefined) return nobody;
    const signed = await isSigned(mls, publicMessage, member, suite);
    return { context, member, signed, sealed: await isSealed(mls, publicMessage, suite) };
  } catch (error) {
    if (error instanceof MlsRefused) return nobody;
    throw error;
  }
}

/** What a public message says beside its content, in clear; null if it is none. Not verified. */
export function authenticatedData(bytes: Uint8Array): Uint8Array | null {
  try {
    const message = decodeMessage(bytes);
    if (message.wireformat !== "mls_public_message") return null;
    return message.publicMessage.content.authenticatedData;
  } catch (error) {
    if (error instanceof MlsRefused) return null;
    throw error;
  }
}

function isSigned(
  mls: ClientState,
  { content, auth }: PublicMessage,
  { signatureKey }: Member,
  suite: Suite,
): Promise<boolean> {
  const format = "mls_public_message";
  return whether(() =>
    verifyFramedContentSignature(
      signatureKey,
      format,
      content,
      auth,
      mls.groupContext,
      suite.signature,
    ),
  );
}

function isSealed(mls: ClientState, message: PublicMessage, suite: Suite): Promise<boolean> {
  if (message.senderType !== "member") return Promise.resolve(false);
  const { content, auth, membershipTag } = message;
  const tbm = { contentTbs: toTbs(content, "mls_public_message", mls.groupContext), auth };
  const { membershipKey } = mls.keySchedule;
  return whether(() => verifyMembershipTag(membershipKey, tbm, membershipTag, suite.hash));
}

/** The library throws on keys, signatures and tags that are none. */
async function whether(check: () => Promise<boolean>): Promise<boolean> {
  try {
    return await check();
  } catch {
    return false;
  }
}
