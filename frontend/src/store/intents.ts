/** Acts of several steps that somebody began, kept until the last step is done. */

import type { Handling } from "../crypto/handling";
import type { Asking, Opinion, Question } from "../crypto/opinion";
import type { Draft } from "../rules/book";

/** Acts of several steps, kept so that a reload in the middle finishes them. */
export type IntentRecord =
  | {
      kind: "open-case";
      id: string;
      at: number;
      states: readonly string[];
      title: string;
      urgent?: boolean;
      /** The class of how long it is kept, if somebody chose. */
      retention?: string;
    }
  | {
      kind: "open-thread";
      id: string;
      at: number;
      caseId: string;
      people: readonly string[];
      name: string;
      /** Threads of the case that were there before. */
      known: readonly string[];
      /** The stopped circle that it goes on from. */
      continues?: string;
    }
  | {
      kind: "add-person";
      id: string;
      at: number;
      caseId: string;
      person: string;
      circles: readonly string[];
    }
  | { kind: "name-case"; id: string; at: number; caseId: string; title: string }
  | {
      kind: "draft-request";
      id: string;
      at: number;
      caseId: string;
      title: string;
      draft: Draft;
      people: readonly string[];
      continues?: string;
      /** An own text that says something else, kept aside. */
      aside?: Draft;
    }
  | { kind: "add-drafter"; id: string; at: number; request: string; person: string }
  | {
      kind: "answer-consultation";
      /** That of the message that says the answer, too. */
      id: string;
      at: number;
      circle: string;
      consultation: string;
      text: string;
      opinion: Opinion;
      readers: readonly string[];
    }
  | SendNote;

/** First-line information to one State. It stays until what it says is queued for its readers. */
export type SendNote = {
  kind: "send-note";
  id: string;
  at: number;
  caseId: string;
  state: string;
  people: readonly string[];
  subject: string;
  text: string;
  handling: Handling | null;
  /** The stopped circle that it goes on from. */
  continues?: string;
  /** It asks about a version of a request, informally. */
  asks?: Asking & { questions: readonly Question[] };
  /** Why it was refused; it is tried again only when its author says so. */
  refused?: string;
};

/** What is left of an act that was refused: nothing, unless it is its author's to send again. */
export function afterRefusal(intent: IntentRecord, refused: string): IntentRecord | null {
  return intent.kind === "send-note" ? { ...intent, refused } : null;
}

/** Whether it waits for its author's word. */
export function isRefused(intent: IntentRecord): boolean {
  return intent.kind === "send-note" && intent.refused !== undefined;
}
