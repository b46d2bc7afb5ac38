/** What the screens of first-line information draw. */

import type { NoteRow } from "../api/notes";
import type { HoldRow } from "../api/retention";
import type { SendNote } from "../store/intents";
import type { Mirror } from "./mirror";
import { type Stuck, stuckIn, type ThreadView, threadView } from "./views";

export type NoteView = {
  id: string;
  /** Of the reader's own State: the case it came from, or the one that came of it. */
  caseId: string | null;
  /** Empty where that is none, or none of the reader's. */
  caseReference: string;
  /** By the reader's own State. */
  sent: boolean;
  sender: string;
  senderState: string;
  /** Which State is told. */
  state: string;
  step: NoteRow["step"];
  sentAt: string;
  acknowledgedAt: string | null;
  declinedAt: string | null;
  /** Of one that was declined: the reason's code. */
  reason: string;
  joinedAt: string | null;
  usedAt: string | null;
  ledAt: string | null;
  /** It is kept as the case that it came from; `hold` is the reader's State's. */
  kept: {
    closedAt: string | null;
    deleteAt: string | null;
    retention: string;
    hold: HoldRow | null;
  };
  /** The circle in which it is read and answered. */
  thread: ThreadView;
  /** What it says, while nobody whom it is for is in: it leaves once somebody is. */
  waits: string | null;
};

/** What was written, and is no note yet. */
export type UnsentNote = Omit<SendNote, "kind"> & { caseReference: string };

export function noteViews(mirror: Mirror, me: string, own: string): NoteView[] {
  const [circles, stuck] = [mirror.circles(), stuckIn(mirror)];
  const shown = mirror.notes.filter(({ circle }) => !mirror.isDrafting(circle, circles));
  return shown.map((row) => noteView({ mirror, stuck, me }, row, own));
}

type Shared = { mirror: Mirror; stuck: Stuck; me: string };

function noteView(shared: Shared, row: NoteRow, own: string): NoteView {
  const { mirror } = shared;
  const { id, circle, case: caseId, state, people, step, reason } = row;
  const begun = mirror.intents.get(mirror.threads.get(circle)?.begunBy ?? "");
  return {
    id,
    caseId,
    caseReference: referenceOf(mirror, caseId),
    sent: row.sender_state === own,
    sender: row.sender,
    senderState: row.sender_state,
    state,
    step,
    sentAt: row.sent_at,
    acknowledgedAt: row.acknowledged_at,
    declinedAt: row.declined_at,
    reason,
    joinedAt: row.joined_at,
    usedAt: row.used_at,
    ledAt: row.led_at,
    kept: {
      closedAt: row.closed_at,
      deleteAt: row.delete_at,
      retention: row.retention,
      hold: row.hold,
    },
    thread: threadView(shared, caseId ?? "", circle, "note", people),
    waits: begun?.kind === "send-note" ? begun.text : null,
  };
}

export function unsentNotes(mirror: Mirror): UnsentNote[] {
  const begun = new Set([...mirror.threads.values()].map(({ begunBy }) => begunBy));
  return [...mirror.intents.values()].flatMap((intent) => {
    if (intent.kind !== "send-note" || begun.has(intent.id)) return [];
    const { kind: _kind, ...rest } = intent;
    return [{ ...rest, caseReference: referenceOf(mirror, intent.caseId) }];
  });
}

function referenceOf(mirror: Mirror, caseId: string | null): string {
  return mirror.cases.find(({ id }) => id === caseId)?.reference ?? "";
}
