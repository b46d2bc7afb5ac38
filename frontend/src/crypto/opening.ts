/** Messages opened by their own keys, and what is sealed to a device's history key. */

import type { SealedTo, Unlocked } from "./contract";
import { MlsRefused, refusing } from "./refusal";
import type { Suite } from "./suite";
import { decodePrivateMessageContent, encodePrivateContentAAD } from "./tsmls";
import { decodeMessage } from "./wire";

const KEY = 16;
const NONCE = 12;

/** RFC 9420 section 6.3.1, from its second half on. @throws {MlsRefused} */
export async function unlock(
  bytes: Uint8Array,
  opener: Uint8Array,
  suite: Suite,
): Promise<Unlocked> {
  const message = decodeMessage(bytes);
  if (message.wireformat !== "mls_private_message") throw new MlsRefused("wrong-kind");
  const { groupId, epoch, contentType, authenticatedData, ciphertext } = message.privateMessage;
  if (contentType !== "application") throw new MlsRefused("wrong-kind");
  if (opener.length !== KEY + NONCE) throw new MlsRefused("invalid");
  const bound = encodePrivateContentAAD({ groupId, epoch, contentType, authenticatedData });
  const [key, nonce] = [opener.slice(0, KEY), opener.slice(KEY)];
  const opened = await refusing("invalid", () =>
    suite.hpke.decryptAead(key, nonce, bound, ciphertext),
  );
  const content = decodePrivateMessageContent("application")(opened, 0)?.[0];
  if (content?.contentType !== "application") throw new MlsRefused("malformed");
  return {
    groupId: groupId.slice(),
    epoch: Number(epoch),
    aad: authenticatedData.slice(),
    plaintext: content.applicationData.slice(),
    signature: content.auth.signature.slice(),
  };
}

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
