/** What this person wrote and the log does not show yet: queued, agreed to, taken back. */

import {
  type Answer,
  type Carried,
  digestOf,
  excerptOf,
  LONGEST_NOTE,
  type OnMessage,
  type OnThread,
  type Quote,
} from "../crypto/content";
import type { Handling, Use } from "../crypto/handling";
import { keys, type LineRecord, type OutboxRecord, type ThreadRecord } from "../store/records";
import type { Tx } from "../store/vault";
import { type Core, NotPossible } from "./core";
import type { Drafts } from "./drafts";
import { attach, putBack } from "./files/attached";
import { removeWithdrawn } from "./files/removals";
import { readersOf } from "./readers";
import { whyNot } from "./said";
import type { Sending } from "./sending";

type Wanted = (record: OutboxRecord) => boolean;
type Message = Extract<LineRecord, { kind: "message" }>;

/** What goes with a message: the entry that it answers to, files that are uploaded, persons named. */
export type Beside = {
  answers?: number;
  /** Ids of uploads that are ready. */
  files?: readonly string[];
  mentions?: readonly string[];
  asks?: boolean;
  urgent?: boolean;
  handling?: Handling | null;
  /** They were written elsewhere than in the thread's composer, whose draft stays. */
  apart?: boolean;
};

/** What somebody wants done to a message. */
export type Wish =
  | { kind: "edit"; text: string; mentions?: readonly string[] }
  | { kind: "pin"; note?: string }
  | { kind: "withdraw" | "acknowledge" | "unpin" }
  | {
      kind: "ask-leave";
      use: Use;
      into: string;
      /** Of those who would read it there. */
      states: readonly string[];
      reason: string;
    };

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
   * @throws {NotPossible} `thread-waiting`, `thread-left`, `thread-frozen`; `message-unknown`,
   *   `message-withdrawn` of what it answers to; `attachment-incomplete` of a file not all there
   */
  async send(
    circle: string,
    text: string,
    readers?: readonly string[],
    {
      answers,
      files = [],
      mentions = [],
      asks = false,
      urgent = false,
      handling,
      carried,
      apart = false,
    }: Beside & { carried?: Carried } = {},
  ): Promise<string> {
    const { core } = this;
    const record = await core.exclusive(async (tx) => {
      const thread = await this.#requireActive(tx, circle);
      const agreed = [core.person, ...(readers ?? readersOf(core.mirror, circle, thread))];
      const quote = answers === undefined ? undefined : await quoteOf(tx, circle, answers);
      const attached = await attach(tx, circle, files);
      if (carried === undefined && !apart) await this.drafts.sent(tx, circle, text);
      const content = {
        kind: "text" as const,
        text,
        ...(quote && { quote }),
        ...(attached.length > 0 && { files: attached }),
        ...(mentions.length > 0 && { mentions: [...new Set(mentions)] }),
        ...(asks && { asks }),
        ...(urgent && { urgent }),
        ...(handling && { handling }),
        ...(carried && { carried }),
      };
      return core.enqueue(tx, circle, content, agreed);
    });
    this.sending.submitted(circle);
    return record.id;
  }

  /**
   * Queue an act on the message at entry `about`; what is typed with it is for `readers`.
   *
   * @throws {NotPossible} as {@link send} does; `message-not-yours`, `message-own`,
   *   `message-act-done`
   */
  async act(
    circle: string,
    about: number,
    wanted: Wish,
    readers?: readonly string[],
  ): Promise<string> {
    const { core } = this;
    const record = await core.exclusive(async (tx) => {
      const thread = await this.#requireActive(tx, circle);
      const target = await messageAt(tx, circle, about);
      const act = await actOf(wanted, target, about);
      const why = whyNot(target, core.person, act);
      if (why !== null) throw new NotPossible(why);
      if (act.kind === "edit") await this.drafts.edited(tx, circle, about);
      if (!("text" in act || "note" in act || "reason" in act))
        return core.enqueue(tx, circle, act);
      const agreed = [core.person, ...(readers ?? readersOf(core.mirror, circle, thread))];
      return core.enqueue(tx, circle, act, agreed);
    });
    this.sending.submitted(circle);
    return record.id;
  }

  /**
   * Queue a word on the thread as a whole, for `readers`: that it has done its work, or has not.
   *
   * @throws {NotPossible} as {@link send} does; `thread-act-done` where it is so already
   */
  async settle(
    circle: string,
    kind: OnThread["kind"],
    reason: string,
    readers?: readonly string[],
  ): Promise<string> {
    const { core } = this;
    const record = await core.exclusive(async (tx) => {
      const thread = await this.#requireActive(tx, circle);
      const resolved = thread.resolved !== undefined;
      if (resolved === (kind === "resolve")) throw new NotPossible("thread-act-done");
      const agreed = [core.person, ...(readers ?? readersOf(core.mirror, circle, thread))];
      const said = reason.trim().slice(0, LONGEST_NOTE);
      return core.enqueue(tx, circle, { kind, about: 0, id: circle, reason: said }, agreed);
    });
    this.sending.submitted(circle);
    return record.id;
  }

  /**
   * Answer, for `readers`, the asking for leave at entry `about`.
   *
   * @throws {NotPossible} as {@link act} does; `leave-not-yours`
   */
  async answer(circle: string, answer: Answer, readers?: readonly string[]): Promise<string> {
    const { core } = this;
    const record = await core.exclusive(async (tx) => {
      const thread = await this.#requireActive(tx, circle);
      const agreed = [core.person, ...(readers ?? readersOf(core.mirror, circle, thread))];
      return core.enqueue(tx, circle, answer, agreed);
    });
    this.sending.submitted(circle);
    return record.id;
  }

  /** Destroy at the server what belongs to messages that were withdrawn. */
  tidy(): Promise<void> {
    return removeWithdrawn(this.core);
  }

  async #requireActive(tx: Tx, circle: string): Promise<ThreadRecord> {
    const thread = await tx.get(keys.thread(circle));
    if (thread === undefined) throw new NotPossible("thread-waiting");
    if (thread.status !== "active") throw new NotPossible(`thread-${thread.status}`);
    return thread;
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

  /** Send again all that failed, in one thread or in all. What is held waits for a word about each. */
  resendAll(circle?: string): Promise<void> {
    const here = (record: OutboxRecord): boolean =>
      circle === undefined || record.circle === circle;
    return this.#requeue((record) => record.status === "failed" && here(record), []);
  }

  /** Send again, as not urgent, what was refused for being urgent. */
  resendPlain(circle: string, id: string): Promise<void> {
    const wanted = (record: OutboxRecord): boolean =>
      record.circle === circle && record.id === id && record.status === "failed";
    return this.#requeue(wanted, [], plain);
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
          putBack(tx, record);
          return;
        }
      }
      throw new NotPossible("already-sent");
    });
  }

  async #requeue(
    wanted: Wanted,
    readers: readonly string[],
    change: (record: OutboxRecord) => OutboxRecord = (record) => record,
  ): Promise<void> {
    const { core, sending } = this;
    const circles = new Set<string>();
    await core.exclusive(async (tx) => {
      for (const [key, record] of await tx.list(keys.allOutbox)) {
        if (!wanted(record)) continue;
        const { error: _error, ...rest } = change(record);
        const agreed = [...(record.readers ?? []), ...readers];
        tx.put(key, { ...rest, status: "queued", tab: core.tab, readers: agreed });
        circles.add(record.circle);
      }
    });
    for (const circle of circles) sending.submitted(circle);
  }
}

