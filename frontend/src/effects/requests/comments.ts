/** Comments on sections of a draft: messages of its circle, shown beside it. */

import type { Content } from "../../crypto/envelope";
import { keys } from "../../store/records";
import type { Tx } from "../../store/vault";
import { type Core, NotPossible } from "../core";
import { commentOn, type Drafts } from "../drafts";
import type { Mirror } from "../mirror";
import type { DraftComment } from "../requestViews";
import type { Sending } from "../sending";
import type { Rows } from "./rows";

const LONGEST = 20_000;

export class Comments {
  constructor(
    private readonly core: Core,
    private readonly sending: Sending,
    private readonly rows: Rows,
    private readonly drafts: Drafts,
  ) {}

  /** Resolves when it is durably queued. */
  async add(request: string, section: string, text: string): Promise<void> {
    if (text.length > LONGEST) throw new NotPossible("message-too-long");
    const id = this.core.deps.random.uuid();
    await this.#say(request, { kind: "comment", request, id, section, text }, (tx, circle) =>
      this.drafts.spent(tx, circle, commentOn(section)),
    );
  }

  async resolve(request: string, comment: string): Promise<void> {
    await this.#say(request, { kind: "comment-resolved", request, comment });
  }

  async #say(
    request: string,
    content: Content,
    also?: (tx: Tx, circle: string) => void,
  ): Promise<void> {
    const { circle } = this.rows.get(request);
    await this.core.exclusive(async (tx) => {
      const thread = await tx.get(keys.thread(circle));
      const now = thread && (await this.core.checkDrafting(tx, thread));
      const status = now?.status ?? "waiting";
      if (status !== "active") throw new NotPossible(`thread-${status}`);
      this.core.enqueue(tx, circle, content);
      also?.(tx, circle);
    });
    this.sending.submitted(circle);
  }
}

/** Oldest first; what this person has just said stands among them before the log shows it. */
export function commentsOf(mirror: Mirror, circle: string, me: string): DraftComment[] {
  const found = new Map<string, DraftComment>();
  for (const [key, comment] of mirror.comments) {
    if (key.startsWith(`${circle}/`)) found.set(comment.id, comment);
  }
  for (const [, { content, at }] of mirror.outboxOf(circle)) {
    if (content.kind === "comment" && !found.has(content.id)) {
      const { id, section, text } = content;
      found.set(id, { id, section, text, person: me, at, resolved: null });
    }
    if (content.kind === "comment-resolved") {
      const known = found.get(content.comment);
      if (known?.resolved === null) {
        found.set(known.id, { ...known, resolved: { person: me, at } });
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.at < b.at ? -1 : 1));
}
