/** What an own act is called, by its name in casehub/core/roles.yaml. */

import { type Key, t } from "./words";

const NAMES: Readonly<Record<string, Key | undefined>> = {
  "accounts.account.close": "mine.accountClosed",
  "accounts.code.check": "mine.signedIn",
  "accounts.passkey.finish": "mine.signedIn",
  "accounts.passkey.register-finish": "mine.factor",
  "accounts.passkey.remove": "mine.factor",
  "accounts.recovery-codes.make": "mine.factor",
  "accounts.backup.keep": "mine.automatic",
  "accounts.backup.read": "mine.automatic",
  "accounts.rules.accept": "mine.rules",
  "accounts.session.end": "mine.sessionEnded",
  "accounts.sessions.end-others": "mine.sessionEnded",
  "accounts.totp.confirm": "mine.factor",
  "accounts.totp.offer": "mine.factor",
  "accounts.unlock-share.give": "mine.automatic",
  "cases.case.open": "mine.caseOpened",
  "cases.case.read": "mine.caseRead",
  "cases.person.add": "mine.readerIn",
  "cases.person.remove": "mine.readerOut",
  "cases.reader.add": "mine.readerIn",
  "cases.reader.remove": "mine.readerOut",
  "cases.state.accept": "mine.stateAccepted",
  "cases.state.consent": "mine.stateConsented",
  "cases.state.object": "mine.stateObjected",
  "cases.state.propose": "mine.stateProposed",
  "cases.state.refuse": "mine.stateRefused",
  "cases.state.withdraw": "mine.stateWithdrawn",
  "cases.thread.open": "mine.threadOpened",
  "demo.identity-key.give": "mine.automatic",
  "directory.device.ask": "mine.deviceAsked",
  "directory.device.name": "mine.deviceRegistered",
  "directory.device.refuse": "mine.deviceRefused",
  "directory.device.register": "mine.deviceRegistered",
  "directory.device.revoke": "mine.stopped",
  "directory.device.renew": "mine.automatic",
  "directory.device.select": "mine.deviceSelected",
  "directory.person.remove": "mine.stopped",
  "directory.person.suspend": "mine.stopped",
  "directory.state.confirm-stop": "mine.stopped",
  "directory.state.lift": "mine.stopped",
  "directory.state.stop": "mine.stopped",
  "messaging.commit.accept": "mine.automatic",
  "messaging.group-info.read": "mine.automatic",
  "messaging.group.start": "mine.automatic",
  "messaging.key-packages.claim": "mine.automatic",
  "messaging.key-packages.publish": "mine.automatic",
  "messaging.message.acknowledge": "mine.messageAcknowledged",
  "messaging.message.edit": "mine.messageEdited",
  "messaging.message.ask-leave": "mine.leave",
  "messaging.message.give-leave": "mine.leave",
  "messaging.message.refuse-leave": "mine.leave",
  "messaging.message.pin": "mine.messagePinned",
  "messaging.message.post": "mine.message",
  "messaging.message.unpin": "mine.messagePinned",
  "messaging.message.withdraw": "mine.messageWithdrawn",
  "messaging.thread.reopen": "mine.threadSettled",
  "messaging.thread.resolve": "mine.threadSettled",
  "messaging.welcome.collect": "mine.automatic",
  "requests.attestation.make": "mine.attestation",
  "requests.reader.add": "mine.readerIn",
  "requests.reader.remove": "mine.readerOut",
  "requests.request.open": "mine.requestOpened",
  "requests.request.read": "mine.requestRead",
  "requests.turn.give-back": "mine.turn",
  "requests.turn.take": "mine.turn",
  "requests.version.save": "mine.version",
};

/** What the programs do among themselves: of interest only while it is not proven. */
export function isAutomatic(act: string): boolean {
  return NAMES[act] === "mine.automatic";
}

/** An act in words; one that this page does not know is another act. */
export function actName(act: string): string {
  return t(NAMES[act] ?? "mine.other");
}
