/**
 * The MLS engine (RFC 9420) behind our own interface: (state, input) -> (new state, output).
 *
 * Nothing here does I/O or keeps state. A step that fails throws and leaves its input usable; a
 * step that succeeds does too, until `forget`. What ts-mls 1.6.4 does not check is checked in
 * incoming.ts and roster.ts; what it checks wrongly is corrected by patches/.
 */

import type { GroupFacts, Intent, MlsEngine, Processed } from "./contract";
import { deserialise, forget, GroupState, serialise, wipeConsumed } from "./groupState";
import { configWith, guarded, type LeafCheck } from "./guard";
import { deviceOf } from "./incoming";
import {
  type DeviceKeys,
  type FreshKeyPackage,
  generateDeviceKeys,
  generateKeyPackage,
  openKeyPackageSecret,
} from "./keys";
import { innerOf, listening } from "./listening";
import { openSealed, sealTo } from "./opening";
import { processCommit, processText } from "./processing";
import { MlsRefused, refusing } from "./refusal";
import {
  type Member,
  memberAt,
  type Roster,
  requireDistinctKeys,
  rosterOf,
  sameDevice,
} from "./roster";
import { unsealed } from "./sealedMessage";
import { loadSuite, requirePlain, SUITE, type Suite } from "./suite";
import { authenticatedData, type Trace, traceOf } from "./trace";
import {
  type ClientState,
  createApplicationMessage,
  createCommit,
  createGroup,
  createGroupInfoWithExternalPubAndRatchetTree,
  emptyPskIndex,
  type GroupInfo,
  joinGroup,
  joinGroupExternal,
  type Proposal,
  ratchetTreeFromExtension,
} from "./tsmls";
import * as wire from "./wire";

export type { GroupFacts, Intent, MlsEngine, Processed } from "./contract";
export type { GroupState } from "./groupState";
export type { LeafCheck } from "./guard";
export type { DeviceKeys, FreshDeviceKeys, FreshKeyPackage } from "./keys";
export { MlsRefused, type RefusalReason } from "./refusal";
export type { Member, Roster } from "./roster";
export type { Trace } from "./trace";

/** `clock` in milliseconds, for the lifetime of key packages only. */
export async function makeEngine(
  check: LeafCheck,
  clock: () => number = Date.now,
): Promise<MlsEngine> {
  return new Engine(check, clock, await loadSuite());
}

class Engine implements MlsEngine {
  readonly #check: LeafCheck;
  readonly #clock: () => number;
  readonly #suite: Suite;

  constructor(check: LeafCheck, clock: () => number, suite: Suite) {
    this.#check = check;
    this.#clock = clock;
    this.#suite = suite;
  }

  readonly generateDeviceKeys = generateDeviceKeys;
  readonly serialise = serialise;
  readonly forget = forget;
  readonly authenticatedData = authenticatedData;

