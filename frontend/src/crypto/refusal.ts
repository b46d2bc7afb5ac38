/** Why the engine would not do something. The state it was given stays as it was. */

export type RefusalReason =
  | "malformed" // not one MLSMessage in its one encoding
  | "wrong-kind" // an MLSMessage, but not one that belongs here
  | "wrong-suite"
  | "wrong-group"
  | "stale-epoch" // older than the epochs kept
  | "future-epoch"
  | "not-own" // asked for as this device's own, and somebody else's
  | "own-message" // own messages and commits are known already, never processed
  | "not-a-member" // the leaf named is not in the group
  | "removed" // this device is no longer in the group
  | "spent-state" // an earlier state whose secrets were forgotten
  | "forbidden-proposal" // PSK, ReInit, GroupContextExtensions, Update, unknown, or standalone
  | "proposal-by-reference"
  | "add-and-remove"
  | "external-commit" // one that is not the return of a member's own device
  | "credential-changed" // a changed leaf must keep its credential and signature key
  | "group-extensions" // a GroupContext with extensions: none is in use here
  | "duplicate-leaf"
  | "leaf-refused" // the authentication hook said no
  | "roster-mismatch" // the tree that came out is not what the commit declared
  | "nothing-to-commit"
  | "invalid"; // a signature, tag, hash or decryption failed: RFC 9420 says no

export type RefusedLeaf = { readonly credential: Uint8Array; readonly signatureKey: Uint8Array };

export class MlsRefused extends Error {
  override readonly name = "MlsRefused";

  /** Whom the authentication hook turned down. */
  readonly leaf: RefusedLeaf | undefined;

  constructor(
    readonly reason: RefusalReason,
    options?: { cause?: unknown; leaf?: RefusedLeaf },
  ) {
    super(`MLS: ${reason}`, options);
    this.leaf = options?.leaf;
  }
}

/** Run a step of the library; whatever it throws becomes a refusal with that cause. */
export async function refusing<T>(reason: RefusalReason, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    if (cause instanceof MlsRefused) throw cause;
    throw new MlsRefused(reason, { cause });
  }
}
