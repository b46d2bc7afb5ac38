/** What an own act is called, by its name in casehub/core/roles.yaml. */

import { type Key, t } from "./words";

const NAMES: Readonly<Record<string, Key | undefined>> = {
  "accounts.account.close": "act.accountClosed",
  "accounts.passkey.register-finish": "act.factor",
  "accounts.passkey.remove": "act.factor",
  "accounts.recovery-codes.make": "act.factor",
  "accounts.session.end": "act.sessionEnded",
  "accounts.sessions.end-others": "act.sessionEnded",
  "accounts.totp.confirm": "act.factor",
  "accounts.totp.offer": "act.factor",
  "accounts.unlock-share.give": "act.automatic",
  "cases.case.open": "act.caseOpened",
  "cases.case.read": "act.caseRead",
  "cases.person.add": "act.readerIn",
  "cases.person.remove": "act.readerOut",
  "cases.reader.add": "act.readerIn",
  "cases.reader.remove": "act.readerOut",
  "cases.thread.open": "act.threadOpened",
  "demo.identity-key.give": "act.automatic",
  "directory.device.register": "act.deviceRegistered",
  "directory.device.select": "act.deviceSelected",
  "messaging.commit.accept": "act.automatic",
  "messaging.group-info.read": "act.automatic",
  "messaging.group.start": "act.automatic",
  "messaging.key-packages.claim": "act.automatic",
  "messaging.key-packages.publish": "act.automatic",
  "messaging.message.post": "act.message",
  "messaging.welcome.collect": "act.automatic",
  "requests.attestation.make": "act.attestation",
  "requests.reader.add": "act.readerIn",
  "requests.reader.remove": "act.readerOut",
  "requests.request.open": "act.requestOpened",
  "requests.request.read": "act.requestRead",
  "requests.turn.give-back": "act.turn",
  "requests.turn.take": "act.turn",
  "requests.version.save": "act.version",
};

/** What the programs do among themselves: of interest only while it is not proven. */
export function isAutomatic(act: string): boolean {
  return NAMES[act] === "act.automatic";
}

/** An act in words; one that this page does not know is another act. */
export function actName(act: string): string {
  return t(NAMES[act] ?? "act.other");
}
