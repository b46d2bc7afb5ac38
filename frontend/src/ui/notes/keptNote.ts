/** What is typed in the dialog of a note, kept on this device until it is sent. */

import type { CaseHubClient, CaseView, NoteView } from "../client";
import type { Handling } from "../handling/codes";
import { Kept } from "../kept";

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

type Client = Pick<CaseHubClient, "notes" | "typed" | "setTyped">;

export class KeptNote extends Kept<Typed> {
  /** @param from the note that stopped, from which this one goes on */
  constructor(
    private readonly client: Client,
    caseFile: CaseView,
    from: NoteView | undefined,
  ) {
    // It goes with the circle that it is about: a note may be deleted long before its case.
    const circle = caseFile.threads.find(({ kind }) => kind === "case")?.circle;
    super(client, from === undefined ? circle : from.thread.circle, "note");
  }

  /** States that were told; some when the dialog was closed, or before the page was made anew. */
  done(): string[] {
    const { done, ids } = this.read() ?? { done: [], ids: [] };
    const left = ids.filter(([, id]) => this.client.notes.left(id)).map(([state]) => state);
    return [...new Set([...done, ...left])];
  }

  override keep(now: Typed): void {
    super.keep(now.told === "" && now.asked === "" ? null : now);
  }
}
