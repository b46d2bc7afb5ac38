/** MLSMessage bytes to structures and back, strictly: one message has one encoding. */

import { equal } from "../bytes";
import { MlsRefused, type RefusalReason } from "./refusal";
import {
  decodeMlsMessage,
  encodeMlsMessage,
  type GroupInfo,
  type KeyPackage,
  type MLSMessage,
  type Welcome,
} from "./tsmls";

/**
 * @throws {MlsRefused} malformed, for anything but exactly one message; also for one that would
 *   be written differently (RFC 9420 section 2.1.2 forbids longer length headers than needed).
 */
export function decodeMessage(bytes: Uint8Array): MLSMessage {
  // a copy: what the library keeps are views, and the caller's buffer is the caller's
  const own = bytes.slice();
  let decoded: ReturnType<typeof decodeMlsMessage>;
  let again: Uint8Array;
  try {
    decoded = decodeMlsMessage(own, 0);
    again = decoded === undefined ? new Uint8Array() : encodeMlsMessage(decoded[0]);
  } catch (cause) {
    throw new MlsRefused("malformed", { cause });
  }
  if (decoded === undefined || !equal(again, own)) throw new MlsRefused("malformed");
  return decoded[0];
}

function wrong(reason: RefusalReason): never {
  throw new MlsRefused(reason);
}

/** @throws {MlsRefused} */
export function decodeKeyPackage(bytes: Uint8Array): KeyPackage {
  const message = decodeMessage(bytes);
  return message.wireformat === "mls_key_package" ? message.keyPackage : wrong("wrong-kind");
}

/** @throws {MlsRefused} */
export function decodeWelcome(bytes: Uint8Array): Welcome {
  const message = decodeMessage(bytes);
  return message.wireformat === "mls_welcome" ? message.welcome : wrong("wrong-kind");
}

/** @throws {MlsRefused} */
export function decodeGroupInfo(bytes: Uint8Array): GroupInfo {
  const message = decodeMessage(bytes);
  return message.wireformat === "mls_group_info" ? message.groupInfo : wrong("wrong-kind");
}

export function encodeMessage(message: MLSMessage): Uint8Array {
  return encodeMlsMessage(message);
}

export function encodeKeyPackage(keyPackage: KeyPackage): Uint8Array {
  return encodeMlsMessage({ version: "mls10", wireformat: "mls_key_package", keyPackage });
}

export function encodeWelcome(welcome: Welcome): Uint8Array {
  return encodeMlsMessage({ version: "mls10", wireformat: "mls_welcome", welcome });
}

export function encodeGroupInfo(groupInfo: GroupInfo): Uint8Array {
  return encodeMlsMessage({ version: "mls10", wireformat: "mls_group_info", groupInfo });
}

/** What stands in clear beside a private message. @throws {MlsRefused} */
export function messageData(bytes: Uint8Array): Uint8Array {
  const message = decodeMessage(bytes);
  if (message.wireformat !== "mls_private_message") throw new MlsRefused("wrong-kind");
  return message.privateMessage.authenticatedData.slice();
}
