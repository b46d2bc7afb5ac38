/** What this person wrote and the log does not show yet: queued, agreed to, taken back. */

import { keys, type OutboxRecord } from "../store/records";
import { type Core, NotPossible } from "./core";
import type { Drafts } from "./drafts";
import { readersOf } from "./readers";
import type { Sending } from "./sending";

type Wanted = (record: OutboxRecord) => boolean;

export class Outbox {
  constructor(
    private readonly core: Core,
    private readonly sending: Sending,
    private readonly drafts: Drafts,
  ) {}

  /**
   * Queue a message for exactly these readers (those who read now, unless told); its draft is
   * done with in the same write. Resolves with the message's id.
   *
   * @throws {NotPossible} `thread-waiting`, `thread-left`, `thread-frozen`
   */
  async send(circle: string, text: string, readers?: readonly string[]): Promise<string> {
    const { core } = this;
    const record = await core.exclusive(async (tx) => {
      const thread = await tx.get(keys.thread(circle));
      if (thread === undefined) throw new NotPossible("thread-waiting");
      if (thread.status !== "active") throw new NotPossible(`thread-${thread.status}`);
      const agreed = [core.person, ...(readers ?? readersOf(core.mirror, circle, thread))];
      await this.drafts.sent(tx, circle, text);
      return core.enqueue(tx, circle, { kind: "text", text }, agreed);
    });
    this.sending.submitted(circle);
    return record.id;
  }

  /** Send again what failed; or, naming `readers`, what is held because of them. */
  resend(circle: string, id: string, readers: readonly string[] = []): Promise<void> {
    const agreed = readers.length > 0;
    return this.#requeue(
      (record) =>
        record.circle === circle &&
        record.id === id &&
        (record.status === "failed" || (agreed && record.status === "held")),
      readers,
    );
  }

  /** Send again all that failed. What is held waits for a word about each. */
  resendAll(): Promise<void> {
    return this.#requeue((record) => record.status === "failed", []);
  }

  /**
   * Take back what has not left.
   *
   * @throws {NotPossible} `already-sent` if it has, or may have
   */
  async discard(circle: string, id: string): Promise<void> {
    await this.core.exclusive(async (tx) => {
      for (const [key, record] of await tx.list(keys.outboxOf(circle))) {
        if (record.id !== id) continue;
        if (record.status !== "sent" && !(record.status === "queued" && record.wire)) {
          tx.remove(key);
          return;
        }
      }
      throw new NotPossible("already-sent");
    });
  }

  async #requeue(wanted: Wanted, readers: readonly string[]): Promise<void> {
    const { core, sending } = this;
    const circles = new Set<string>();
    await core.exclusive(async (tx) => {
      for (const [key, record] of await tx.list(keys.allOutbox)) {
        if (!wanted(record)) continue;
        const { error: _error, ...rest } = record;
        const agreed = [...(record.readers ?? []), ...readers];
        tx.put(key, { ...rest, status: "queued", tab: core.tab, readers: agreed });
        circles.add(record.circle);
      }
    });
    for (const circle of circles) sending.submitted(circle);
  }
}
