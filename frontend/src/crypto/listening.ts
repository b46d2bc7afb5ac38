/** The library checks and makes the signature of each message, and hands out none: here it is heard. */

import type { InnerSignature } from "./innerSignature";
import { MlsRefused } from "./refusal";
import type { Suite } from "./suite";
import type { GroupContext } from "./tsmls";

export type Listening = { readonly suite: Suite; signature(): Uint8Array };

/** The same suite, which remembers the signature that was checked or made last. */
export function listening(suite: Suite): Listening {
  let heard: Uint8Array | null = null;
  const { signature } = suite;
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
    },
    signature() {
      if (heard === null) throw new MlsRefused("invalid");
      return heard.slice();
    },
  };
}

/** What was signed in a group's epoch, by its parts. */
export function innerOf(
  { epoch, treeHash, confirmedTranscriptHash }: GroupContext,
  said: Pick<InnerSignature, "leaf" | "aad" | "plaintext" | "signature">,
): InnerSignature {
  const [tree, transcript] = [treeHash.slice(), confirmedTranscriptHash.slice()];
  return { epoch: Number(epoch), tree, transcript, ...said };
}