  deserialise(bytes: Uint8Array): GroupState {
    return deserialise(bytes, configWith(this.#check));
  }

  async keyPackage(keys: DeviceKeys, lifetimeDays: number): Promise<FreshKeyPackage> {
    const fresh = await generateKeyPackage(keys, lifetimeDays, this.#clock(), this.#suite);
    return { package: fresh.package, ref: fresh.ref, secret: fresh.secret };
  }

  async create(
    groupId: Uint8Array,
    keys: DeviceKeys,
  ): Promise<{ state: GroupState; groupInfo: Uint8Array }> {
    const own = await generateKeyPackage(keys, 1, this.#clock(), this.#suite);
    const mls = await createGroup(
      groupId.slice(),
      own.publicPackage,
      own.privatePackage,
      [],
      this.#suite,
      configWith(this.#check),
    );
    return { state: new GroupState(mls), groupInfo: await this.#groupInfo(mls) };
  }

  leafOf(keyPackage: Uint8Array): Pick<Member, "credential" | "signatureKey"> {
    const read = wire.decodeKeyPackage(keyPackage);
    if (read.cipherSuite !== SUITE) throw new MlsRefused("wrong-suite");
    return deviceOf(read.leafNode);
  }

  welcomeRefs(welcome: Uint8Array): Uint8Array[] {
    return wire.decodeWelcome(welcome).secrets.map((secret) => secret.newMember.slice());
  }

  async join(
    welcome: Uint8Array,
    keyPackage: Pick<FreshKeyPackage, "package" | "secret">,
    keys: DeviceKeys,
  ): Promise<GroupState> {
    const letter = wire.decodeWelcome(welcome);
    const own = wire.decodeKeyPackage(keyPackage.package);
    if (letter.cipherSuite !== SUITE || own.cipherSuite !== SUITE) {
      throw new MlsRefused("wrong-suite");
    }
    const secrets = {
      ...openKeyPackageSecret(keyPackage.secret),
      signaturePrivateKey: keys.signaturePrivate.slice(),
    };
    const mls = await guarded(this.#check, (config) =>
      joinGroup(letter, own, secrets, emptyPskIndex, this.#suite, undefined, undefined, config),
    );
    requirePlain(mls);
    requireOwnLeaf(mls, keys);
    return new GroupState(mls);
  }

  async commit(
    state: GroupState,
    intent: Intent,
    aad: Uint8Array,
  ): ReturnType<MlsEngine["commit"]> {
    const mls = state.active;
    const proposals = proposalsFor(intent, mls);
    const made = await guarded(this.#check, (clientConfig) =>
      createCommit(
        {
          state: { ...mls, clientConfig },
          cipherSuite: this.#suite,
          pskIndex: emptyPskIndex,
        },
        {
          wireAsPublicMessage: true,
          extraProposals: proposals,
          ratchetTreeExtension: true,
          authenticatedData: aad.slice(),
        },
      ),
    );
    wipeConsumed(made.consumed, mls);
    requireDistinctKeys(made.newState.ratchetTree);
    return {
      next: new GroupState(made.newState),
      commit: wire.encodeMessage(made.commit),
      ...(made.welcome === undefined ? {} : { welcome: wire.encodeWelcome(made.welcome) }),
      groupInfo: await this.#groupInfo(made.newState),
    };
  }

  async rejoin(
    groupInfo: Uint8Array,
    keys: DeviceKeys,
    aad: Uint8Array = new Uint8Array(),
  ): ReturnType<MlsEngine["rejoin"]> {
    const info = wire.decodeGroupInfo(groupInfo);
    requirePlain(info);
    // the library looks the old leaf up by signature key, and goes wrong if there is none
    if (!treeOf(info).some((member) => isDevice(member, keys))) {
      throw new MlsRefused("not-a-member");
    }
    const own = await generateKeyPackage(keys, 1, this.#clock(), this.#suite);
    const made = await guarded(this.#check, (config) =>
      joinGroupExternal(
        info,
        own.publicPackage,
        own.privatePackage,
        true,
        this.#suite,
        undefined,
        config,
        aad.slice(),
      ),
    );
    requireOwnLeaf(made.newState, keys);
    return {
      next: new GroupState(made.newState),
      commit: wire.encodeMessage({
        version: "mls10",
        wireformat: "mls_public_message",
        publicMessage: made.publicMessage,
      }),
      groupInfo: await this.#groupInfo(made.newState),
    };
  }

  async encrypt(
    state: GroupState,
    plaintext: Uint8Array,
    aad: Uint8Array,
  ): ReturnType<MlsEngine["encrypt"]> {
    const mls = state.active;
    const ear = listening(this.#suite);
    const made = await refusing("invalid", () =>
      createApplicationMessage(mls, plaintext, ear.suite, aad.slice()),
    );
    wipeConsumed(made.consumed, mls);
    const { leafIndex: leaf } = mls.privatePath;
    const kept = { signature: ear.signature(), opener: ear.opener() };
    const said = { leaf, aad: aad.slice(), plaintext, ...kept };
    return {
      inner: innerOf(mls.groupContext, said),
      next: new GroupState(made.newState),
      message: wire.encodeMessage({
        version: "mls10",
        wireformat: "mls_private_message",
        privateMessage: made.privateMessage,
      }),
    };
  }

  async process(state: GroupState, bytes: Uint8Array): Promise<Processed> {
    const mls = state.active;
    const message = wire.decodeMessage(bytes);
    if (message.wireformat === "mls_private_message") {
      return processText(mls, message, this.#suite);
    }
    if (message.wireformat === "mls_public_message") {
      return processCommit(mls, message, this.#check, this.#suite);
    }
    throw new MlsRefused("wrong-kind");
  }

  async reread(state: GroupState, bytes: Uint8Array): ReturnType<MlsEngine["reread"]> {
    const message = wire.decodeMessage(bytes);
    if (message.wireformat !== "mls_private_message") throw new MlsRefused("wrong-kind");
    return processText(state.active, message, this.#suite, { own: true });
  }

  unlock(bytes: Uint8Array, opener: Uint8Array): ReturnType<MlsEngine["unlock"]> {
    return unsealed(bytes, opener);
  }

  sealTo(
    key: Uint8Array,
    info: Uint8Array,
    plaintext: Uint8Array,
  ): ReturnType<MlsEngine["sealTo"]> {
    return sealTo(key, info, plaintext, this.#suite);
  }

  openSealed(
    key: Uint8Array,
    info: Uint8Array,
    sealed: Awaited<ReturnType<MlsEngine["sealTo"]>>,
  ): Promise<Uint8Array> {
    return openSealed(key, info, sealed, this.#suite);
  }

  trace(state: GroupState, bytes: Uint8Array): Promise<Trace> {
    return traceOf(state.mls, bytes, this.#suite);
  }

  info(state: GroupState): GroupFacts {
    const { groupContext, ratchetTree, privatePath, keySchedule, groupActiveState } = state.mls;
    return {
      epoch: Number(groupContext.epoch),
      groupId: groupContext.groupId.slice(),
      roster: rosterOf(ratchetTree),
      ownLeaf: privatePath.leafIndex,
      epochAuthenticator: keySchedule.epochAuthenticator.slice(),
      active: groupActiveState.kind === "active",
    };
  }

  /** Always with ratchet_tree and external_pub: the server checks the one, resync needs both. */
  async #groupInfo(mls: ClientState): Promise<Uint8Array> {
    return wire.encodeGroupInfo(
      await createGroupInfoWithExternalPubAndRatchetTree(mls, [], this.#suite),
    );
  }
}

function proposalsFor(intent: Intent, mls: ClientState): Proposal[] {
  if ("update" in intent) return [];
  if ("add" in intent) {
    if (intent.add.length === 0) throw new MlsRefused("nothing-to-commit");
    return intent.add.map((bytes) => {
      const keyPackage = wire.decodeKeyPackage(bytes);
      if (keyPackage.cipherSuite !== SUITE) throw new MlsRefused("wrong-suite");
      return { proposalType: "add", add: { keyPackage } };
    });
  }
  if (intent.remove.length === 0) throw new MlsRefused("nothing-to-commit");
  const roster = rosterOf(mls.ratchetTree);
  return intent.remove.map((removed) => {
    const known = memberAt(roster, removed) !== undefined;
    if (!known || removed === mls.privatePath.leafIndex) throw new MlsRefused("not-a-member");
    return { proposalType: "remove", remove: { removed } };
  });
}

function requireOwnLeaf(mls: ClientState, keys: DeviceKeys): void {
  const own = memberAt(rosterOf(mls.ratchetTree), mls.privatePath.leafIndex);
  if (own === undefined || !isDevice(own, keys)) throw new MlsRefused("not-a-member");
  requireDistinctKeys(mls.ratchetTree);
}

function isDevice(member: Member, keys: DeviceKeys): boolean {
  return sameDevice(member, { credential: keys.credential, signatureKey: keys.signaturePublic });
}

/** @throws {MlsRefused} malformed without a ratchet_tree that can be read. */
function treeOf(info: GroupInfo): Roster {
  try {
    const tree = ratchetTreeFromExtension(info);
    if (tree !== undefined) return rosterOf(tree);
  } catch (cause) {
    throw new MlsRefused("malformed", { cause });
  }
  throw new MlsRefused("malformed");
}
