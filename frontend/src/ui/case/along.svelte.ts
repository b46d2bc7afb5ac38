/** What goes along with the words in the composer: kept with them, and taken up after a reload. */

import { tick } from "svelte";
import type { Along, CaseHubClient, Line } from "../client";
import type { Handling } from "../handling/codes";
import { isSent, type Sent } from "./talk";

/** The messages that were being answered, or given another text; null of what is withdrawn. */
export type About = { answering: Sent | null; editing: Sent | null };

type Client = Pick<CaseHubClient, "lines" | "setAlong">;
type Chosen = { handling: Handling | null } | null;

export class Goes {
  /** Whether this message asks for an acknowledgement of receipt. */
  asks = $state(false);
  /** Whether it is urgent: it stands on top for whoever reads it, and the server counts. */
  urgent = $state(false);
  /** Under what terms it is given, where somebody chose that for this one. */
  chosen: Chosen = $state.raw(null);
  /** What is answered, or given another text, is still being looked for. */
  resuming = $state(false);
  /** As this tab last said or heard it. */
  #agreed: string;
  /** What was heard last: it is told again with whatever else of the thread changes. */
  #heard: string;
  /** What this tab said: no news when it comes back. */
  readonly #told = new Set<string>();

  constructor(
    private readonly client: Client,
    private readonly circle: string,
    private readonly first: Along,
  ) {
    this.#take(first);
    this.resuming = first.answers !== undefined || first.edits !== undefined;
    this.#agreed = said(first);
    this.#heard = this.#agreed;
  }

  /** @param edits the text that is being written for another one's place */
  along(answering: Sent | null, edits: Along["edits"]): Along {
    return {
      ...(answering && { answers: answering.seq }),
      ...(edits && { edits }),
      ...(this.chosen && this.chosen),
      ...(this.asks && { asks: true }),
      ...(this.urgent && { urgent: true }),
    };
  }

  /** Nothing goes along with the next words but what is usual. */
  plain(): void {
    this.#take({});
  }

  /** Keep it where it changed. */
  keep(own: Along): void {
    const now = said(own);
    if (this.resuming || now === this.#agreed) return;
    this.#agreed = now;
    this.#told.add(now);
    this.client.setAlong(this.circle, own);
  }

  /** Words that another tab wrote are given under the terms that were chosen there. */
  hear(incoming: Along, own: () => Along): void {
    const now = said(incoming);
    if (now === this.#heard) return;
    this.#heard = now;
    if (now === this.#agreed || this.#told.has(now) || said(own()) !== this.#agreed) return;
    this.#take(incoming);
    this.#agreed = said(own());
  }

  /** Find what it was about before the page was made anew. */
  async resume(found: (about: About) => void): Promise<void> {
    if (!this.resuming) return;
    const { answers, edits } = this.first;
    try {
      found({ answering: await this.#at(answers), editing: await this.#at(edits?.seq) });
    } catch {
      return; // the record says why it cannot be read; what was kept stays on the device
    }
    await tick();
    this.resuming = false;
  }

  async #at(seq: number | undefined): Promise<Sent | null> {
    if (seq === undefined) return null;
    const [line] = await this.client.lines(this.circle, { limit: 1, before: seq + 1 });
    return line === undefined ? null : messageAt(line, seq);
  }

  #take({ asks, urgent, handling }: Along): void {
    this.asks = asks ?? false;
    this.urgent = urgent ?? false;
    this.chosen = handling === undefined ? null : { handling };
  }
}

/** The same whatever is absent, and in which order the rest stands. */
function said({ answers, edits, handling, asks, urgent }: Along): string {
  const edit = edits === undefined ? null : [edits.seq, edits.text];
  // No terms were chosen, or none were.
  const terms = handling === undefined ? "usual" : handling;
  return JSON.stringify([answers ?? null, edit, terms, asks ?? false, urgent ?? false]);
}

function messageAt(line: Line, seq: number): Sent | null {
  if (line.kind !== "message" || !isSent(line.message)) return null;
  const { message } = line;
  return message.seq === seq && !message.withdrawn ? message : null;
}
