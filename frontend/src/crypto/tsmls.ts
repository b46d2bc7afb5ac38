/**
 * The pieces of ts-mls in use, one by one: the only file that names the package.
 *
 * Not its index, which pulls in a second crypto provider whose packages are not installed, and
 * which offers services that accept everybody. What is not listed here cannot be used.
 */
export type {
  Capabilities,
  CiphersuiteImpl,
  CiphersuiteName,
  ClientConfig,
  ClientState,
  Commit,
  FramedContent,
  GroupContext,
  GroupInfo,
  KeyPackage,
  LeafNode,
  MLSMessage,
  MlsPrivateMessage,
  MlsPublicMessage,
  Proposal,
  PublicMessage,
  RatchetTree,
  SecretTree,
  Welcome,
} from "ts-mls";
export { verifyMembershipTag } from "ts-mls/authenticatedContent.js";
export { createGroup, decodeGroupState, encodeGroupState, joinGroup } from "ts-mls/clientState.js";
export {
  createCommit,
  createGroupInfoWithExternalPubAndRatchetTree,
  joinGroupExternal,
} from "ts-mls/createCommit.js";
export { createApplicationMessage } from "ts-mls/createMessage.js";
export { ciphersuites, getCiphersuiteFromName } from "ts-mls/crypto/ciphersuite.js";
export { getCiphersuiteImpl } from "ts-mls/crypto/getCiphersuiteImpl.js";
export { toTbs, verifyFramedContentSignature } from "ts-mls/framedContent.js";
export { encodeGroupContext } from "ts-mls/groupContext.js";
export { ratchetTreeFromExtension } from "ts-mls/groupInfo.js";
export { generateKeyPackageWithKey, makeKeyPackageRef } from "ts-mls/keyPackage.js";
export { defaultKeyPackageEqualityConfig } from "ts-mls/keyPackageEqualityConfig.js";
export { defaultLifetimeConfig } from "ts-mls/lifetimeConfig.js";
export { decodeMlsMessage, encodeMlsMessage } from "ts-mls/message.js";
export { unprotectPublicMessage } from "ts-mls/messageProtectionPublic.js";
export { decryptSenderData } from "ts-mls/privateMessage.js";
export { processMessage } from "ts-mls/processMessages.js";
export { emptyPskIndex } from "ts-mls/pskIndex.js";
