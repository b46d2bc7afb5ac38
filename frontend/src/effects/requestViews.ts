/** What the screens of requests draw. */

import type { Consulted } from "../api/consulted";
import type { RequestRow } from "../api/schema";
import type { Draft } from "../rules/book";
import { type FrozenView, frozenView } from "./frozen/view";
import type { Mirror } from "./mirror";
import { type Stage, stageOf } from "./requests/stages";

export type RequestView = {
  id: string;
  caseId: string;
  /** Empty for a drafter who is no longer in the case. */
  caseReference: string;
  circle: string;
  /** Null until this device has read it. */
  title: string | null;
  requestingState: string;
  requestedState: string;
  stage: Stage | "unknown";
  /** The other State or its signatory sent it back, and what was done to it since is not more than writing. */
  cameBack: boolean;
  version: number;
  drafter: string;
  people: string[];
  status: "waiting" | "active" | "left" | "frozen";
  /** What there is to say of a drafting circle that stopped here. */
  frozen: FrozenView | null;
  /** The stopped circle that it goes on from, as whoever began it says. */
  continues: string | null;
  turn: { person: string; until: string; mine: boolean } | null;
  attested: { version: number; rulebook: string; person: string; at: string } | null;
  openedAt: string;
  savedAt: string | null;
  dirty: boolean;
  /**
   * A newest version that is no draft, and who made it. `good`: the last that can be shown, which
   * is on this device; 0 for none.
   */
  malformed: { version: number; person: string; good: number } | null;
  /** What focal points of the requested State were asked, informally, the oldest first. */
  consultations: readonly Consulted[];
};

export type DraftComment = {
  id: string;
  section: string;
  text: string;
  person: string;
  at: string;
  resolved: { person: string; at: string } | null;
};

export type DraftView = {
  draft: Draft;
  /** The version on the server that this draft goes on from. */
  base: number;
  dirty: boolean;
  saving: "idle" | "saving" | "failed";
  /** A code with words in the catalogue of errors. */
  error?: string;
  savedAt: string | null;
  /** The server has a newer version than `base`. */
  behind: boolean;
  /** The turn ended without an act of this person; what was written is still here. */
  turnLost: boolean;
  comments: DraftComment[];
  /** This device's own evaluation, and of what: who signed it is verified, when is the server's word. */
  attestation: {
    agrees: boolean;
    why?: string;
    of?: { version: number; person: string; at: string; former?: Former } | undefined;
  } | null;
};

/**
 * What the signer no longer is, since they signed: designated, at work on that device (`at`: until
 * when), one whose signature an exception takes, a reader of the draft.
 */
export type Former =
  | { what: "designation" | "device"; at: string }
  | { what: "exception" | "reader" };

export function requestViews(mirror: Mirror, me: string): RequestView[] {
  return mirror.requests.map((row) => requestView(mirror, row, me));
}

function requestView(mirror: Mirror, row: RequestRow, me: string): RequestView {
  const { id, circle, version, drafter, people, attested, turn } = row;
  const thread = mirror.threads.get(circle);
  const here = mirror.drafting.get(id);
  const malformed = mirror.malformed.get(id);
  const caseFile = mirror.cases.find((one) => one.id === row.case);
  return {
    id,
    caseId: row.case,
    caseReference: caseFile?.reference ?? "",
    circle,
    title: thread?.name ?? null,
    requestingState: row.requesting_state,
    requestedState: row.requested_state,
    stage: stageOf(row.stage),
    cameBack: row.came_back,
    version,
    drafter,
    people,
    status: thread?.status ?? "waiting",
    frozen: frozenView(mirror, circle, me),
    continues: thread?.continues ?? null,
    turn: turn && { ...turn, mine: turn.person === me },
    attested,
    openedAt: row.opened_at,
    savedAt: row.saved_at,
    dirty: here?.dirty ?? false,
    malformed: malformed === undefined ? null : { ...malformed, good: here?.base ?? 0 },
    consultations: row.consultations,
  };
}
