/** Who is in a ratchet tree, and what a commit did to that. */

import { b64u, equal } from "../bytes";
import { MlsRefused } from "./refusal";
import type { RatchetTree } from "./tsmls";

export type Member = {
  /** Leaf index, from 0 (RFC 9420 section 4.1.2). */
  readonly leaf: number;
  /** The `identity` of the basic credential: canonical bytes, see identity.ts. */
  readonly credential: Uint8Array;
  /** Ed25519 public key, 32 bytes. */
  readonly signatureKey: Uint8Array;
};
export type Roster = readonly Member[];

/** @throws {MlsRefused} leaf-refused for a credential that is not basic. */
export function rosterOf(tree: RatchetTree): Roster {
  return tree.flatMap((node, index): Member[] => {
    if (node?.nodeType !== "leaf") return [];
    const { credential, signaturePublicKey } = node.leaf;
    if (credential.credentialType !== "basic") throw new MlsRefused("leaf-refused");
    return [
      {
        leaf: index / 2,
        credential: credential.identity.slice(),
        signatureKey: signaturePublicKey.slice(),
      },
    ];
  });
}

export function memberAt(roster: Roster, leaf: number): Member | undefined {
  return roster.find((member) => member.leaf === leaf);
}

/** The same device under the same key; the leaf index may differ. */
export function sameDevice(a: Omit<Member, "leaf">, b: Omit<Member, "leaf">): boolean {
  return equal(a.credential, b.credential) && equal(a.signatureKey, b.signatureKey);
}

/**
 * No key twice in one tree. ts-mls 1.6.4 looks for doubles among the nodes that were there
 * already, but not between them and the newcomer (RFC 9420 section 7.3 asks for both).
 *
 * @throws {MlsRefused} duplicate-leaf
 */
export function requireDistinctKeys(tree: RatchetTree): void {
  const seen = new Set<string>();
  const once = (key: string): void => {
    if (seen.has(key)) throw new MlsRefused("duplicate-leaf");
    seen.add(key);
  };
  for (const node of tree) {
    if (node?.nodeType === "leaf") {
      once(`encrypt ${b64u.encode(node.leaf.hpkePublicKey)}`);
      once(`sign ${b64u.encode(node.leaf.signaturePublicKey)}`);
    } else if (node !== undefined) {
      once(`encrypt ${b64u.encode(node.parent.hpkePublicKey)}`);
    }
  }
}
