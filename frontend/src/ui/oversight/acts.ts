/** The acts of the log in words, by the kinds of docs/reference/events.md. */

import { type Key, t } from "../words";

const AREAS: Readonly<Record<string, Key | undefined>> = {
  accounts: "area.accounts",
  audit: "area.audit",
  cases: "area.cases",
  core: "area.core",
  custody: "area.custody",
  demo: "area.demo",
  designations: "area.designations",
  digests: "area.digests",
  directory: "area.directory",
  erased: "area.erased",
  indicators: "area.indicators",
  messaging: "area.messaging",
  notes: "area.notes",
  oversight: "area.oversight",
  papers: "area.papers",
  requests: "area.requests",
};

const ACTS: Readonly<Record<string, Key | undefined>> = {
  "accounts.account.closed": "act.accountClosed",
  "accounts.account.opened": "act.accountOpened",
  "accounts.backup.given": "act.backupGiven",
  "accounts.backup.kept": "act.backupKept",
  "accounts.factor-policy.set": "act.factorPolicySet",
  "accounts.kit.proven": "act.kitProven",
  "accounts.passkey.added": "act.passkeyAdded",
  "accounts.passkey.removed": "act.passkeyRemoved",
  "accounts.recovery-codes.made": "act.recoveryCodesMade",
  "accounts.rules.accepted": "act.rulesAccepted",
  "accounts.session.ended": "act.sessionEnded",
  "accounts.sign-in.completed": "act.signInCompleted",
  "accounts.sign-in.refused": "act.signInRefused",
  "accounts.sign-in.renewed": "act.signInRenewed",
  "accounts.totp.added": "act.totpAdded",
  "accounts.totp.offered": "act.totpOffered",
  "accounts.unlock-share.given": "act.unlockShareGiven",
  "audit.bundle.exported": "act.bundleExported",
  "audit.event.erased": "act.eventErased",
  "audit.key.rotated": "act.keyRotated",
  "audit.log.succeeded": "act.logSucceeded",
  "cases.case.closed": "act.caseClosed",
  "cases.case.erased": "act.caseErased",
  "cases.case.opened": "act.caseOpened",
  "cases.case.read": "act.caseRead",
  "cases.case.reopened": "act.caseReopened",
  "cases.circle.erased": "act.circleErased",
  "cases.hold.lift-asked": "act.holdLiftAsked",
  "cases.hold.lift-refused": "act.holdLiftRefused",
  "cases.hold.lifted": "act.holdLifted",
  "cases.hold.placed": "act.holdPlaced",
  "cases.person.added": "act.personAdded",
  "cases.person.removed": "act.personRemoved",
  "cases.reader.added": "act.readerAdded",
  "cases.reader.removed": "act.readerRemoved",
  "cases.retention.changed": "act.retentionChanged",
  "cases.retention.proposed": "act.retentionProposed",
  "cases.retention.refused": "act.retentionRefused",
  "cases.retention.shortened": "act.retentionShortened",
  "cases.state.accepted": "act.stateAccepted",
  "cases.state.consented": "act.stateConsented",
  "cases.state.objected": "act.stateObjected",
  "cases.state.proposed": "act.stateProposed",
  "cases.state.refused": "act.stateRefused",
  "cases.state.withdrawn": "act.stateWithdrawn",
  "cases.thread.opened": "act.threadOpened",
  "core.act.refused": "act.actRefused",
  "core.callers.refused": "act.callersRefused",
  "core.proof.asked": "act.proofAsked",
  "custody.export.agreed": "act.exportAgreed",
  "custody.export.asked": "act.exportAsked",
  "custody.export.made": "act.exportMade",
  "custody.export.refused": "act.exportRefused",
  "demo.identity-key.given": "act.identityKeyGiven",
  "designations.approval.given": "act.approvalGiven",
  "designations.binding.signed": "act.bindingSigned",
  "designations.ceremony.entered": "act.ceremonyEntered",
  "designations.code.made": "act.codeMade",
  "designations.consultation.answered": "act.consultationAnswered",
  "designations.consultation.asked": "act.consultationAsked",
  "designations.consultation.lapsed": "act.consultationLapsed",
  "designations.consultation.withdrawn": "act.consultationWithdrawn",
  "designations.designation.changed": "act.designationChanged",
  "designations.designation.consulted": "act.designationConsulted",
  "designations.designation.drafted": "act.designationDrafted",
  "designations.designation.lapsed": "act.designationLapsed",
  "designations.designation.nominated": "act.designationNominated",
  "designations.designation.rejected": "act.designationRejected",
  "designations.designation.renewed": "act.designationRenewed",
  "designations.expiry.reminded": "act.expiryReminded",
  "designations.key.offered": "act.keyOffered",
  "designations.officer.invited": "act.officerInvited",
  "designations.regional.admitted": "act.regionalAdmitted",
  "designations.regional.dismissed": "act.regionalDismissed",
  "designations.regional.invited": "act.regionalInvited",
  "designations.person.enrolled": "act.personEnrolled",
  "designations.quiet.warned": "act.quietWarned",
  "designations.reading.ended": "act.readingEnded",
  "designations.reinstatement.signed": "act.reinstatementSigned",
  "designations.standing.confirmed": "act.standingConfirmed",
  "designations.standing.missed": "act.standingMissed",
  "digests.mail.failed": "act.mailFailed",
  "digests.mail.handed": "act.mailHanded",
  "digests.setting.changed": "act.digestChanged",
  "directory.card.opened": "act.cardOpened",
  "directory.page.printed": "act.pagePrinted",
  "directory.competence.ended": "act.competenceEnded",
  "directory.competence.entered": "act.competenceEntered",
  "directory.contact.changed": "act.contactChanged",
  "directory.contact.opened": "act.contactOpened",
  "directory.device.asked": "act.deviceAsked",
  "directory.device.refused": "act.deviceRefused",
  "directory.device.registered": "act.deviceRegistered",
  "directory.device.renewed": "act.deviceRenewed",
  "directory.device.revoked": "act.deviceRevoked",
  "directory.device.selected": "act.deviceSelected",
  "directory.hours.changed": "act.hoursChanged",
  "directory.notice.acknowledged": "act.noticeAcknowledged",
  "directory.notices.acknowledged": "act.noticesAcknowledged",
  "directory.office.changed": "act.officeChanged",
  "directory.office.entered": "act.officeEntered",
  "directory.person.entered": "act.personEntered",
  "directory.person.removed": "act.accessEnded",
  "directory.person.suspended": "act.accessSuspended",
  "directory.state.entered": "act.stateEntered",
  "directory.state.lift-asked": "act.stateLiftAsked",
  "directory.state.lifted": "act.stateLifted",
  "directory.state.stop-confirmed": "act.stateStopConfirmed",
  "directory.state.stopped": "act.stateStopped",
  "directory.statement.entered": "act.statementEntered",
  "directory.stop.completed": "act.stopCompleted",
  "directory.stop.reasoned": "act.stopReasoned",
  "directory.stop.repeated": "act.stopRepeated",
  "indicators.quarter.read": "act.indicatorsRead",
  "messaging.attachment.begun": "act.fileBegun",
  "messaging.attachment.completed": "act.fileCompleted",
  "messaging.attachment.opened": "act.fileOpened",
  "messaging.attachment.removed": "act.fileRemoved",
  "messaging.commit.accepted": "act.commitAccepted",
  "messaging.group-info.read": "act.groupInfoRead",
  "messaging.group.started": "act.groupStarted",
  "messaging.history.given": "act.historyGiven",
  "messaging.key-packages.claimed": "act.keyPackagesClaimed",
  "messaging.key-packages.published": "act.keyPackagesPublished",
  "messaging.message.accepted": "act.messageAccepted",
  "messaging.message.acknowledged": "act.messageAcknowledged",
  "messaging.message.edited": "act.messageEdited",
  "messaging.message.leave-asked": "act.leaveAsked",
  "messaging.message.leave-given": "act.leaveGiven",
  "messaging.message.leave-refused": "act.leaveRefused",
  "messaging.message.pinned": "act.messagePinned",
  "messaging.message.unpinned": "act.messageUnpinned",
  "messaging.message.withdrawn": "act.messageWithdrawn",
  "messaging.thread.reopened": "act.threadReopened",
  "messaging.thread.resolved": "act.threadResolved",
  "messaging.welcome.collected": "act.welcomeCollected",
  "notes.note.acknowledged": "act.noteAcknowledged",
  "notes.note.declined": "act.noteDeclined",
  "notes.note.joined": "act.noteJoined",
  "notes.note.led": "act.noteLed",
  "notes.note.sent": "act.noteSent",
  "notes.note.used": "act.noteUsed",
  "oversight.deferral.agreed": "act.deferralAgreed",
  "oversight.deferral.asked": "act.deferralAsked",
  "oversight.deferral.refused": "act.deferralRefused",
  "oversight.entry.opened": "act.entryOpened",
  "oversight.log.exported": "act.logExported",
  "oversight.log.queried": "act.logQueried",
  "oversight.pair-consent.given": "act.pairConsentGiven",
  "oversight.pair-consent.withdrawn": "act.pairConsentWithdrawn",
  "oversight.pair-view.agreed": "act.pairViewAgreed",
  "oversight.pair-view.asked": "act.pairViewAsked",
  "oversight.pair-view.refused": "act.pairViewRefused",
  "oversight.pair.read": "act.pairRead",
  "oversight.statistics.read": "act.statisticsRead",
  "oversight.unmasking.agreed": "act.unmaskingAgreed",
  "oversight.unmasking.asked": "act.unmaskingAsked",
  "oversight.unmasking.refused": "act.unmaskingRefused",
  "oversight.unmasking.told": "act.unmaskingTold",
  "oversight.view.removed": "act.viewRemoved",
  "oversight.view.saved": "act.viewSaved",
  "papers.documents.made": "act.documentsMade",
  "papers.letterhead.changed": "act.letterheadChanged",
  "requests.attestation.made": "act.attestationMade",
  "requests.reader.added": "act.draftReaderAdded",
  "requests.reader.removed": "act.draftReaderRemoved",
  "requests.request.opened": "act.requestOpened",
  "requests.request.read": "act.requestRead",
  "requests.turn.given-back": "act.turnGivenBack",
  "requests.turn.taken": "act.turnTaken",
  "requests.version.saved": "act.versionSaved",
};

