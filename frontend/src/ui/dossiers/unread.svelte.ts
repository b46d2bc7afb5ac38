/** Letters that others wrote and this person was not shown yet: for the bars, the inbox, the title. */

import type { Audience, CaseHubClient, ShownLetter, UnreadLetters } from "../client";
import { Looked } from "../looked.svelte";

type Client = {
  readonly letters: Pick<CaseHubClient["letters"], "unread" | "mark">;
  readonly dossiers: Pick<CaseHubClient["dossiers"], "onMoved">;
};

class Unread extends Looked<Client, UnreadLetters> {
  readonly count = $derived(this.rows.reduce((sum, { count }) => sum + count, 0));

  of(request: string, audience: Audience): number {
    const is = (one: UnreadLetters) => one.request === request && one.audience === audience;
    return this.rows.find(is)?.count ?? 0;
  }

  /** Say that this person was shown what was written about a request, up to one letter. */
  mark(client: Client, request: string, audience: Audience, letter: string): Promise<void> {
    return this.take(() => client.letters.mark(request, audience, letter));
  }
}

export const unreadLetters = new Unread((client) => client.letters.unread());

type Of = Pick<ShownLetter, "id" | "verdict">;

/** What a page that shows letters has said of them: the last one, once. */
export class Showing {
  #said: string | null = null;

  constructor(
    private readonly client: Client,
    private readonly request: string,
    private readonly audience: Audience,
  ) {}

  /**
   * What is on the page now; what nobody looks at is not shown, nor what lies under a dialog. The
   * mark goes no further than to what cannot be read here yet: that is new once it can.
   */
  async shown(letters: readonly Of[], isCovered = false): Promise<void> {
    const sealed = letters.findIndex(({ verdict }) => verdict === "sealed");
    const last = letters.slice(0, sealed === -1 ? undefined : sealed).at(-1)?.id;
    if (isCovered) return;
    if (last === undefined || last === this.#said) return;
    if (document.visibilityState !== "visible") return;
    this.#said = last;
    try {
      await unreadLetters.mark(this.client, this.request, this.audience, last);
    } catch {
      this.#said = null; // at the next look
    }
  }
}

/** Where letters stand on their page: the heading of those for an audience, and each of them. */
export const LETTERS: Readonly<Record<Audience, string>> = {
  both: "letters",
  home: "home-letters",
};
export const letterAt = ({ id }: Pick<ShownLetter, "id">): string => `letter-${id}`;

/** The first of so many that others wrote last: where its reader goes on. */
export function firstNew<Of extends Pick<ShownLetter, "person">>(
  letters: readonly Of[],
  me: string | null,
  count: number,
): Of | undefined {
  const others = letters.filter(({ person }) => person !== me);
  return count > 0 ? others.at(-Math.min(count, others.length)) : undefined;
}
