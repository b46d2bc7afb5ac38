/**
 * Going on from a thread that stopped: in a new circle with a new group, whose readers this
 * person was shown and confirmed. Each is an act of its own; nothing happens by itself.
 */

import type { Content } from "../../crypto/envelope";
import { bothOf } from "../../crypto/handling";
import type { Draft } from "../../rules/book";
import type { Along } from "../../store/along";
import { keys, type OutboxRecord } from "../../store/records";
import type { Tx } from "../../store/vault";
import { type Core, NotPossible, SessionOver } from "../core";
import { COMMENTS, type Drafts, EDIT, editIn } from "../drafts";
import type { Intents } from "../intents";
import type { RequestDesk } from "../requests/desk";
import type { RequestSteps } from "../requests/steps";
import type { Sending } from "../sending";
import { decided } from "./decided";
import { COMPOSED } from "./view";

type Said = Extract<Content, { kind: "text" }>;

type Parts = {
  readonly core: Core;
  readonly intents: Intents;
  readonly drafts: Drafts;
  readonly sending: Sending;
  readonly requests: RequestDesk;
  readonly requestSteps: RequestSteps;
};

/** The text that a new draft begins with, and an own one that says something else. */
type Start = { draft: Draft; aside?: Draft };

export class FrozenDesk {
  constructor(private readonly parts: Parts) {}

  /** Resolves with the new circle, in which nobody reads but `people` and this person. */
  async continueThread(circle: string, name: string, people: string[]): Promise<string> {
    const { core, intents } = this.parts;
    this.#requireFrozen(circle);
    const caseFile = core.mirror.cases.find(
      (one) => one.circle === circle || one.threads.some((thread) => thread.circle === circle),
    );
    if (caseFile === undefined) throw new NotPossible("not-found");
    return intents.openThread(caseFile.id, name, people, circle);
  }

  /**
   * Resolves with the new request. Its text is the newest version whose key somebody said here
   * before the circle stopped, with what this person had changed in it.
   */
  async continueDraft(request: string, title: string, people: string[]): Promise<string> {
    const { requests, requestSteps } = this.parts;
    const { case: caseId, circle } = requests.rows.get(request);
    this.#requireFrozen(circle);
    const { draft, aside } = await this.#startOf(request);
    return requestSteps.draft(caseId, title, draft, people, {
      continues: circle,
      ...(aside && { aside }),
    });
  }

  /** Somebody else has opened where to go on, and this person goes along. */
  async goOnIn(circle: string, into: string): Promise<void> {
    const { core } = this.parts;
    await core.exclusive(async (tx) => {
      await this.#requirePair(tx, circle, into);
      await decided(tx, circle, into);
    });
  }

  /**
   * Take an unsent text over: a message into the draft of the new thread, where its author sends
   * it or not; a comment into the new request's circle.
   */
  async bring(circle: string, id: string, into: string): Promise<void> {
    const { core, drafts, sending } = this.parts;
    await drafts.flush();
    await core.exclusive(async (tx) => {
      await this.#requirePair(tx, circle, into);
      // Not wherever somebody else has already gone on: where this person said they would.
      const { continuedIn } = (await tx.get(keys.thread(circle))) ?? {};
      if (continuedIn !== into) throw new NotPossible("thread-not-found");
      if (id === COMPOSED) {
        const text = await tx.get(keys.draft(circle));
        const along = await tx.get(keys.along(circle));
        tx.remove(keys.draft(circle));
        tx.remove(keys.along(circle));
        return append(tx, into, text ?? "", along);
      }
      if (id === EDIT) {
        const edit = editIn(await tx.get(keys.typed(circle, EDIT)));
        tx.remove(keys.typed(circle, EDIT));
        return append(tx, into, edit?.text ?? "", await termsAt(tx, circle, edit?.seq ?? -1));
      }
      const request = core.mirror.requests.find((one) => one.circle === into)?.id;
      const content = await taken(core, tx, circle, id);
      if (content.kind === "text") return append(tx, into, content.text, termsOf(content));
      if (content.kind === "edit") {
        return append(tx, into, content.text, await termsAt(tx, circle, content.about));
      }
      if (content.kind !== "comment" || request === undefined) throw new NotPossible("not-found");
      core.enqueue(tx, into, { ...content, request });
    });
    sending.submitted(into);
  }

