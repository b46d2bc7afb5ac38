/** What the screens of first-line information draw. */

import type { ConsultationRow } from "../api/consultations";
import type { NoteRow } from "../api/notes";
import type { HoldRow } from "../api/retention";
import { ASKED, type Question } from "../crypto/opinion";
import type { SendNote } from "../store/intents";
import { answerOf } from "./consulting";
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
  /** It asks about a request, informally; null of first-line information. */
  consultation: ConsultationView | null;
};

export type ConsultationView = Pick<
  ConsultationRow,
  "request" | "version" | "urgent" | "due" | "outcome" | "answerer" | "answer"
> & {
  questions: readonly Question[];
  endedAt: string | null;
  /** It was answered here, and that waits to leave. */
  waits: boolean;
};

/** What was written, and is no note yet. */
export type UnsentNote = Omit<SendNote, "kind"> & { caseReference: string };

export function noteViews(mirror: Mirror, me: string, own: string): NoteView[] {
  const [circles, stuck] = [mirror.circles(), stuckIn(mirror)];
  const shown = mirror.notes.filter(({ circle }) => !mirror.isDrafting(circle, circles));
  const asked = mirror.consultations.filter(({ circle }) => !mirror.isDrafting(circle, circles));
  const shared = { mirror, stuck, me };
  return [
    ...shown.map((row) => noteView(shared, row, own)),
    ...asked.map((row) => noteView(shared, asNote(row), own, consultationView(mirror, row))),
  ].sort((a, b) => (a.sentAt < b.sentAt ? 1 : -1));
}

/** A consultation is read, answered in and kept as a note is; what comes of it is its outcome. */
function asNote(row: ConsultationRow): NoteRow {
  return {
    ...row,
    sender: row.asker,
    sender_state: row.asker_state,
    step: "sent",
    sent_at: row.asked_at,
    acknowledged_at: null,
    declined_at: null,
    reason: "",
    joined_at: null,
    used_at: null,
    led_at: null,
  };
}

function consultationView(mirror: Mirror, row: ConsultationRow): ConsultationView {
  const { request, version, urgent, due, outcome, answerer, answer, ended_at: endedAt } = row;
  const questions = ASKED.filter((one) => row.questions.includes(one));
  const waits = answerOf(mirror, row.id) !== undefined;
  return { request, version, urgent, due, outcome, answerer, answer, questions, endedAt, waits };
}

type Shared = { mirror: Mirror; stuck: Stuck; me: string };

function noteView(
  shared: Shared,
  row: NoteRow,
  own: string,
  consultation: ConsultationView | null = null,
): NoteView {
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
    consultation,
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
