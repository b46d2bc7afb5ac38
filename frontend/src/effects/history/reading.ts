/**
 * One entry of the log that somebody gave the key of: what it holds, and who signed that. The
 * ciphertext is the group's own, so no giver can hand over other words than were sent.
 */

import type { Entry } from "../../api/schema";
import { equal, uuid } from "../../bytes";
import type { Content } from "../../crypto/content";
import type { MlsEngine } from "../../crypto/engine";
import { MlsRefused } from "../../crypto/engine";
import { type Opened as Envelope, EnvelopeMalformed, openEnvelope } from "../../crypto/envelope";
import type { GivenList, Opened } from "../../crypto/history";
import { type InnerSignature, isSignedBy } from "../../crypto/innerSignature";
import type { WhyRefused } from "../../store/said";
import type { People } from "../people";
import { claimedBy, isData } from "../said";

export type Read = {
  readonly entry: Entry;
  readonly person: string;
  readonly device: string;
  /** Their device was stopped since. */
  readonly stopped: boolean;
  readonly content: Content;
  readonly inner: InnerSignature;
};

type Place = {
  readonly circle: string;
  readonly engine: MlsEngine;
  readonly people: Pick<People, "owner">;
  readonly epochs: GivenList["epochs"];
};

/** What an entry holds, or why it is not believed. */
export async function readGiven(
  { circle, engine, people, epochs }: Place,
  entry: Entry,
  { leaf, opener }: Opened,
): Promise<Read | Extract<WhyRefused, "author" | "inconsistent">> {
  if (entry.kind !== "message") return "inconsistent";
  const facts = epochs.find(({ epoch }) => epoch === entry.epoch);
  const author = people.owner(entry.device);
  if (author === null) return "author";
  if (facts === undefined) return "inconsistent";
  let unlocked: Awaited<ReturnType<MlsEngine["unlock"]>>;
  let envelope: Envelope;
  try {
    unlocked = await engine.unlock(entry.body, opener);
    envelope = openEnvelope(unlocked.plaintext);
  } catch (error) {
    if (error instanceof MlsRefused || error instanceof EnvelopeMalformed) return "inconsistent";
    throw error;
  }
  const { groupId, epoch, aad, plaintext, signature } = unlocked;
  const { tree, transcript } = facts;
  const inner = { epoch, leaf, tree, transcript, aad, plaintext, signature, opener };
  const { content } = envelope;
  const right =
    equal(groupId, uuid.toBytes(circle)) &&
    epoch === entry.epoch &&
    isData(aad, entry.id) &&
    envelope.thread === circle &&
    envelope.id === entry.id &&
    envelope.prev.seq < entry.seq &&
    claimedBy(aad, entry.id, content);
  if (!right || content.kind === "unknown") return "inconsistent";
  if (!(await isSignedBy(author.key, circle, inner))) return "author";
  const { person, stopped } = author;
  return { entry, person, device: entry.device, stopped, content, inner };
}
