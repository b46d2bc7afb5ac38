/**
 * The one cipher suite in use: MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519 (RFC 9420, 17.1).
 * A stored group names its suite, so that another can be added beside it.
 */

import { MlsRefused } from "./refusal";
import {
  type Capabilities,
  type CiphersuiteImpl,
  type CiphersuiteName,
  ciphersuites,
  type GroupContext,
  getCiphersuiteFromName,
  getCiphersuiteImpl,
} from "./tsmls";

export type Suite = CiphersuiteImpl;

export const SUITE: CiphersuiteName = "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519";
export const SUITE_ID = ciphersuites[SUITE];

/** Exactly what a leaf of ours can do; written out, so that key packages look all the same. */
export const CAPABILITIES: Capabilities = {
  versions: ["mls10"],
  ciphersuites: [SUITE],
  extensions: [],
  proposals: [],
  credentials: ["basic"],
};

export function loadSuite(): Promise<Suite> {
  return getCiphersuiteImpl(getCiphersuiteFromName(SUITE));
}

/**
 * Our suite, and no GroupContext extensions: external senders or required capabilities would
 * change the rules of the group.
 *
 * @throws {MlsRefused} wrong-suite, group-extensions
 */
export function requirePlain(group: { groupContext: GroupContext }): void {
  const { cipherSuite, extensions } = group.groupContext;
  if (cipherSuite !== SUITE) throw new MlsRefused("wrong-suite");
  if (extensions.length > 0) throw new MlsRefused("group-extensions");
}
