/**
 * Going on from a thread that stopped: in a new circle with a new group, whose readers this
 * person was shown and confirmed. Each is an act of its own; nothing happens by itself.
 */

import type { Draft } from "../../rules/book";
import { keys, type OutboxRecord } from "../../store/records";
import type { Tx } from "../../store/vault";
import { type Core, NotPossible, SessionOver } from "../core";
import type { Drafts } from "../drafts";
import type { Intents } from "../intents";
import type { RequestDesk } from "../requests/desk";
import type { RequestSteps } from "../requests/steps";
import type { Sending } from "../sending";
import { decided } from "./decided";
import { COMPOSED } from "./view";

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
        const { answers: _, edits: __, ...terms } = (await tx.get(keys.along(circle))) ?? {};
        tx.remove(keys.draft(circle));
        tx.remove(keys.along(circle));
        // Its terms go with it: it is given under no weaker ones than were chosen for it.
        if (Object.keys(terms).length > 0) {
          tx.put(keys.along(into), { ...(await tx.get(keys.along(into))), ...terms });
        }
        return append(tx, into, text ?? "");
      }
      const [key, { content }] = await queued(tx, circle, id);
      tx.remove(key);
      if (content.kind === "text" || content.kind === "edit") return append(tx, into, content.text);
      const request = core.mirror.requests.find((one) => one.circle === into)?.id;
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

async function append(tx: Tx, circle: string, text: string): Promise<void> {
  const before = (await tx.get(keys.draft(circle))) ?? "";
  tx.put(keys.draft(circle), before.trim() === "" ? text : `${before}\n\n${text}`);
}
