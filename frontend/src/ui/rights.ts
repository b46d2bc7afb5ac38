/**
 * Which acts the page offers to whom.
 *
 * Only comfort: the server decides by casehub/core/roles.yaml, and its refusal is shown in words.
 */

import { EXCEPTION, MAY } from "../roles";
import type { CaseView, NoteView, Person, SessionInfo } from "./client";

const isOneOf = (roles: readonly string[], of: readonly string[]): boolean =>
  roles.some((role) => of.includes(role));

function has(session: SessionInfo, roles: readonly string[]): boolean {
  return isOneOf(session.person?.roles ?? [], roles);
}

/** The same for what is more than reading: not offered any more once a designation is over. */
function acts(session: SessionInfo, roles: readonly string[]): boolean {
  return session.reads_until === null && has(session, roles);
}

/** Whether this session's person may do an act at all, by their roles; for acts with no rule of their own here. */
export function acting(session: SessionInfo, act: keyof typeof MAY): boolean {
  return acts(session, MAY[act]);
}

/** Whether nothing more is added to a case: it was closed. */
export function isClosed({ keeping }: Pick<CaseView, "keeping">): boolean {
  return (keeping?.closed_at ?? null) !== null;
}

/** Whether this session's person is shown how long cases are kept that they need not be in. */
export function mayKeep(session: SessionInfo): boolean {
  return has(session, MAY["cases.hold.place"]) || has(session, MAY["cases.retention.agree"]);
}

/** Whether this session's person only reads any more: their designation is over. */
export function onlyReads(session: SessionInfo): boolean {
  return session.reads_until !== null;
}

/** Whether this session's person opens case files. */
export function mayOpenCase(session: SessionInfo): boolean {
  return acts(session, MAY["cases.case.open"]);
}

/** Whether this session's person proposes to open a case file to another State. */
export function mayProposeState(session: SessionInfo): boolean {
  return has(session, MAY["cases.state.propose"]);
}

/** Whether this session's person follows requests between the States, wherever they are a party. */
export function mayFollow(session: SessionInfo): boolean {
  return has(session, MAY["requests.dossiers.list"]);
}

/** Whether this session's person consents to that for their State. */
export function mayConsentToState(session: SessionInfo): boolean {
  return has(session, MAY["cases.state.consent"]);
}

/** Whether this session's person asks to carry threads to a court. */
export function mayExport(session: SessionInfo): boolean {
  return acts(session, MAY["custody.export.ask"]);
}

/** Whether this session's person may be the second pair of eyes for an export. */
export function mayConsentToExport(session: SessionInfo, row: { state: string }): boolean {
  return row.state === session.person?.state && acts(session, MAY["custody.export.agree"]);
}

/** Whether this session's person adds others to a case file. */
export function mayAdd(session: SessionInfo): boolean {
  return acts(session, MAY["cases.person.add"]);
}

/** Whether this session's person answers for a rule that blocks being set aside. */
export function maySetAside(session: SessionInfo): boolean {
  return acts(session, EXCEPTION["requests.attestation.make"]);
}

/** Whether this session's person reads case files, and so has a device and a directory. */
export function mayRead(session: SessionInfo): boolean {
  return has(session, MAY["cases.case.read"]);
}

/** Whether this session's person opens threads in a case file of theirs. */
export function mayOpenThread(session: SessionInfo): boolean {
  return acts(session, MAY["cases.thread.open"]);
}

/** Whether this session's person tells focal points of other States something out of a case. */
export function mayTell(session: SessionInfo): boolean {
  return acts(session, MAY["notes.note.send"]);
}

/** Whether this session's person says what became of what their State was told. */
export function maySayOfNote(session: SessionInfo, note: NoteView): boolean {
  const own = session.person?.state === note.state;
  const isNote = note.consultation === null && note.step !== "declined";
  return own && isNote && acts(session, MAY["notes.note.acknowledge"]);
}

/** Whether this session's person asks focal points of another State about a request. */
export function mayConsult(session: SessionInfo): boolean {
  return acts(session, MAY["requests.consultation.ask"]);
}

/** Whether this session's person answers what their State was asked, and still waits. */
export function mayAnswer(session: SessionInfo, { state, consultation }: NoteView): boolean {
  const isOpen = consultation?.outcome === "" && session.person?.state === state;
  return isOpen && acts(session, MAY["requests.consultation.answer"]);
}

/** Whether this session's person answered a consultation and may say the rest of it once more. */
export function maySayAgain(session: SessionInfo, { consultation }: NoteView): boolean {
  const isOwn = consultation !== null && consultation.answerer === session.person?.id;
  return isOwn && acts(session, MAY["requests.consultation.answer"]);
}

/** Whether this session's person searches the acts of their State. */
export function mayAuditState(session: SessionInfo): boolean {
  return has(session, MAY["oversight.log.query"]);
}

/** Whether this session's person reads the region's statistics. */
export function mayAuditRegion(session: SessionInfo): boolean {
  return has(session, MAY["oversight.statistics.read"]);
}

/** Whether this session's person has the page of the log: as auditor, of whatever. */
export function mayAudit(session: SessionInfo): boolean {
  return mayAuditState(session) || mayAuditRegion(session);
}

/** Whether this session's person sees who audited their State. */
export function maySeeAudits(session: SessionInfo): boolean {
  return has(session, MAY["oversight.audits.list"]);
}

/** Whether this session's person has deadlines of their own. */
export function mayHaveDeadlines(session: SessionInfo): boolean {
  return has(session, MAY["deadlines.list"]);
}

/** Whether this session's person reads how cooperation goes, of their State or of the region. */
export function maySeeIndicators(session: SessionInfo): boolean {
  return has(session, MAY["indicators.quarter.read"]);
}