/** The same message without its urgency; the bytes that say it is urgent are not sent any more. */
function plain(record: OutboxRecord): OutboxRecord {
  if (record.content.kind !== "text") return record;
  const { urgent: _urgent, ...content } = record.content;
  const { wire: _wire, ...rest } = record;
  return { ...rest, content };
}

/** @throws {NotPossible} `message-unknown` */
async function messageAt(tx: Tx, circle: string, seq: number): Promise<Message> {
  const line = await tx.get(keys.line(circle, seq));
  if (line?.kind !== "message" || line.error !== undefined)
    throw new NotPossible("message-unknown");
  return line;
}

async function quoteOf(tx: Tx, circle: string, seq: number): Promise<Quote> {
  const { id, text, withdrawn, handling } = await messageAt(tx, circle, seq);
  if (withdrawn) throw new NotPossible("message-withdrawn");
  const terms = handling && { handling };
  return { seq, id, digest: await digestOf(text), excerpt: excerptOf(text), ...terms };
}

async function actOf(wish: Wish, { id, text: now }: Message, about: number): Promise<OnMessage> {
  if (wish.kind === "acknowledge") {
    return { kind: "acknowledge", about, id, digest: await digestOf(now) };
  }
  if (wish.kind === "ask-leave") {
    const { use, into, states } = wish;
    const reason = wish.reason.trim().slice(0, LONGEST_NOTE);
    const asked = { use, into, states: [...new Set(states)].sort(), reason };
    return { kind: "ask-leave", about, id, digest: await digestOf(now), ...asked };
  }
  if (wish.kind === "edit") {
    const { text, mentions = [] } = wish;
    const named = mentions.length > 0 && { mentions: [...new Set(mentions)] };
    return { kind: "edit", about, id, text, ...named };
  }
  if (wish.kind === "pin") {
    const note = wish.note?.trim();
    return { kind: "pin", about, id, ...(note && { note }) };
  }
  return { kind: wish.kind, about, id };
}
