/** What members of a drafting circle say beside the draft: keys of versions, and comments. */

import { equal } from "../../bytes";
import type { Act } from "../../crypto/content";
import type { Content } from "../../crypto/envelope";
import { keys, type VersionKeyRecord } from "../../store/records";
import type { Tx } from "../../store/vault";

/** Who said it, and where in the log it stands. */
type Said = { circle: string; person: string; device: string; at: string; seq: number };

type Heard = Exclude<Content, { kind: "text" | "title" } | Act>;

/** Newest versions of which a newcomer is told the keys: more are only ever left by failed saves. */
const MOST_KEYS = 5;

/** Keep what was said; it is shown beside the draft, never in the log's lines. */
export async function hear(tx: Tx, said: Said, content: Heard): Promise<void> {
  const { circle, person, device, at, seq } = said;
  switch (content.kind) {
    case "version": {
      const key = keys.versionKey(circle, content.client_id);
      // Said again for somebody who came later. What was said first stands.
      if ((await tx.get(key)) !== undefined) return;
      // A body has one key, and its author said it: nobody else's word changes that.
      const others = (await tx.list(keys.versionKeys(circle))).map(([, record]) => record);
      const taken = others.some(
        (one) => equal(one.digest, content.digest) && one.device !== device,
      );
      if (taken) return;
      const { kind: _kind, author, ...announced } = content;
      const hearsay = author !== undefined && author !== person && { author };
      return tx.put(key, { ...announced, ...hearsay, person, device, seq });
    }
    case "comment": {
      const key = keys.comment(circle, content.id);
      if ((await tx.get(key)) !== undefined) return;
      const { id, section, text } = content;
      return tx.put(key, { id, section, text, person, at, resolved: null });
    }
    case "comment-resolved": {
      const key = keys.comment(circle, content.comment);
      const comment = await tx.get(key);
      if (comment === undefined || comment.resolved !== null) return;
      return tx.put(key, { ...comment, resolved: { person, at } });
    }
  }
}

/**
 * The keys that lead a newcomer to the newest version, which is `version` as the server says: of
 * those made from the one before it or later, the last said.
 */
export async function keysFor(
  tx: Tx,
  circle: string,
  version: number,
): Promise<Extract<Content, { kind: "version" }>[]> {
  const known = (await tx.list(keys.versionKeys(circle))).map(([, record]) => record);
  const newest = Math.max(0, ...known.map(({ base }) => base));
  const from = Math.min(Math.max(0, version - 1), newest);
  return known
    .filter(({ base }) => base >= from)
    .sort((a, b) => a.seq - b.seq)
    .slice(-MOST_KEYS)
    .map(announced);
}

/** Whoever says it again says whose it is. */
function announced(record: VersionKeyRecord): Extract<Content, { kind: "version" }> {
  const { request, client_id, base, key, digest, salt } = record;
  const author = authorOf(record);
  return { kind: "version", request, client_id, base, key, digest, salt, author };
}

/** Who made the version, by whoever sealed the message that holds its key. */
export const authorOf = ({ author, person }: VersionKeyRecord): string => author ?? person;
