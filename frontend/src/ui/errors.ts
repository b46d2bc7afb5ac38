/** What to tell a person when something was refused: code, what happened, what to do. */

import { spaced } from "../french";
import { type Language, preferences } from "./preferences.svelte";
import { moment, zoneHere } from "./time";
import { type Key, refusalIn, say, t } from "./words";

export type ShownError = { code: string; message: string; do: string };

function textOf(value: object, field: string): string {
  const found: unknown = Reflect.get(value, field);
  return typeof found === "string" ? found : "";
}

/** From when on what was refused may be done, if it was said. */
function untilOf(error: object): string | undefined {
  const params: unknown = Reflect.get(error, "params");
  const until = typeof params === "object" && params !== null ? textOf(params, "until") : "";
  return Number.isNaN(Date.parse(until)) ? undefined : until;
}

function saysUntil(code: string): boolean {
  return refusalIn(preferences.language, code)?.do.includes("{until}") ?? false;
}

/** As browsers put it that a part of the program, needed now for the first time, did not come. */
const UNFETCHED = /dynamically imported module|importing a module script/i;

/** Refusals of this side, which the server knows nothing of. */
const OWN: Readonly<Record<string, readonly [Key, Key] | undefined>> = {
  unreachable: ["error.unreachable", "error.unreachable.do"],
  "malformed-answer": ["error.versions", "error.versions.do"],
  "session-over": ["signin.ended", "signin.endedDo"],
  "passkey-unavailable": ["signin.passkeyNotHere", "error.passkeyCancelled.do"],
  "passkey-cancelled": ["error.passkeyCancelled", "error.passkeyCancelled.do"],
  "message-too-long": ["error.tooLong", "error.tooLong.do"],
  "thread-waiting": ["composer.waiting", "composer.waitingDo"],
  "thread-left": ["composer.left", "composer.leftDo"],
  "thread-not-found": ["thread.missing", "thread.missingDo"],
  "thread-frozen": ["composer.frozen", "composer.frozenDo"],
  "thread-not-frozen": ["error.notFrozen", "error.notFrozen.do"],
  "group-swapped": ["alarm.groupSwapped", "alarm.groupSwappedDo"],
  "message-inconsistent": ["alarm.inconsistent", "alarm.inconsistentDo"],
  "directory-behind": ["alarm.directoryBehind", "alarm.directoryBehindDo"],
  "directory-forged": ["alarm.directoryForged", "alarm.logDo"],
  "directory-withheld": ["alarm.directoryWithheld", "alarm.logDo"],
  "log-forked": ["alarm.logForked", "alarm.logDo"],
  "log-gone": ["alarm.logGone", "alarm.logDo"],
  "log-not-followed": ["error.notFollowed", "error.notFollowed.do"],
  "log-policy": ["alarm.logPolicy", "alarm.logDo"],
  "log-smaller": ["alarm.logSmaller", "alarm.logDo"],
  "log-unchecked": ["alarm.logUnchecked", "alarm.logUncheckedDo"],
  "log-unproven": ["alarm.logUnproven", "alarm.logDo"],
  "record-pair": ["error.recordPair", "error.recordPair.do"],
  "record-untrue": ["error.recordUntrue", "error.recordUntrue.do"],
  "attachment-damaged": ["error.fileDamaged", "error.fileDamaged.do"],
  "letter-files-gone": ["error.letterFiles", "error.letterFiles.do"],
  "attachment-swept": ["error.fileSwept", "error.fileSwept.do"],
  "attachment-gone": ["error.fileGone", "error.fileGone.do"],
  "attachment-many": ["error.fileMany", "error.fileMany.do"],
  "attachment-other": ["error.fileOther", "error.fileOther.do"],
  "attachment-too-large": ["error.fileLarge", "error.fileLarge.do"],
  "already-sent": ["error.alreadySent", "error.alreadySent.do"],
  "version-untrue": ["alarm.versionUntrue", "alarm.versionUntrueDo"],
  "version-key-missing": ["error.versionKey", "error.versionKey.do"],
  "draft-too-long": ["error.draftLong", "error.draftLong.do"],
  "draft-altered": ["error.draftAltered", "error.draftAltered.do"],
  "draft-author": ["error.draftAuthor", "error.draftAltered.do"],
  "draft-malformed": ["error.draftMalformed", "error.draftMalformed.do"],
  "draft-rolled-back": ["error.draftRolledBack", "error.draftAltered.do"],
  "rulebook-missing": ["error.rulebook", "error.versions.do"],
  "attestation-missing": ["error.attestedSignature", "error.attested.do"],
  "attestation-device": ["error.attestedSignature", "error.attested.do"],
  "attestation-signature": ["error.attestedSignature", "error.attested.do"],
  "attestation-commitment": ["error.attestedText", "error.attested.do"],
  "attestation-rulebook": ["error.attestedBook", "error.versions.do"],
  "attestation-results": ["error.attestedResults", "error.attested.do"],
  "attestation-disclosed": ["error.attestedDisclosed", "error.attested.do"],
  "attestation-exception": ["error.attestedException", "error.attested.do"],
  "attestation-lapsed": ["error.attestedLapsed", "error.attested.do"],
  "attestation-ready": ["error.attestedReady", "error.attested.do"],
  "attestation-blocked": ["error.attestedBlocked", "error.attested.do"],
  "attestation-overridden": ["error.attestedResults", "error.attested.do"],
  "import-too-large": ["error.importLarge", "error.importLarge.do"],
  "import-not-json": ["error.importJson", "error.importJson.do"],
  "import-other-schema": ["error.importSchema", "error.importSchema.do"],
  "import-too-deep": ["error.importDeep", "error.importSchema.do"],
  "import-header": ["error.importHeader", "error.importHeader.do"],
  "import-other-state": ["error.importState", "error.importState.do"],
  "import-not-kept": ["error.importKept", "error.importKept.do"],
  "import-unreadable": ["error.importUnread", "error.importUnread.do"],
  "kind-unknown": ["error.kindUnknown", "error.kindUnknown.do"],
  "export-unproven": ["error.exportUnproven", "error.exportUnproven.do"],
  "export-unsound": ["error.exportUnsound", "error.exportUnsound.do"],
  "export-elsewhere": ["error.exportElsewhere", "error.exportElsewhere.do"],
  "export-page": ["error.exportPage", "error.exportPage.do"],
  "own-lost": ["error.ownLost", "error.ownLost.do"],
  "letterhead-picture": ["error.letterheadPicture", "error.letterheadPicture.do"],
  "letterhead-too-much": ["error.letterheadMuch", "error.letterheadMuch.do"],
  "template-active": ["error.templateActive", "error.template.do"],
  "template-field": ["error.templateField", "error.template.do"],
  "template-not-word": ["error.templateKind", "error.template.do"],
  "template-too-large": ["error.templateLarge", "error.template.do"],
  "template-outside": ["error.templateOutside", "error.template.do"],
  "template-no-request": ["error.templateRequest", "error.template.do"],
  "template-tags": ["error.templateTags", "error.template.do"],
};