  /** Throw an unsent text away. */
  async drop(circle: string, id: string): Promise<void> {
    const { core, drafts } = this.parts;
    this.#requireFrozen(circle);
    await drafts.flush();
    await core.exclusive(async (tx) => {
      if (isTyped(id)) return tx.remove(keys.typed(circle, id));
      if (id !== COMPOSED) return tx.remove((await queued(tx, circle, id))[0]);
      tx.remove(keys.draft(circle));
      tx.remove(keys.along(circle));
    });
  }

  async #startOf(request: string): Promise<Start> {
    const { texts } = this.parts.requests;
    await texts.flush(request);
    const here = texts.get(request);
    const newest = await this.#newest(request);
    if (newest !== null && newest.version > (here?.base ?? 0)) {
      return here?.dirty ? { draft: newest.draft, aside: here.draft } : { draft: newest.draft };
    }
    if (here === undefined) throw new NotPossible("version-key-missing");
    return { draft: here.draft };
  }

  /** What the server still hands out counts only if it is what a drafter announced here. */
  async #newest(request: string): Promise<{ version: number; draft: Draft } | null> {
    try {
      return (await this.parts.requests.versions.newest(request)).opened;
    } catch (error) {
      if (error instanceof SessionOver) throw error;
      return null; // unreachable, or altered: what is on this device is enough
    }
  }

  #requireFrozen(circle: string): void {
    const { status } = this.parts.core.mirror.threads.get(circle) ?? {};
    if (status !== "frozen") throw new NotPossible("thread-not-frozen");
  }

  async #requirePair(tx: Tx, circle: string, into: string): Promise<void> {
    this.#requireFrozen(circle);
    const next = await tx.get(keys.thread(into));
    if (next?.status !== "active" || next.continues !== circle) {
      throw new NotPossible("thread-not-found");
    }
  }
}

async function queued(tx: Tx, circle: string, id: string): Promise<[string, OutboxRecord]> {
  const found = (await tx.list(keys.outboxOf(circle))).find(([, record]) => record.id === id);
  if (found === undefined) throw new NotPossible("not-found");
  return found;
}

const isTyped = (id: string): boolean => id === EDIT || id.startsWith(COMMENTS);

/** What is brought, out of where it stood: a message that waited, or a comment that was typed. */
async function taken(core: Core, tx: Tx, circle: string, id: string): Promise<Content> {
  if (!isTyped(id)) {
    const [key, { content }] = await queued(tx, circle, id);
    tx.remove(key);
    return content;
  }
  const text = await tx.get(keys.typed(circle, id));
  if (text === undefined) throw new NotPossible("not-found");
  tx.remove(keys.typed(circle, id));
  const section = id.slice(COMMENTS.length);
  return { kind: "comment", request: "", id: core.deps.random.uuid(), section, text };
}

/** Those of a message whose text was to be another one: they stay. */
async function termsAt(tx: Tx, circle: string, seq: number): Promise<Along> {
  const line = seq < 0 ? undefined : await tx.get(keys.line(circle, seq));
  return line?.kind === "message" && line.handling ? { handling: line.handling } : {};
}

function termsOf({ handling, asks, urgent }: Said): Along {
  return {
    ...(handling && { handling }),
    ...(asks && { asks: true }),
    ...(urgent && { urgent: true }),
  };
}

/** Its terms go with it: neither text is given under weaker ones than were chosen for it. */
async function append(tx: Tx, circle: string, text: string, terms: Along = {}): Promise<void> {
  const there = (await tx.get(keys.along(circle))) ?? {};
  const { asks = there.asks, urgent = there.urgent } = terms;
  const handling = bothOf(there.handling, terms.handling);
  const along: Along = {
    ...there,
    // Nobody's "none" undoes what is usual where it is brought.
    ...(handling && { handling }),
    ...(asks && { asks }),
    ...(urgent && { urgent }),
  };
  if (Object.keys(along).length > 0) tx.put(keys.along(circle), along);
  const before = (await tx.get(keys.draft(circle))) ?? "";
  tx.put(keys.draft(circle), before.trim() === "" ? text : `${before}\n\n${text}`);
}
