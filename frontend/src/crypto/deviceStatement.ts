/** What a device statement says of a device, and the words in which its keys are compared. */

import { b64u, concat, sha256, utf8 } from "../bytes";
import { wordsOf } from "./fingerprintWords";
import { instantText } from "./statements";

const LABEL = utf8.encode("casehub/device-words/1\0");

export type NamedDevice = {
  readonly device: string;
  readonly person: string;
  readonly signatureKey: Uint8Array;
  readonly historyKey: Uint8Array;
  readonly serial: string;
  /** Milliseconds since 1970; written as whole seconds. */
  readonly from: number;
  readonly until: number;
};

/** The fields of a device statement beside those that every statement has. */
export function deviceFields(named: NamedDevice) {
  return {
    serial: named.serial,
    person: named.person,
    device: named.device,
    signature_key: b64u.encode(named.signatureKey),
    history_key: b64u.encode(named.historyKey),
    from: instantText(named.from),
    until: instantText(named.until),
  };
}

/** Six words of both keys: whoever swaps one of them on the way changes the words. */
export async function deviceWords(keys: {
  readonly signatureKey: Uint8Array;
  readonly historyKey: Uint8Array;
}): Promise<string[]> {
  return wordsOf(await sha256(concat(LABEL, keys.signatureKey, keys.historyKey)));
}

/** What a camera reads off a browser that asks: the same words, and which device they would be of. */
export function deviceCode(device: string, words: readonly string[]): string {
  return `CaseHub ${device} ${words.join(" ")}`;
}
