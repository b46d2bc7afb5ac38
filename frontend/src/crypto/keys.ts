/** Keys of a device, and the key packages by which others add it (RFC 9420 section 10). */

import { concat } from "../bytes";
import { MlsRefused } from "./refusal";
import { CAPABILITIES, type Suite } from "./suite";
import { generateKeyPackageWithKey, type KeyPackage, makeKeyPackageRef } from "./tsmls";
import { encodeKeyPackage } from "./wire";

export type DeviceKeys = {
  /** Canonical identity bytes, see identity.ts. */
  credential: Uint8Array;
  /** Ed25519 seed, 32 bytes. */
  signaturePrivate: Uint8Array;
  /** Ed25519 public key, 32 bytes. */
  signaturePublic: Uint8Array;
};

export type FreshDeviceKeys = Omit<DeviceKeys, "credential"> & {
  /** X25519, 32 bytes each: past messages are sealed to it (PROTOCOL section 5). */
  historyPrivate: Uint8Array;
  historyPublic: Uint8Array;
};

export type FreshKeyPackage = {
  /** MLSMessage bytes, for the server. */
  package: Uint8Array;
  /** KeyPackageRef (RFC 9420 section 5.2); a Welcome names it. */
  ref: Uint8Array;
  /** Opaque: keep it wrapped, delete it after a durable join. */
  secret: Uint8Array;
};

export type PrivateKeyPackage = { initPrivateKey: Uint8Array; hpkePrivateKey: Uint8Array };

const DAY = 86_400;
/** How far the reader's clock may be behind ours. */
const SKEW = 3_600;
const SECRET_FORMAT = 1;
const KEY = 32;

export async function generateDeviceKeys(): Promise<FreshDeviceKeys> {
  const [signature, history] = await Promise.all([
    generate("Ed25519", ["sign", "verify"]),
    generate("X25519", ["deriveBits"]),
  ]);
  return {
    signaturePrivate: signature.seed,
    signaturePublic: signature.public,
    historyPrivate: history.seed,
    historyPublic: history.public,
  };
}

/** A key pair whose halves are 32 bytes each; the private one is the caller's to overwrite. */
export async function generate(
  algorithm: "Ed25519" | "X25519",
  usages: readonly KeyUsage[],
): Promise<{ seed: Uint8Array; public: Uint8Array }> {
  const pair = await crypto.subtle.generateKey(algorithm, true, usages);
  if (!("privateKey" in pair)) throw new TypeError(`${algorithm} made no key pair`);
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  const seed = pkcs8.slice(-KEY); // RFC 8410 section 7: the seed is the last field
  pkcs8.fill(0);
  return { seed, public: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)) };
}

export type GeneratedKeyPackage = FreshKeyPackage & {
  publicPackage: KeyPackage;
  privatePackage: PrivateKeyPackage & { signaturePrivateKey: Uint8Array };
};

/** `now` in milliseconds; the lifetime is exactly `lifetimeDays`, begun an hour ago. */
export async function generateKeyPackage(
  keys: DeviceKeys,
  lifetimeDays: number,
  now: number,
  suite: Suite,
): Promise<GeneratedKeyPackage> {
  const notBefore = Math.floor(now / 1000) - SKEW;
  const { publicPackage, privatePackage } = await generateKeyPackageWithKey(
    { credentialType: "basic", identity: keys.credential.slice() },
    CAPABILITIES,
    { notBefore: BigInt(notBefore), notAfter: BigInt(notBefore + lifetimeDays * DAY) },
    [],
    { signKey: keys.signaturePrivate.slice(), publicKey: keys.signaturePublic.slice() },
    suite,
  );
  return {
    publicPackage,
    privatePackage,
    package: encodeKeyPackage(publicPackage),
    ref: await makeKeyPackageRef(publicPackage, suite.hash),
    secret: concat(
      Uint8Array.of(SECRET_FORMAT),
      privatePackage.initPrivateKey,
      privatePackage.hpkePrivateKey,
    ),
  };
}

/** @throws {MlsRefused} malformed */
export function openKeyPackageSecret(secret: Uint8Array): PrivateKeyPackage {
  if (secret[0] !== SECRET_FORMAT || secret.length !== 1 + 2 * KEY) {
    throw new MlsRefused("malformed");
  }
  return { initPrivateKey: secret.slice(1, 1 + KEY), hpkePrivateKey: secret.slice(1 + KEY) };
}
