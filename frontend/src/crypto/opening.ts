/** What is sealed to a device's history key. */

import type { SealedTo } from "./contract";
import { refusing } from "./refusal";
import type { Suite } from "./suite";

export async function sealTo(
  key: Uint8Array,
  info: Uint8Array,
  plaintext: Uint8Array,
  { hpke }: Suite,
): Promise<SealedTo> {
  return hpke.seal(await hpke.importPublicKey(key), plaintext, info);
}

/** @throws {MlsRefused} invalid */
export function openSealed(
  key: Uint8Array,
  info: Uint8Array,
  { enc, ct }: SealedTo,
  { hpke }: Suite,
): Promise<Uint8Array> {
  return refusing("invalid", async () =>
    hpke.open(await hpke.importPrivateKey(key), enc, ct, info),
  );
}
