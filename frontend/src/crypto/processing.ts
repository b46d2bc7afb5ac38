/** Incoming messages and commits: judged, handed to the library, and judged again. */

import type { Processed } from "./contract";
import { GroupState, wipeConsumed } from "./groupState";
import { guarded, type LeafCheck } from "./guard";
import { changesAsDeclared, type Declared, declaredBy, requireHere } from "./incoming";
import { innerOf, listening } from "./listening";
import { MlsRefused, refusing } from "./refusal";
import { type Member, memberAt, type Roster, requireDistinctKeys, rosterOf } from "./roster";
import { requirePlain, type Suite } from "./suite";
import {
  type ClientState,
  decryptSenderData,
  emptyPskIndex,
  type MlsPrivateMessage,
  type MlsPublicMessage,
  processMessage,
  unprotectPublicMessage,
} from "./tsmls";

/** Of somebody else, or with `own` of this device itself and of nobody else. @throws {MlsRefused} */
export async function processText(
  mls: ClientState,
  message: MlsPrivateMessage & { version: "mls10" },
  suite: Suite,
  { own = false } = {},
): Promise<Extract<Processed, { kind: "message" }>> {
  const framed = message.privateMessage;
  requireHere(framed, mls.groupContext, (epoch) => mls.historicalReceiverData.has(epoch));
  // handshakes travel as PublicMessage only, so that the server can enforce the roster
  if (framed.contentType !== "application") throw new MlsRefused("wrong-kind");
  const author = await authorOf(mls, message, suite);
  const isOwn = author.leaf === mls.privatePath.leafIndex;
  if (isOwn !== own) throw new MlsRefused(isOwn ? "own-message" : "not-own");
  const ear = listening(suite);
  const result = await refusing("invalid", () =>
    processMessage(message, mls, emptyPskIndex, () => "reject", ear.suite),
  );
  if (result.kind !== "applicationMessage") throw new MlsRefused("wrong-kind");
  wipeConsumed(result.consumed, mls);
  const { groupContext } = mls.historicalReceiverData.get(framed.epoch) ?? mls;
  const [plaintext, aad] = [result.message.slice(), framed.authenticatedData.slice()];
  const kept = { signature: ear.signature(), opener: ear.opener() };
  const said = { leaf: author.leaf, aad, plaintext, ...kept };
  return {
    kind: "message",
    state: new GroupState(result.newState),
    sender: author.leaf,
    author,
    epoch: Number(framed.epoch),
    plaintext,
    aad,
    inner: innerOf(groupContext, said),
  };
}

/**
 * Who stood, in the message's epoch, in the leaf that its sender data names. The library finds
 * the same leaf and checks the message's signature by it, but does not say which it was.
 */
async function authorOf(
  mls: ClientState,
  message: MlsPrivateMessage,
  suite: Suite,
): Promise<Member> {
  const past = mls.historicalReceiverData.get(message.privateMessage.epoch);
  const secret = past?.senderDataSecret ?? mls.keySchedule.senderDataSecret;
  const data = await refusing("invalid", () =>
    decryptSenderData(message.privateMessage, secret, suite),
  );
  if (data === undefined) throw new MlsRefused("invalid");
  const author = memberAt(rosterOf(past?.ratchetTree ?? mls.ratchetTree), data.leafIndex);
  if (author === undefined) throw new MlsRefused("not-a-member");
  return author;
}

/** @throws {MlsRefused}, and what `check` throws. */
export async function processCommit(
  mls: ClientState,
  message: MlsPublicMessage & { version: "mls10" },
  check: LeafCheck,
  suite: Suite,
): Promise<Processed> {
  const framed = message.publicMessage.content;
  requireHere(framed, mls.groupContext);
  const before = rosterOf(mls.ratchetTree);
  const ownLeaf = mls.privatePath.leafIndex;
  const declared = declaredBy(message.publicMessage, before, ownLeaf);
  const selfRemoved = declared.removed.includes(ownLeaf);
  if (selfRemoved && declared.sender === "external") {
    return await ownReturn(mls, message, before, suite);
  }

  const newState = await apply(mls, message, check, suite);
  const isOut = newState.groupActiveState.kind === "removedFromGroup";
  if (selfRemoved !== isOut) throw new MlsRefused("roster-mismatch");
  requirePlain(newState);
  requireDistinctKeys(newState.ratchetTree);
  const { added, removed } = changesAsDeclared(declared, before, rosterOf(newState.ratchetTree));
  return {
    kind: "commit",
    state: new GroupState(newState),
    added,
    removed,
    selfRemoved,
    sender: declared.sender,
    author: committer(declared, before, added),
    aad: framed.authenticatedData.slice(),
  };
}

async function apply(
  mls: ClientState,
  message: MlsPublicMessage & { version: "mls10" },
  check: LeafCheck,
  suite: Suite,
): Promise<ClientState> {
  const result = await guarded(check, (clientConfig) =>
    processMessage(
      message,
      { ...mls, clientConfig },
      emptyPskIndex,
      // what the commit contains is judged already; the library only reports it here
      ({ kind }) => (kind === "commit" ? "accept" : "reject"),
      suite,
    ),
  );
  if (result.kind !== "newState" || result.actionTaken !== "accept") {
    throw new MlsRefused("wrong-kind");
  }
  wipeConsumed(result.consumed, mls);
  return result.newState;
}

/**
 * This device came back elsewhere (another tab, a restored profile): the signature proves it, and
 * this state is over. The library cannot follow a commit that replaces its own leaf.
 */
async function ownReturn(
  mls: ClientState,
  message: MlsPublicMessage,
  before: Roster,
  suite: Suite,
): Promise<Processed> {
  await refusing("invalid", () =>
    unprotectPublicMessage(
      mls.keySchedule.membershipKey,
      mls.groupContext,
      mls.ratchetTree,
      message.publicMessage,
      suite,
    ),
  );
  const own = memberAt(before, mls.privatePath.leafIndex);
  if (own === undefined) throw new MlsRefused("not-a-member");
  return {
    kind: "commit",
    state: new GroupState({ ...mls, groupActiveState: { kind: "removedFromGroup" } }),
    added: [],
    removed: [own],
    selfRemoved: true,
    sender: "external",
    author: own,
    aad: message.publicMessage.content.authenticatedData.slice(),
  };
}

function committer(declared: Declared, before: Roster, added: Roster): Member {
  const author = declared.sender === "external" ? added[0] : memberAt(before, declared.sender);
  if (author === undefined) throw new MlsRefused("roster-mismatch");
  return author;
}
