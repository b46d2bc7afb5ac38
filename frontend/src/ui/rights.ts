/**
 * Which acts the page offers to whom.
 *
 * Only comfort: the server decides by casehub/core/roles.yaml, and its refusal is shown in words.
 */

import type { CaseView, Person, SessionInfo } from "./client";

const OPENS: ReadonlySet<string> = new Set(["liaison"]);
const SETS_ASIDE: ReadonlySet<string> = new Set(["coordinator"]);
const AUDITS_STATE: ReadonlySet<string> = new Set(["national-auditor"]);
const AUDITS_REGION: ReadonlySet<string> = new Set(["regional-auditor"]);
const IS_AUDITED: ReadonlySet<string> = new Set(["coordinator"]);
const READS: ReadonlySet<string> = new Set(["liaison", "coordinator"]);

function has(session: SessionInfo, roles: ReadonlySet<string>): boolean {
  return session.person?.roles.some((role) => roles.has(role)) ?? false;
}

/** Whether this session's person opens case files. */
export function mayOpenCase(session: SessionInfo): boolean {
  return has(session, OPENS);
}

/** Whether this session's person adds others to a case file. */
export function mayAdd(session: SessionInfo): boolean {
  return has(session, OPENS);
}

/** Whether this session's person answers for a rule that blocks being set aside. */
export function maySetAside(session: SessionInfo): boolean {
  return has(session, SETS_ASIDE);
}

/** Whether this session's person reads case files, and so has a device and a directory. */
export function mayRead(session: SessionInfo): boolean {
  return has(session, READS);
}

/** Whether this session's person opens threads in a case file of theirs. */
export function mayOpenThread(session: SessionInfo): boolean {
  return has(session, READS);
}

/** Whether this session's person searches the acts of their State. */
export function mayAuditState(session: SessionInfo): boolean {
  return has(session, AUDITS_STATE);
}

/** Whether this session's person reads the region's statistics. */
export function mayAuditRegion(session: SessionInfo): boolean {
  return has(session, AUDITS_REGION);
}

/** Whether this session's person has the page of the log: as auditor, of whatever. */
export function mayAudit(session: SessionInfo): boolean {
  return mayAuditState(session) || mayAuditRegion(session);
}

/** Whether this session's person sees who audited their State. */
export function maySeeAudits(session: SessionInfo): boolean {
  return has(session, IS_AUDITED);
}

/** Whether a person of the directory can be a reader of a case file. */
export function mayEnter(person: Person): boolean {
  return person.roles.some((role) => READS.has(role));
}

/** Persons of one's own State, or any person for the owner; never the owner. */
export function mayRemove(caseFile: CaseView, session: SessionInfo, person: Person): boolean {
  if (session.person === null || person.id === caseFile.owner) return false;
  if (!caseFile.people.some((member) => member.id === person.id)) return false;
  return session.person.id === caseFile.owner || session.person.state === person.state;
}
