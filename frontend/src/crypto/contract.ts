/** What the rest of CaseHub asks of an MLS engine; nothing in here knows which library answers. */
import type { GroupState } from "./groupState";
import type { InnerSignature } from "./innerSignature";
import type { DeviceKeys, FreshDeviceKeys, FreshKeyPackage } from "./keys";
import type { Member, Roster } from "./roster";
import type { Unsealed } from "./sealedMessage";
import type { Trace } from "./trace";

export type Processed =
  | {
      kind: "message";
      state: GroupState;
      /** Leaf index in the message's epoch, from its encrypted sender data. */
      sender: number;
      /** Who stood in that leaf in that epoch: believe this, not what the plaintext says. */
      author: Member;
      /** The message's own epoch, which may be one of the four before the state's. */
      epoch: number;
      plaintext: Uint8Array;
      aad: Uint8Array;
      /** Its author's signature, for people who cannot decrypt it. */
      inner: InnerSignature;
    }
  | {
      kind: "commit";
      state: GroupState;
      added: Roster;
      removed: Roster;
      /** This device is out: the state can be read but no longer used. */
      selfRemoved: boolean;
      sender: number | "external";
      /** The committer, as it stood before the commit (for a return: the device that came back). */
      author: Member;
      aad: Uint8Array;
    };

export type Intent = { add: Uint8Array[] } | { remove: number[] } | { update: true };

export type GroupFacts = {
  epoch: number;
  groupId: Uint8Array;
  roster: Roster;
  ownLeaf: number;
  epochAuthenticator: Uint8Array;
  /** False after this device was removed. */
  active: boolean;
};

export type SealedTo = { enc: Uint8Array; ct: Uint8Array };

export interface MlsEngine {
  generateDeviceKeys(): Promise<FreshDeviceKeys>;
  keyPackage(keys: DeviceKeys, lifetimeDays: number): Promise<FreshKeyPackage>;
  create(
    groupId: Uint8Array,
    keys: DeviceKeys,
  ): Promise<{ state: GroupState; groupInfo: Uint8Array }>;
  /** Every leaf passes LeafCheck. @throws {MlsRefused} */
  join(
    welcome: Uint8Array,
    keyPackage: Pick<FreshKeyPackage, "package" | "secret">,
    keys: DeviceKeys,
  ): Promise<GroupState>;
  /** Who would come in by a key package. @throws {MlsRefused} malformed, wrong-kind, wrong-suite */
  leafOf(keyPackage: Uint8Array): Pick<Member, "credential" | "signatureKey">;
  /** The KeyPackageRefs a Welcome is for. @throws {MlsRefused} */
  welcomeRefs(welcome: Uint8Array): Uint8Array[];
  /** `state` stays valid: keep `next` aside until the server has accepted. @throws {MlsRefused} */
  commit(
    state: GroupState,
    intent: Intent,
    aad: Uint8Array,
  ): Promise<{
    next: GroupState;
    commit: Uint8Array;
    welcome?: Uint8Array;
    groupInfo: Uint8Array;
  }>;
  /** External commit that puts this device back in place of its old leaf. @throws {MlsRefused} */
  rejoin(
    groupInfo: Uint8Array,
    keys: DeviceKeys,
    aad?: Uint8Array,
  ): Promise<{ next: GroupState; commit: Uint8Array; groupInfo: Uint8Array }>;
  /** Store `next` before the message leaves: a ratchet position is used once. */
  encrypt(
    state: GroupState,
    plaintext: Uint8Array,
    aad: Uint8Array,
  ): Promise<{ next: GroupState; message: Uint8Array; inner: InnerSignature }>;
  /** @throws {MlsRefused}, and what LeafCheck throws. `state` is as before in either case. */
  process(state: GroupState, bytes: Uint8Array): Promise<Processed>;
  /**
   * The same for a message of this device's own leaf, which an older state did not send yet: whoever
   * else made one could not sign it. @throws {MlsRefused} `not-own` for everybody else's.
   */
  reread(state: GroupState, bytes: Uint8Array): Promise<Extract<Processed, { kind: "message" }>>;
  /**
   * What a message of the log holds, by its own key and nonce (InnerSignature `opener`). Who signed
   * it, and whether they did, is for the caller to check. @throws {MlsRefused}
   */
  unlock(bytes: Uint8Array, opener: Uint8Array): Promise<Unsealed>;
  /** HPKE (RFC 9180, mode base, the suite's algorithms) to an X25519 key, 32 bytes. */
  sealTo(key: Uint8Array, info: Uint8Array, plaintext: Uint8Array): Promise<SealedTo>;
  /** @throws {MlsRefused} invalid for what was not sealed to this key with this info. */
  openSealed(key: Uint8Array, info: Uint8Array, sealed: SealedTo): Promise<Uint8Array>;
  /** Who made a public message that was refused, as far as that can be proven. */
  trace(state: GroupState, bytes: Uint8Array): Promise<Trace>;
  /** Of a commit, before anything of it was verified; null if it is no public message. */
  authenticatedData(bytes: Uint8Array): Uint8Array | null;
  info(state: GroupState): GroupFacts;
  serialise(state: GroupState): Uint8Array;
  /** @throws {MlsRefused} malformed, wrong-suite */
  deserialise(bytes: Uint8Array): GroupState;
  /** Zero the secrets of `previous` that `next` does not hold; `previous` is retired. */
  forget(previous: GroupState, next: GroupState): void;
}
