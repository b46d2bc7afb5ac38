/** What may come in, judged before the library touches it (docs: PROTOCOL, section 1). */

import { equal } from "../bytes";
import { MlsRefused } from "./refusal";
import { type Member, memberAt, type Roster, sameDevice } from "./roster";
import type { Commit, FramedContent, LeafNode, Proposal, PublicMessage } from "./tsmls";

/** What a commit says it does; the tree that comes out must be exactly this. */
export type Declared = {
  readonly sender: number | "external";
  /** Leaves added, by device and key; their indexes are the tree's to choose. */
  readonly added: readonly Omit<Member, "leaf">[];
  readonly removed: readonly number[];
};

/** @throws {MlsRefused} wrong-group, stale-epoch, future-epoch */
export function requireHere(
  framed: { groupId: Uint8Array; epoch: bigint },
  group: { groupId: Uint8Array; epoch: bigint },
  isKept: (epoch: bigint) => boolean = () => false,
): void {
  if (!equal(framed.groupId, group.groupId)) throw new MlsRefused("wrong-group");
  if (framed.epoch > group.epoch) throw new MlsRefused("future-epoch");
  if (framed.epoch < group.epoch && !isKept(framed.epoch)) throw new MlsRefused("stale-epoch");
}

/**
 * Judge a PublicMessage: a commit with its proposals inline, Adds or Removes but not both; or the
 * return of a member's own device, which is ExternalInit with the Remove of that device's leaf.
 *
 * @throws {MlsRefused}
 */
export function declaredBy(message: PublicMessage, roster: Roster, ownLeaf: number): Declared {
  const commit = commitIn(message.content);
  const proposals = inline(commit);
  const { sender } = message.content;
  if (sender.senderType === "new_member_commit") return returning(commit, proposals, roster);
  if (sender.senderType !== "member") throw new MlsRefused("external-commit");
  if (sender.leafIndex === ownLeaf) throw new MlsRefused("own-message");
  const committer = memberAt(roster, sender.leafIndex);
  if (committer === undefined) throw new MlsRefused("not-a-member");
  if (commit.path !== undefined && !sameDevice(deviceOf(commit.path.leafNode), committer)) {
    throw new MlsRefused("credential-changed");
  }
  return { sender: sender.leafIndex, ...membership(proposals, roster) };
}

/** In whose name content stands: the sender's leaf, or the old leaf of a device that returns. */
export function declaredMember(content: FramedContent, roster: Roster): Member | undefined {
  const { sender } = content;
  if (sender.senderType === "member") return memberAt(roster, sender.leafIndex);
  if (sender.senderType !== "new_member_commit" || content.contentType !== "commit")
    return undefined;
  const { path } = content.commit;
  if (path === undefined) return undefined;
  const back = deviceOf(path.leafNode);
  return roster.find((member) => sameDevice(member, back));
}

function commitIn(content: FramedContent): Commit {
  if (content.contentType === "proposal") throw new MlsRefused("forbidden-proposal");
  if (content.contentType !== "commit") throw new MlsRefused("wrong-kind");
  return content.commit;
}

function inline(commit: Commit): Proposal[] {
  return commit.proposals.map((entry) => {
    if (entry.proposalOrRefType === "reference") throw new MlsRefused("proposal-by-reference");
    return entry.proposal;
  });
}

function membership(
  proposals: readonly Proposal[],
  roster: Roster,
): Pick<Declared, "added" | "removed"> {
  const added: Omit<Member, "leaf">[] = [];
  const removed: number[] = [];
  for (const proposal of proposals) {
    if (typeof proposal.proposalType === "number") throw new MlsRefused("forbidden-proposal");
    if (proposal.proposalType === "add") added.push(deviceOf(proposal.add.keyPackage.leafNode));
    else if (proposal.proposalType === "remove") removed.push(proposal.remove.removed);
    else throw new MlsRefused("forbidden-proposal");
  }
  if (added.length > 0 && removed.length > 0) throw new MlsRefused("add-and-remove");
  if (removed.some((leaf) => memberAt(roster, leaf) === undefined)) {
    throw new MlsRefused("not-a-member");
  }
  return { added, removed };
}

/** RFC 9420 section 12.4.3.2, narrowed to resync: same credential, same key, own old leaf. */
function returning(commit: Commit, proposals: readonly Proposal[], roster: Roster): Declared {
  const inits = proposals.filter((proposal) => proposal.proposalType === "external_init");
  const removes = proposals.filter(isRemove);
  const [remove] = removes;
  if (remove === undefined || proposals.length !== 2 || inits.length !== 1) {
    throw new MlsRefused("external-commit");
  }
  const old = memberAt(roster, remove.remove.removed);
  if (commit.path === undefined || old === undefined) throw new MlsRefused("external-commit");
  const back = deviceOf(commit.path.leafNode);
  if (!sameDevice(back, old)) throw new MlsRefused("external-commit");
  return { sender: "external", added: [back], removed: [old.leaf] };
}

function isRemove(proposal: Proposal): proposal is Extract<Proposal, { proposalType: "remove" }> {
  return proposal.proposalType === "remove";
}

/** @throws {MlsRefused} leaf-refused for a credential that is not basic. */
export function deviceOf(leaf: LeafNode): Omit<Member, "leaf"> {
  if (leaf.credential.credentialType !== "basic") throw new MlsRefused("leaf-refused");
  return { credential: leaf.credential.identity, signatureKey: leaf.signaturePublicKey };
}

/**
 * Compare the roster that came out with the one declared, and say what changed.
 *
 * @throws {MlsRefused} roster-mismatch
 */
export function changesAsDeclared(
  declared: Declared,
  before: Roster,
  after: Roster,
): { added: Roster; removed: Roster } {
  const removed = before.filter((member) => declared.removed.includes(member.leaf));
  const stayed = before.filter((member) => !declared.removed.includes(member.leaf));
  const waiting = [...declared.added];
  const added: Member[] = [];
  for (const member of after) {
    const old = memberAt(stayed, member.leaf);
    const at = waiting.findIndex((device) => sameDevice(device, member));
    if (old === undefined && at !== -1) {
      waiting.splice(at, 1);
      added.push(member);
    } else if (old === undefined || !sameDevice(old, member)) {
      throw new MlsRefused("roster-mismatch");
    }
  }
  if (waiting.length > 0 || after.length !== stayed.length + added.length) {
    throw new MlsRefused("roster-mismatch");
  }
  return { added, removed };
}
