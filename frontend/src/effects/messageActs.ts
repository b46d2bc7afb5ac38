/** What a person says in a thread and does to what was said there: the client's door to it. */

import type { Carried } from "../crypto/content";
import type { Use } from "../crypto/handling";
import type { Along } from "../store/along";
import type { Desk } from "./desk";
import { EDIT, type Edit } from "./drafts";
import { type HistoryActs, historyActs } from "./history/acts";
import type { Beside, Wish } from "./outbox";
import { Passing, type Used, type Verdict } from "./passing";
import { type TypingActs, typingActs } from "./typing";

export interface MessageActs extends HistoryActs, TypingActs {
  /**
   * Resolves when the message is durably queued; its line tells how far it got. It goes to nobody
   * but `readers`, whom its author was shown: if others come in before it leaves, it is held.
   */
  send(circle: string, text: string, readers?: readonly string[], beside?: Beside): Promise<string>;
  /** What goes along with the draft of a thread, kept like it a moment after the last change. */
  setAlong(circle: string, along: Along): void;
  /** Whether something of that draft, or of what goes along with it, is not kept yet. */
  holdsDraft(circle: string): boolean;
  /** The other text that is being written for a message, kept until it is sent or given up. */
  setEdit(circle: string, edit: Edit | null): void;
  /** What was typed for something of this circle, as `what` names it, and is not sent; or "". */
  typed(circle: string, what: string): string;
  /** Keep it like a draft; "" once it is sent, or given up. */
  setTyped(circle: string, what: string, text: string): void;
  /**
   * Do something to the message at entry `about` of a thread. Resolves when that is durably queued;
   * the message shows it once the server has taken it, and a line of its own what became of it if
   * it has not.
   *
   * @throws {NotPossible} `message-unknown`, `message-not-yours`, `message-withdrawn`,
   *   `message-own`, `message-act-done`, and as {@link send} does
   */
  act(circle: string, about: number, wish: Wish, readers?: readonly string[]): Promise<string>;
  /**
   * Say of a whole thread that it has done its work, or that it has not, and why; see {@link act}.
   *
   * @throws {NotPossible} `thread-act-done`, and as {@link send} does
   */
  settle(
    circle: string,
    kind: "resolve" | "reopen",
    reason: string,
    readers?: readonly string[],
  ): Promise<string>;
  /**
   * Answer an asking for leave to use one's own message elsewhere: with a signed leave, or with the
   * `reason` why not.
   *
   * @throws {NotPossible} `message-unknown`, `leave-not-yours`, `message-act-done`,
   *   `message-withdrawn`, and as {@link send} does
   */
  answerLeave(
    circle: string,
    about: number,
    answer: { give: true } | { reason: string },
    readers?: readonly string[],
  ): Promise<string>;
  /**
   * What may be used elsewhere of a message: it, with the leave that is needed.
   *
   * @throws {NotPossible} `leave-needed` if it is restricted and its author has given none for this
   *   use; `leave-signature`; `message-carries` of what is itself brought from elsewhere
   */
  used(circle: string, seq: number, use: Use, into: string): Promise<Used>;
  /** Quote a message in another thread, with a word on it; see {@link used} and {@link send}. */
  pass(
    circle: string,
    seq: number,
    into: string,
    text: string,
    readers?: readonly string[],
  ): Promise<string>;
  /** Whether what `person` brought into `circle` from elsewhere may be there, and is what it was. */
  judgeCarried(carried: Carried, person: string, circle: string): Promise<Verdict>;
  /** The same of what a request of case `caseId` begins with, by whoever began it. */
  judgeUsed(used: Used, person: string, caseId: string): Promise<Verdict>;
  /** Send what failed again; what is held, only with the new `readers` agreed to. */
  resend(circle: string, id: string, readers?: readonly string[]): Promise<void>;
  /** All that failed, in one thread or in all of them. */
  resendAll(circle?: string): Promise<void>;
  /** Send again, as not urgent, what was refused with `message-urgent-many`. */
  resendPlain(circle: string, id: string): Promise<void>;
  /**
   * Keep a thread as unread from an entry on, until it is marked as read again. A private mark:
   * this person's other devices follow, nobody else learns of it.
   */
  keepUnread(circle: string, seq: number): Promise<void>;
  /** Take back a message that has not left. */
  discard(circle: string, id: string): Promise<void>;
}

export function messageActs(
  at: () => Desk,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
): MessageActs {
  const passing = () => new Passing(at().core, at().outbox);
  return {
    ...historyActs(at, guarded),
    ...typingActs(at, guarded),
    send: (...said) => guarded(() => at().outbox.send(...said)),
    setAlong: (...what) => at().drafts.setAlong(...what),
    holdsDraft: (circle) => at().drafts.holds(circle),
    setEdit: (circle, edit) =>
      at().drafts.setTyped(circle, EDIT, edit === null ? "" : JSON.stringify(edit)),
    typed: (...which) => at().drafts.typed(...which),
    setTyped: (...what) => at().drafts.setTyped(...what),
    act: (...done) => guarded(() => at().outbox.act(...done)),
    settle: (...said) => guarded(() => at().outbox.settle(...said)),
    answerLeave: (...said) => guarded(() => passing().answer(...said)),
    used: (...which) => guarded(() => passing().used(...which)),
    pass: (...said) => guarded(() => passing().pass(...said)),
    judgeCarried: (...which) => guarded(() => passing().judgeCarried(...which)),
    judgeUsed: (...which) => guarded(() => passing().judge(...which, "request")),
    resend: (...which) => guarded(() => at().outbox.resend(...which)),
    resendAll: (...where) => guarded(() => at().outbox.resendAll(...where)),
    resendPlain: (...which) => guarded(() => at().outbox.resendPlain(...which)),
    keepUnread: (...from) => guarded(() => at().reads.keep(...from)),
    discard: (...which) => guarded(() => at().outbox.discard(...which)),
  };
}