/** Whether they read it of a quarter that runs, too: a State's auditor, who sees each of its acts. */
export function maySeeRunningQuarter(session: SessionInfo): boolean {
  return (session.person?.state ?? "") !== "" && acts(session, ["national-auditor"]);
}

/** Whether this session's person sees the designations of their State. */
export function mayDesignate(session: SessionInfo): boolean {
  return has(session, MAY["designations.list"]);
}

/** Whether this session's person drafts designations, and goes on with them. */
export function mayDraft(session: SessionInfo): boolean {
  return acts(session, MAY["designations.designation.draft"]);
}

/** Whether this session's person says each quarter that their State's directory is true. */
export function mayConfirmStanding(session: SessionInfo): boolean {
  return acts(session, MAY["designations.standing.confirm"]);
}

/** Whether this session's person may be told by e-mail that something waits for them. */
export function mayHaveDigest(session: SessionInfo): boolean {
  return acts(session, MAY["digests.setting.change"]);
}

/** Whether this session's person is told what all States are told. */
export function mayHear(session: SessionInfo): boolean {
  return has(session, MAY["directory.notices.list"]);
}

/** Whether this session's person takes note of it for their State. */
export function mayAcknowledge(session: SessionInfo): boolean {
  return acts(session, MAY["directory.notice.acknowledge"]);
}

/** Whether somebody of the directory has devices to compare: who is in force and reads case files. */
export function mayCompare(card: Pick<Person, "status" | "roles">): boolean {
  return card.status === "in-force" && isOneOf(card.roles, MAY["cases.case.read"]);
}

/** Whether a person of the directory can be a reader of a case file. */
export function mayEnter(person: Person): boolean {
  return (
    person.status === "in-force" &&
    person.stopped === null &&
    isOneOf(person.roles, MAY["cases.case.read"])
  );
}

/** Whether another State may tell or ask a person something: the focal points, by designation. */
export function mayBeAsked(person: Person): boolean {
  return mayEnter(person) && person.functions.includes("focal-point");
}

/** Whether this session's person keeps their State's part of the directory true. */
export function mayKeepDirectory(session: SessionInfo): boolean {
  return acts(session, MAY["directory.office.change"]);
}

/** Whether this session's person changes what their office prints over its letters. */
export function mayChangeLetterhead(session: SessionInfo): boolean {
  return acts(session, MAY["papers.letterhead.change"]);
}

/** Whether this session's person makes documents of requests. */
export function mayMakeDocuments(session: SessionInfo): boolean {
  return acts(session, MAY["papers.documents.make"]);
}

/** Whether somebody answers for their State, and so may be on duty for it. */
export function answersForState(person: { readonly roles: readonly string[] }): boolean {
  return isOneOf(person.roles, MAY["directory.office.change"]);
}

/** Whether this session's person is shown contacts at all; of whom, the server says. */
export function mayOpenContact(session: SessionInfo): boolean {
  return acts(session, MAY["directory.contact.open"]);
}

/** Whether this session's person can be reached by a contact of their own. */
export function mayGiveContact(session: SessionInfo): boolean {
  return acts(session, MAY["directory.contact.give"]);
}

/** Whether this session's person is told of single people, not only how many there are. */
export function maySeePeople(session: SessionInfo): boolean {
  return has(session, MAY["directory.card.open"]);
}

/** Whether a person is whom others of their State call: who answers for exceptions. */
export function isCoordinator(person: Person): boolean {
  return isOneOf(person.roles, EXCEPTION["requests.attestation.make"]);
}

/** Whether a person is of their State's central authority: who receives requests for it. */
export function isOfCentralAuthority(person: Person): boolean {
  return person.roles.includes("central-authority");
}

/** Whether a person is of their State's ministry: whose act names everybody else. */
export function isOfMinistry(person: Person): boolean {
  return isOneOf(person.roles, MAY["designations.designation.approve"]);
}

/** As much of a person as an act that stops them needs. */
export type Stoppable = Pick<Person, "id" | "name" | "state" | "stopped">;

/** Whether this session's person may stop this one; oneself is stopped from the account's page. */
export function maySuspend(session: SessionInfo, person: Stoppable): boolean {
  if (session.person === null || session.person.id === person.id) return false;
  if (person.stopped?.kind === "suspended" || person.stopped?.kind === "removed") return false;
  const { state } = session.person;
  if (state === "") return mayStopState(session, person.state); // on call for everybody
  if (state !== person.state) return false;
  return acts(session, MAY["directory.person.remove"]) || mayAuditState(session);
}

/** Whether this session's person may end this one's access for good. */
export function mayDismiss(session: SessionInfo, person: Stoppable): boolean {
  if (session.person === null || session.person.id === person.id) return false;
  if (person.stopped?.kind === "removed") return false;
  return acts(session, MAY["directory.person.remove"]) && session.person.state === person.state;
}

/** Whether this session's person may stop access of a State, or see how that stands. */
export function mayStopState(session: SessionInfo, code: string): boolean {
  const own = session.person?.state; // the region's own are on call for every State
  return acts(session, MAY["directory.state.stop"]) && (own === "" || own === code);
}

/** Whether this session's person may ask that access of a State be opened again. */
export function mayLift(session: SessionInfo, code: string): boolean {
  return acts(session, MAY["directory.state.lift"]) && session.person?.state === code;
}

/** Persons of one's own State, or any person for the owner; never the owner. */
export function mayRemove(caseFile: CaseView, session: SessionInfo, person: Person): boolean {
  if (session.person === null || person.id === caseFile.owner || onlyReads(session)) return false;
  if (!caseFile.people.some((member) => member.id === person.id)) return false;
  return session.person.id === caseFile.owner || session.person.state === person.state;
}
