/** What is typed in the dialog of a note, kept on this device until it is sent. */

import type { CaseHubClient, CaseView, NoteView } from "../client";
import type { Handling } from "../handling/codes";

export type Typed = {
  /** Whom it is for. */
  chosen: string[];
  subject: string;
  told: string;
  asked: string;
  handling: Handling | null;
  /** By State: a note that is tried again is the same one. */
  ids: [state: string, id: string][];
  /** States whose note is under way. */
  done: string[];
};

const WHAT = "note";

type Client = Pick<CaseHubClient, "notes" | "typed" | "setTyped">;

export class KeptNote {
  readonly #circle: string | undefined;
  #last: string;
  #over = false;

  /** @param from the note that stopped, from which this one goes on */
  constructor(
    private readonly client: Client,
    caseFile: CaseView,
    from: NoteView | undefined,
  ) {
    // It goes with the circle that it is about: a note may be deleted long before its case.
    const circle = caseFile.threads.find(({ kind }) => kind === "case")?.circle;
    this.#circle = from === undefined ? circle : from.thread.circle;
    this.#last = this.#circle === undefined ? "" : client.typed(this.#circle, WHAT);
  }

  /** As it was typed, or null: nothing was. */
  read(): Typed | null {
    return this.#last === "" ? null : (JSON.parse(this.#last) as Typed);
  }

  /** States that were told; some when the dialog was closed, or before the page was made anew. */
  done(): string[] {
    const { done, ids } = this.read() ?? { done: [], ids: [] };
    const left = ids.filter(([, id]) => this.client.notes.left(id)).map(([state]) => state);
    return [...new Set([...done, ...left])];
  }

  keep(now: Typed): void {
    const said = now.told === "" && now.asked === "" ? "" : JSON.stringify(now);
    if (this.#over || said === this.#last || this.#circle === undefined) return;
    this.#last = said;
    this.client.setTyped(this.#circle, WHAT, said);
  }

  /** It is sent. */
  over(): void {
    this.#over = true;
    if (this.#circle !== undefined) this.client.setTyped(this.#circle, WHAT, "");
  }
}