/** The words for `code`: of the shared catalogue, else our own, else the plainest. */
export function wordsOf(
  code: string,
  language: Language = preferences.language,
  until?: string,
): ShownError {
  const entry = refusalIn(language, code);
  // The server fills in its numbers; without its answer there is none to say.
  const plain = (text: string): string => {
    const dated = until && text.replace("{until}", moment(until, language, zoneHere()));
    const whole = (dated || text).replace(/\{\w+\}/g, "…");
    return language === "fr" ? spaced(whole) : whole;
  };
  if (entry !== undefined) return { code, message: plain(entry.message), do: plain(entry.do) };
  const [message, remedy] = OWN[code.startsWith("frozen-") ? "thread-frozen" : code] ?? [
    "error.unknown",
    "error.unknown.do",
  ];
  return { code, message: say(language, message), do: say(language, remedy) };
}

/** The words for a message that arrived but could not be read here. */
export function unreadable(code: string): ShownError {
  if (OWN[code] !== undefined) return wordsOf(code);
  return { code, message: t("error.unreadable"), do: t("error.unreadable.do") };
}

/**
 * The words for anything thrown.
 *
 * What the server said in the person's language wins; then the catalogue by code; an error of the
 * browser (a passkey dialog that was closed) by its name. Never the text of an unknown exception:
 * it is written for programmers and may quote content.
 */
export function shown(error: unknown): ShownError {
  if (typeof error !== "object" || error === null) return wordsOf("unexpected");
  const code = textOf(error, "code");
  const name = textOf(error, "name");
  if (name === "NotAllowedError" || name === "AbortError") {
    return wordsOf("passkey-cancelled");
  }
  if (name === "TypeError" && UNFETCHED.test(textOf(error, "message"))) {
    return wordsOf("unreachable");
  }
  if (code === "") return wordsOf("unexpected");
  // A moment is said on the reader's own clock, whoever named it.
  const until = untilOf(error);
  if (until !== undefined && saysUntil(code)) return wordsOf(code, preferences.language, until);
  const remedy = textOf(error, "do");
  if (remedy !== "") return { code, message: textOf(error, "message"), do: remedy };
  return wordsOf(code);
}
