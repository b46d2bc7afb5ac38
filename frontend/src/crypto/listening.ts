/**
 * The library checks and makes the signature of each message, and seals it under a key of its own;
 * it hands out neither: here they are heard.
 */

import { concat } from "../bytes";
import type { InnerSignature } from "./innerSignature";
import { MlsRefused } from "./refusal";
import type { Suite } from "./suite";
import type { GroupContext } from "./tsmls";

export type Listening = {
  readonly suite: Suite;
  signature(): Uint8Array;
  /** Key and nonce of the message, 16 and 12 bytes: its own, and used for nothing else. */
  opener(): Uint8Array;
};

/** The same suite, which remembers the signature, and the key, that were used for a message. */
export function listening(suite: Suite): Listening {
  let heard: Uint8Array | null = null;
  let opener: Uint8Array | null = null;
  const { signature, hpke } = suite;
  return {
    suite: {
      ...suite,
      signature: {
        ...signature,
        sign: async (key, message) => {
          heard = await signature.sign(key, message);
          return heard;
        },
        verify: (key, message, one) => {
          heard = one;
          return signature.verify(key, message, one);
        },
      },
      // Who sent it is sealed, too: before the message is opened, and after it is sealed.
      hpke: {
        ...hpke,
        encryptAead: (key, nonce, aad, plaintext) => {
          opener ??= concat(key, nonce);
          return hpke.encryptAead(key, nonce, aad, plaintext);
        },
        decryptAead: (key, nonce, aad, ciphertext) => {
          opener = concat(key, nonce);
          return hpke.decryptAead(key, nonce, aad, ciphertext);
        },
      },
    },
    signature: () => found(heard),
    opener: () => found(opener),
  };
}

function found(bytes: Uint8Array | null): Uint8Array {
  if (bytes === null) throw new MlsRefused("invalid");
  return bytes.slice();
}

/** What was signed in a group's epoch, by its parts. */
export function innerOf(
  { epoch, treeHash, confirmedTranscriptHash }: GroupContext,
  said: Pick<InnerSignature, "leaf" | "aad" | "plaintext" | "signature" | "opener">,
): InnerSignature {
  const [tree, transcript] = [treeHash.slice(), confirmedTranscriptHash.slice()];
  return { epoch: Number(epoch), tree, transcript, ...said };
}
