/** What waits for the reader's own hand, as the bars count it. */

import { announced } from "../announced/announced.svelte";
import type {
  CaseHubClient,
  DesignationRow,
  ExportRow,
  Joining,
  NoteView,
  SessionInfo,
  View,
} from "../client";
import { requestDays } from "../deadlines/days.svelte";
import { handsWanted } from "../designations/waiting";
import { unreadLetters } from "../dossiers/unread.svelte";
import { stepsWanted } from "../dossiers/wanted.svelte";
import { ownDue, standingDue } from "../inbox/access";
import { callsIn } from "../inbox/inbox";
import { asks } from "../joining/waiting";
import { whileSeen } from "../looking";
import { mayAcknowledge, mayConsentToExport, mayDraft, maySayOfNote, onlyReads } from "../rights";
import { paths } from "../routes";
import type { Key } from "../words";
import { access } from "./access.svelte";

const LOOK_MS = 60_000;

class Waiting {
  rows: readonly DesignationRow[] = $state.raw([]);

  /** Look now, and again each minute while the page is seen; returns the way to stop. */
  follow(client: CaseHubClient): () => void {
    const stop = whileSeen(() => this.look(client), LOOK_MS);
    return () => {
      stop();
      this.rows = [];
    };
  }

  async look(client: CaseHubClient): Promise<void> {
    this.rows = await client.designations.list();
  }

  /** Designations that wait for this session's person; of somebody who does nothing there, none. */
  designations(session: SessionInfo): number {
    if (session.person === null || !mayDraft(session)) return 0;
    return handsWanted(this.rows, session.person);
  }
}

export const waiting = new Waiting();

/** How much waits for the reader at a place of the program, and the words for that count. */
export function waitsAt(
  href: string,
  {
    session,
    joinings,
    exports,
    cases,
    notes,
  }: Pick<View, "session" | "joinings" | "exports" | "cases" | "notes">,
): { count: number; words: Key } {
  if (href === paths.inbox) {
    const handed = unreadLetters.count + stepsWanted.rows.length;
    return { count: callsIn(cases, notes).length + handed, words: "inbox.waiting" };
  }
  if (href === paths.notes) return { count: notesWanted(notes, session), words: "notes.waiting" };
  if (href === paths.announced) {
    return { count: mayAcknowledge(session) ? announced.waiting : 0, words: "announced.waiting" };
  }
  if (href === paths.deadlines) {
    return { count: requestDays.near.length, words: "deadline.waiting" };
  }
  if (href === paths.designations) {
    const count = waiting.designations(session) + standingDue(access.standing).length;
    return { count, words: "nav.designationsWaiting" };
  }
  if (href === paths.account) {
    const due = ownDue(access.reminders, access.devices, Date.now());
    return { count: due.length, words: "account.waiting" };
  }
  const count =
    href === paths.cases
      ? joiningsWanted(joinings, session) + exportsWanted(exports, session).length
      : 0;
  return { count, words: "nav.joiningsWaiting" };
}

/** First-line information whose receipt this session's person has not acknowledged for their State. */
export function notesWanted(notes: readonly NoteView[], session: SessionInfo): number {
  return notes.filter((note) => note.step === "sent" && maySayOfNote(session, note)).length;
}

/** Proposals to open a case to a State that wait for this session's person. */
export function joiningsWanted(all: readonly Joining[], session: SessionInfo): number {
  if (onlyReads(session)) return 0;
  return all.filter((one) => asks(one, session) !== "nothing").length;
}

/** Exports for a court that wait for this session's person: to be looked at, or to be made. */
export function exportsWanted(all: readonly ExportRow[], session: SessionInfo): ExportRow[] {
  const me = session.person?.id;
  return all.filter((row) => {
    if (row.person === me) return row.step === "ready";
    return row.step === "consent" && mayConsentToExport(session, row);
  });
}