/** The areas that can be searched for. */
const SEARCHED: readonly string[] = Object.keys(AREAS).filter((area) => area !== "erased");
export const KINDS: readonly string[] = Object.keys(ACTS);

/** What one looks for by its name: areas with their acts, as a reader of this language has them. */
export function searched(language: string): { area: string; kinds: string[] }[] {
  const { compare } = new Intl.Collator(language);
  const ordered = (codes: readonly string[], name: (code: string) => string) =>
    [...codes].sort((one, other) => compare(name(one), name(other)));
  return ordered(SEARCHED, areaName).map((area) => ({
    area,
    kinds: ordered(
      KINDS.filter((kind) => areaOf(kind) === area),
      actName,
    ),
  }));
}

export function areaOf(kind: string): string {
  return kind === "" ? "erased" : (kind.split(".")[0] ?? kind);
}

/** An area in words; one this page does not know stays as it is. */
export function areaName(area: string): string {
  const key = AREAS[area];
  return key === undefined ? area : t(key);
}

/** An act in words; one this page does not know stays as it is. */
export function actName(kind: string): string {
  if (kind === "") return t("act.erased");
  const key = ACTS[kind];
  return key === undefined ? kind : t(key);
}

export const REFUSED: ReadonlySet<string> = new Set([
  "accounts.sign-in.refused",
  "core.act.refused",
  "core.callers.refused",
]);

export const OUTCOMES = {
  done: "outcome.done",
  refused: "outcome.refused",
  erased: "outcome.erased",
} as const satisfies Record<string, Key>;

export const PROOFS = {
  recorded: "proof.recorded",
  sealed: "proof.sealed",
  cosigned: "proof.cosigned",
} as const satisfies Record<string, Key>;
