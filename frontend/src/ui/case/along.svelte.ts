/** What goes along with the words in the composer: kept with them, and taken up after a reload. */

import { tick } from "svelte";
import type { Along, CaseHubClient, Line } from "../client";
import type { Handling } from "../handling/codes";
import { isSent, type Sent } from "./talk";

/** The messages that were being answered, or given another text; null of what is withdrawn. */
export type About = { answering: Sent | null; editing: Sent | null };

type Client = Pick<CaseHubClient, "lines" | "setAlong">;

export class Goes {
  /** Whether this message asks for an acknowledgement of receipt. */
  asks = $state(false);
  /** Whether it is urgent: it stands on top for whoever reads it, and the server counts. */
  urgent = $state(false);
  /** Under what terms it is given, where somebody chose that for this one. */
  chosen: { handling: Handling | null } | null = $state.raw(null);
  /** The entry that it answers to. */
  answers: number | undefined = $state();
  /** What is answered, or given another text, is still being looked for. */
  resuming = $state(false);
  /** As this tab last kept it, or took it up. */
  #kept: string;

  constructor(
    private readonly client: Client,
    private readonly circle: string,
    first: Along,
    edits: boolean,
  ) {
    this.#set(first);
    this.resuming = edits || first.answers !== undefined;
    this.#kept = said(first);
  }

  along(): Along {
    return {
      ...(this.answers !== undefined && { answers: this.answers }),
      ...(this.chosen && this.chosen),
      ...(this.asks && { asks: true }),
      ...(this.urgent && { urgent: true }),
    };
  }

  /** Nothing goes along with the next words but what is usual. */
  plain(): void {
    this.#set({});
  }

  /** Keep it where it changed. */
  keep(): void {
    const now = said(this.along());
    if (this.resuming || now === this.#kept) return;
    this.#kept = now;
    this.client.setAlong(this.circle, this.along());
  }

  /** Take up what another tab chose for the words that it wrote. */
  take(along: Along): void {
    this.#set(along);
    this.#kept = said(along);
  }

  /** Find what it is about: the page was made anew, or another tab answers. */
  async resume(edits: number | undefined, found: (about: About) => void): Promise<void> {
    this.resuming = true;
    try {
      found({ answering: await this.#at(this.answers), editing: await this.#at(edits) });
      await tick();
    } catch {
      // The record says why it cannot be read; what was kept stays on the device.
    } finally {
      this.resuming = false;
    }
  }

  async #at(seq: number | undefined): Promise<Sent | null> {
    if (seq === undefined) return null;
    const [line] = await this.client.lines(this.circle, { limit: 1, before: seq + 1 });
    return line === undefined ? null : messageAt(line, seq);
  }

  #set({ answers, asks, urgent, handling }: Along): void {
    this.answers = answers;
    this.asks = asks ?? false;
    this.urgent = urgent ?? false;
    this.chosen = handling === undefined ? null : { handling };
  }
}

/** The same whatever is absent, and in which order the rest stands. */
export function said({ answers, handling, asks, urgent }: Along): string {
  // No terms were chosen, or none were.
  const codes = handling ? [handling.codes, handling.conditions ?? ""] : handling;
  const terms = codes === undefined ? "usual" : codes;
  return JSON.stringify([answers ?? null, terms, asks ?? false, urgent ?? false]);
}

function messageAt(line: Line, seq: number): Sent | null {
  if (line.kind !== "message" || !isSent(line.message)) return null;
  const { message } = line;
  return message.seq === seq && !message.withdrawn ? message : null;
}
