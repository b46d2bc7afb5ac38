/** What goes along with the words in the composer: kept with them, and taken up after a reload. */

import { tick } from "svelte";
import type { Along, CaseHubClient, Line } from "../client";
import type { Handling } from "../handling/codes";
import { isSent, type Sent } from "./talk";

/** The messages that were being answered, or given another text; null of what is withdrawn. */
export type About = {
  answering: Sent | null;
  editing: Sent | null;
  /** Under what terms the one stood that was to have another text: also where it was withdrawn. */
  terms: Handling | null;
};

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
  #lookups = 0;

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

  /** @param terms those that words are shown under, chosen or usual; absent while there are none */
  along(terms?: Handling | null): Along {
    const handling = terms === undefined ? this.chosen?.handling : terms;
    return {
      ...(this.answers !== undefined && { answers: this.answers }),
      ...(handling !== undefined && { handling }),
      ...(this.asks && { asks: true }),
      ...(this.urgent && { urgent: true }),
    };
  }

  /** Keep it where it changed. */
  keep(along: Along): void {
    const now = said(along);
    if (this.resuming || now === this.#kept) return;
    this.#kept = now;
    this.client.setAlong(this.circle, along);
  }

  /** Take up what another tab chose for the words that it wrote; what is kept is that already. */
  take(along: Along): void {
    this.#set(along);
    this.#kept = said(along);
  }

  /** Find what it is about: the page was made anew, or another tab answers. */
  async resume(edits: number | undefined, found: (about: About) => void): Promise<void> {
    this.resuming = true;
    this.#lookups += 1;
    const lookup = this.#lookups;
    try {
      const [answered, edited] = [await this.#at(this.answers), await this.#at(edits)];
      if (this.#lookups !== lookup) return;
      if (!answered || answered.withdrawn) this.answers = undefined;
      const editing = edited?.withdrawn ? null : edited;
      found({
        // It waits behind an edit.
        answering: answered?.withdrawn || editing ? null : answered,
        editing,
        terms: edited?.handling ?? null,
      });
      await tick();
    } catch {
      // The record says why it cannot be read; what was kept stays on the device.
    } finally {
      if (this.#lookups === lookup) this.resuming = false;
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
  return message.seq === seq ? message : null;
}
