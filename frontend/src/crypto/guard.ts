/** The authentication hook around one step: who may stand in a leaf (RFC 9420 section 5.3.1). */

import { MlsRefused, refusing } from "./refusal";
import { type ClientConfig, defaultKeyPackageEqualityConfig, defaultLifetimeConfig } from "./tsmls";

/** May this credential stand under this key? Throwing means "cannot tell now", not "no". */
export type LeafCheck = (leaf: {
  credential: Uint8Array;
  signatureKey: Uint8Array;
}) => Promise<boolean>;

/** Past epochs whose messages can still be read, and how far one sender may skip ahead. */
const RETENTION = {
  retainKeysForEpochs: 4,
  retainKeysForGenerations: 10,
  maximumForwardRatchetSteps: 200,
};

/** The library's settings, with `check` as the one judge of credentials. */
export function configWith(check: LeafCheck): ClientConfig {
  return {
    keyRetentionConfig: RETENTION,
    lifetimeConfig: defaultLifetimeConfig,
    keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
    // the envelope pads already, to sizes that say less than the library's
    paddingConfig: { kind: "alwaysPad", paddingLength: 0 },
    authService: {
      async validateCredential(credential, signatureKey) {
        if (credential.credentialType !== "basic") return false;
        return check({
          credential: credential.identity.slice(),
          signatureKey: signatureKey.slice(),
        });
      },
    },
  };
}

/**
 * Run `step` under a hook of its own. A leaf the check turned down is `leaf-refused`; an error
 * that the check itself threw comes out as it was; anything else the library finds is `invalid`.
 */
export async function guarded<T>(
  check: LeafCheck,
  step: (config: ClientConfig) => Promise<T>,
): Promise<T> {
  let turnedDown: Parameters<LeafCheck>[0] | undefined;
  let trouble: { error: unknown } | undefined;
  const watched: LeafCheck = async (leaf) => {
    try {
      const good = await check(leaf);
      if (!good) turnedDown ??= leaf;
      return good;
    } catch (error) {
      trouble ??= { error };
      throw error;
    }
  };
  try {
    return await refusing("invalid", () => step(configWith(watched)));
  } catch (error) {
    if (trouble !== undefined) throw trouble.error;
    if (turnedDown) throw new MlsRefused("leaf-refused", { cause: error, leaf: turnedDown });
    throw error;
  }
}
