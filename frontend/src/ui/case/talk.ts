/** What the rows of a thread can ask of its page. */

import type { Message, Person } from "../client";

export type Sent = Message & { seq: number };

export type Talk = {
  readonly circle: string;
  /** Of the case, for the addresses of messages; empty for first-line information. */
  readonly reference: string;
  /** Whoever may read what is sent now. */
  readonly people: readonly Person[];
  /** Begin a request with it; null where none can be. */
  readonly onstart: ((message: Message) => void) | null;
  /** Write an answer that quotes it. */
  readonly onanswer: (message: Sent) => void;
  /** Write another text for it. */
  readonly onedit: (message: Sent) => void;
  /** Bring an entry before the reader. */
  readonly onseek: (seq: number) => void;
};

export const isSent = (message: Message): message is Sent => message.seq !== null;
