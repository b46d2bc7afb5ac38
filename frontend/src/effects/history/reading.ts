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
import { isNoEdit } from "../../verify/court/changes";
import { actBeside } from "../beside";
import type { People } from "../people";
import { claimedBy, isData } from "../said";

export type Read = {
  readonly entry: Entry;
  readonly person: string;
  readonly device: string;
  /** Their device was stopped since. */
  readonly stopped: boolean;
  /** Null of an edit by its author that no reader takes, whatever message it says to edit. */
  readonly content: Content | null;
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
  try {
    unlocked = await engine.unlock(entry.body, opener);
  } catch (error) {
    if (error instanceof MlsRefused) return "inconsistent";
    throw error;
  }
  const { groupId, epoch, aad, plaintext, signature } = unlocked;
  const { tree, transcript } = facts;
  const inner = { epoch, leaf, tree, transcript, aad, plaintext, signature, opener };
  const envelope = openedOrNull(plaintext);
  const right =
    envelope !== null &&
    equal(groupId, uuid.toBytes(circle)) &&
    epoch === entry.epoch &&
    isData(aad, entry.id) &&
    envelope.thread === circle &&
    envelope.id === entry.id &&
    envelope.prev.seq < entry.seq &&
    claimedBy(aad, entry.id, envelope.content);
  const content = right && envelope.content.kind !== "unknown" ? envelope.content : null;
  const about = actBeside(aad)?.about ?? 0;
  const place = { circle, seq: entry.seq, epoch: entry.epoch, id: entry.id, about };
  if (content === null && !isNoEdit(unlocked, place, null)) return "inconsistent";
  if (!(await isSignedBy(author.key, circle, inner))) return "author";
  const { person, stopped } = author;
  return { entry, person, device: entry.device, stopped, content, inner };
}

function openedOrNull(plaintext: Uint8Array): Envelope | null {
  try {
    return openEnvelope(plaintext);
  } catch (error) {
    if (error instanceof EnvelopeMalformed) return null;
    throw error;
  }
}
