/** One epoch of one group as this device knows it: kept, stored, and forgotten. */

import { concat } from "../bytes";
import { MlsRefused } from "./refusal";
import { SUITE_ID } from "./suite";
import {
  type ClientConfig,
  type ClientState,
  decodeGroupState,
  encodeGroupState,
  type RatchetTree,
  type SecretTree,
} from "./tsmls";

const FORMAT = 1;

/** Opaque outside crypto/. A value: every step makes a new one and leaves the old as it was. */
export class GroupState {
  #mls: ClientState | undefined;

  constructor(mls: ClientState) {
    this.#mls = withoutStaleKeys(mls);
  }

  /** @throws {MlsRefused} spent-state after `forget`. */
  get mls(): ClientState {
    if (this.#mls === undefined) throw new MlsRefused("spent-state");
    return this.#mls;
  }

  /** @throws {MlsRefused} removed, when this device is out of the group. */
  get active(): ClientState {
    const state = this.mls;
    if (state.groupActiveState.kind !== "active") throw new MlsRefused("removed");
    return state;
  }

  spend(): void {
    this.#mls = undefined;
  }
}

/** Private keys of tree nodes that are blank now; the library keeps them for ever. */
function withoutStaleKeys(mls: ClientState): ClientState {
  const kept = Object.entries(mls.privatePath.privateKeys).filter(
    ([node]) => mls.ratchetTree[Number(node)] !== undefined,
  );
  return { ...mls, privatePath: { ...mls.privatePath, privateKeys: Object.fromEntries(kept) } };
}

/**
 * The stored form: format u8 || cipher suite u16 || the library's encoding, without what it
 * derives but never uses (ratchets of inner nodes; the inner nodes of past trees).
 * It holds every secret of the group: the store wraps it before it touches a disk.
 */
export function serialise(state: GroupState): Uint8Array {
  const mls = state.mls;
  const historicalReceiverData = new Map(
    [...mls.historicalReceiverData].map(([epoch, data]) => [
      epoch,
      {
        ...data,
        secretTree: onlyLeafRatchets(data.secretTree),
        ratchetTree: onlyLeaves(data.ratchetTree),
      },
    ]),
  );
  const secretTree = onlyLeafRatchets(mls.secretTree);
  const head = Uint8Array.of(FORMAT, SUITE_ID >> 8, SUITE_ID & 255);
  return concat(head, encodeGroupState({ ...mls, secretTree, historicalReceiverData }));
}

/** @throws {MlsRefused} malformed, or wrong-suite for a group under another cipher suite. */
export function deserialise(bytes: Uint8Array, clientConfig: ClientConfig): GroupState {
  const [format, high, low] = bytes;
  if (format !== FORMAT || high === undefined || low === undefined) {
    throw new MlsRefused("malformed");
  }
  if (((high << 8) | low) !== SUITE_ID) throw new MlsRefused("wrong-suite");
  // a copy: forgetting writes zeros over the pieces, and the caller's buffer is the caller's
  const body = bytes.slice(3);
  let decoded: ReturnType<typeof decodeGroupState>;
  try {
    decoded = decodeGroupState(body, 0);
  } catch (cause) {
    throw new MlsRefused("malformed", { cause });
  }
  if (decoded === undefined || decoded[1] !== body.length) throw new MlsRefused("malformed");
  return new GroupState({ ...decoded[0], clientConfig });
}

/**
 * Overwrite with zeros every secret of `previous` that `next` no longer holds, and retire
 * `previous`. Call it once `next` is durably stored; until then `previous` is the way back.
 */
export function forget(previous: GroupState, next: GroupState): void {
  const still = secretsOf(next.mls);
  for (const secret of secretsOf(previous.mls)) {
    if (!still.has(secret)) secret.fill(0);
  }
  if (previous !== next) previous.spend();
}

/** Zero what a step used up, unless the state it started from still needs it to be repeated. */
export function wipeConsumed(consumed: readonly Uint8Array[], before: ClientState): void {
  const held = secretsOf(before);
  for (const secret of consumed) if (!held.has(secret)) secret.fill(0);
}

function secretsOf(mls: ClientState): Set<Uint8Array> {
  const { epochAuthenticator: _public, ...schedule } = mls.keySchedule;
  const secrets = new Set<Uint8Array>(Object.values(schedule));
  for (const key of Object.values(mls.privatePath.privateKeys)) secrets.add(key);
  addRatchets(secrets, mls.secretTree);
  for (const past of mls.historicalReceiverData.values()) {
    secrets.add(past.senderDataSecret);
    secrets.add(past.resumptionPsk);
    addRatchets(secrets, past.secretTree);
  }
  return secrets;
}

function addRatchets(secrets: Set<Uint8Array>, tree: SecretTree): void {
  for (const node of tree) {
    for (const ratchet of [node.application, node.handshake]) {
      secrets.add(ratchet.secret);
      for (const unused of Object.values(ratchet.unusedGenerations)) secrets.add(unused);
    }
  }
}

function onlyLeafRatchets(tree: SecretTree): SecretTree {
  const none = { secret: new Uint8Array(), generation: 0, unusedGenerations: {} };
  const inner = { handshake: none, application: none };
  return tree.map((node, index) => (index % 2 === 0 ? node : inner));
}

function onlyLeaves(tree: RatchetTree): RatchetTree {
  return tree.map((node) => (node?.nodeType === "leaf" ? node : undefined));
}
