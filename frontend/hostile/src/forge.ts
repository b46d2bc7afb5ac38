/** What a host can make that has no member's keys: strangers, and commits and packages in any name. */

import { randomUUID } from "node:crypto";
import { b64u } from "../../src/bytes";
import { canonical } from "../../src/canonical";
import { configWith } from "../../src/crypto/guard";
import { decodeIdentity, encodeIdentity, type Identity } from "../../src/crypto/identity";
import { type DeviceKeys, generateDeviceKeys, generateKeyPackage } from "../../src/crypto/keys";
import { rosterOf } from "../../src/crypto/roster";
import { SUITE } from "../../src/crypto/suite";
import {
  type CiphersuiteName,
  getCiphersuiteFromName,
  getCiphersuiteImpl,
  joinGroupExternal,
  ratchetTreeFromExtension,
} from "../../src/crypto/tsmls";
import * as wire from "../../src/crypto/wire";
import { firstChain, nextChain } from "../../src/state/chain";

export const OTHER_SUITE: CiphersuiteName = "MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519";

/** An entry as it travels. */
export type WireEntry = {
  seq: number;
  kind: "commit" | "message";
  epoch: number;
  device: string;
  id: string;
  at: string;
  body: string;
  chain: string;
};

/** Keys of the host's own under whatever identity it likes. */
export async function stranger(named: Partial<Identity> & { person: string }): Promise<{
  identity: Identity;
  keys: DeviceKeys;
}> {
  const fresh = await generateDeviceKeys();
  const identity: Identity = {
    state: "MX",
    device: randomUUID(),
    serial: randomUUID(),
    signatureKey: fresh.signaturePublic,
    historyKey: fresh.historyPublic,
    ...named,
  };
  return { identity, keys: { ...fresh, credential: encodeIdentity(identity) } };
}

/** A key package, base64url, for keys of the host's own. */
export async function packageOf(keys: DeviceKeys, suite: CiphersuiteName = SUITE): Promise<string> {
  // Of the other suite a key package needs nothing but the name: keys and signatures are the same.
  const own = await getCiphersuiteImpl(getCiphersuiteFromName(SUITE));
  const impl = { ...own, name: suite };
  return b64u.encode((await generateKeyPackage(keys, 30, Date.now(), impl)).package);
}

/** Whose a key package says it is. */
export function identityIn(packaged: string): Identity {
  const { credential } = wire.decodeKeyPackage(b64u.decode(packaged)).leafNode;
  if (credential.credentialType !== "basic") throw new Error("not a basic credential");
  return decodeIdentity(credential.identity);
}

/** The identity of a person's device in a group, as its GroupInfo shows it to everybody. */
export function memberOf(groupInfo: string, person: string): Identity {
  const tree = ratchetTreeFromExtension(wire.decodeGroupInfo(b64u.decode(groupInfo)));
  const all = rosterOf(tree ?? []).map(({ credential }) => decodeIdentity(credential));
  const found = all.find((identity) => identity.person === person);
  if (found === undefined) throw new Error("that person is not in the group");
  return found;
}

/**
 * A commit by which whoever has `keys` enters from outside (RFC 9420 section 12.4.3.2); `returning`
 * with a member's public key in the tree: as that device coming back, whose place it takes.
 */
export async function entering(
  groupInfo: string,
  keys: DeviceKeys,
  data: Record<string, string | number>,
  returning = false,
): Promise<{ id: string; body: string; epoch: number }> {
  const suite = await getCiphersuiteImpl(getCiphersuiteFromName(SUITE));
  const info = wire.decodeGroupInfo(b64u.decode(groupInfo));
  const own = await generateKeyPackage(keys, 1, Date.now(), suite);
  const id = randomUUID();
  const made = await joinGroupExternal(
    info,
    own.publicPackage,
    own.privatePackage,
    returning,
    suite,
    undefined,
    configWith(async () => true),
    canonical({ v: 1, ...data, client_id: id }).slice(),
  );
  const { publicMessage } = made;
  const message = { version: "mls10", wireformat: "mls_public_message", publicMessage } as const;
  const body = b64u.encode(wire.encodeMessage(message));
  return { id, body, epoch: Number(info.groupContext.epoch) };
}

/** The same entry at another place of a log, with the chain value that fits there. */
export async function placed(
  circle: string,
  before: WireEntry | undefined,
  entry: Omit<WireEntry, "seq" | "chain">,
): Promise<WireEntry> {
  const seq = (before?.seq ?? 0) + 1;
  const previous = before === undefined ? await firstChain(circle) : b64u.decode(before.chain);
  const body = b64u.decode(entry.body);
  const chain = await nextChain(previous, { ...entry, seq, body });
  return { ...entry, seq, chain: b64u.encode(chain) };
}
