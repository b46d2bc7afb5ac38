/**
 * What the author of a version signs about screening it, and what every reader checks again.
 *
 * The server sees neither the draft nor the findings: a salted commitment to the one and the hash
 * of the other. Python: requests_mla/statements.py.
 */
import { b64u, concat, sha256, utf8 } from "../bytes";
import { canonical, type Json } from "../canonical";
import { signWith, verifies } from "./ed25519";

export type Screened = {
  readonly request: string;
  readonly version: number;
  /** The rulebook's version: 64 hexadecimal digits. */
  readonly rulebook: string;
  /** SHA-256 of the salt (32 bytes) and the canonical draft. */
  readonly commitment: Uint8Array;
  /** SHA-256 of the canonical findings. */
  readonly results: Uint8Array;
  /** SHA-256 of the canonical facts disclosed to the server. */
  readonly disclosed: Uint8Array;
  /** The rules set aside, sorted. */
  readonly overridden: readonly string[];
  /** Whether the author calls the request ready. */
  readonly ready: boolean;
};

/** 32 bytes that say which draft was meant, to whoever has the draft and the salt. */
export function commitTo(salt: Uint8Array, draft: Json): Promise<Uint8Array> {
  return sha256(salt, canonical(draft));
}

/** 32 bytes that say what screening gave, or which facts the server was told. */
export function digestOf(value: Json): Promise<Uint8Array> {
  return sha256(canonical(value));
}

function signed(screened: Screened): Uint8Array<ArrayBuffer> {
  const { request, version, rulebook, commitment, results, disclosed, ready } = screened;
  return concat(
    utf8.encode("casehub/attestation/1\0"),
    canonical({
      v: 1,
      request,
      version,
      rulebook,
      commitment: b64u.encode(commitment),
      results: b64u.encode(results),
      disclosed: b64u.encode(disclosed),
      overridden: [...screened.overridden],
      ready,
    }),
  );
}

/** 64 bytes, by the device's signature key (an Ed25519 seed). */
export async function signScreened(screened: Screened, seed: Uint8Array): Promise<Uint8Array> {
  return (await signWith(seed, signed(screened))).signature;
}

/** Whether the signature is that of the device's public key, 32 bytes. */
export function screenedBy(
  key: Uint8Array,
  screened: Screened,
  signature: Uint8Array,
): Promise<boolean> {
  return verifies(key, signature, signed(screened));
}
