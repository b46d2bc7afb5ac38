/** An entry of an export in words, the same on the page that checks it and in its PDF. */

import type { Purpose } from "../../crypto/exportWish";
import type { Code, Handling } from "../../crypto/handling";
import { digestOf, shortDigest } from "../../fingerprint";
import type { Held } from "./form";
import type { Row } from "./record";

export type Say = (key: string, args?: Readonly<Record<string, string | number>>) => string;

/** A label of ours and a text of theirs: never in one string, so that neither can pose as the other. */
export type Part = { readonly label: string; readonly text: string };

const WHAT: Readonly<Record<Row["what"], string>> = {
  text: "bundle.court.said",
  edit: "bundle.court.edit",
  withdraw: "bundle.court.withdraw",
  acknowledge: "bundle.court.acknowledge",
  pin: "bundle.court.pin",
  unpin: "bundle.court.unpin",
  "ask-leave": "bundle.court.askLeave",
  "give-leave": "bundle.court.giveLeave",
  "refuse-leave": "bundle.court.refuseLeave",
  resolve: "bundle.court.resolve",
  reopen: "bundle.court.reopen",
  held: "bundle.court.held",
  members: "bundle.court.members",
  title: "bundle.court.said",
  version: "bundle.court.said",
  comment: "bundle.court.said",
  "comment-resolved": "bundle.court.said",
  "give-history": "bundle.court.said",
};
const HELD: Readonly<Record<Held, string>> = {
  code: "bundle.court.held.code",
  quotes: "bundle.court.held.quotes",
  carries: "bundle.court.held.carries",
  withdrawn: "bundle.court.held.withdrawn",
  unsigned: "bundle.court.held.unsigned",
  unreadable: "bundle.court.held.unreadable",
  beside: "bundle.court.held.beside",
  outside: "bundle.court.held.outside",
};
/** The words of `handling.*`, as the page says them: the page that checks a file knows no others. */
const CODES: Readonly<Record<Code, string>> = {
  lawful: "bundle.court.code.lawful",
  court: "bundle.court.code.court",
  onward: "bundle.court.code.onward",
  conditions: "bundle.court.code.conditions",
};
const PURPOSE: Readonly<Record<Purpose, string>> = {
  trial: "bundle.court.purpose.trial",
  investigation: "bundle.court.purpose.investigation",
  hearing: "bundle.court.purpose.hearing",
  appeal: "bundle.court.purpose.appeal",
  other: "bundle.court.purpose.other",
};

export const purposeIn = (say: Say, purpose: Purpose): string => say(PURPOSE[purpose]);
export const heldIn = (say: Say, why: Held): string => say(HELD[why]);

/** What was done, without a word of theirs. */
export function headOf(row: Row, say: Say): string {
  const { what, about = 0, why, added = 0, removed = 0 } = row;
  const args = { about, added, removed };
  const head = say(WHAT[what], args);
  return why === undefined ? head : `${head} ${heldIn(say, why)}`;
}

/** What was said, with what belongs to it. */
export function partsOf(row: Row, say: Say, moment: (ms: number) => string): Part[] {
  const { quote, carried, text, files = [], handling, urgent, asks, matches } = row;
  const parts: Part[] = [];
  const add = (label: string, said: string) => parts.push({ label, text: said });
  if (urgent) add(say("bundle.court.urgent"), "");
  if (quote) {
    const how = quote.matches === null ? "unknown" : quote.matches ? "same" : "other";
    add(say("bundle.court.quote", { seq: quote.seq, how }), quote.excerpt);
  }
  if (carried) {
    add(say("bundle.court.carried", { at: moment(Date.parse(carried.at)) }), carried.name);
    add(say("bundle.court.carriedText"), carried.text);
  }
  if (text !== undefined && text !== "") add("", text);
  for (const { name, size, sha256 } of files) {
    add(say("bundle.court.file", { size }), name);
    add(say("bundle.court.fingerprint"), shortDigest(sha256));
    add(say("bundle.court.fingerprintWhole"), digestOf(sha256));
  }
  if (handling) add(say("bundle.court.handling"), codesIn(say, handling));
  if (handling?.conditions !== undefined) {
    add(say("bundle.court.conditions"), handling.conditions);
  }
  if (asks) add(say("bundle.court.asks"), "");
  if (row.what === "acknowledge" && matches !== true) {
    add(say(matches === null ? "bundle.court.ack.unknown" : "bundle.court.ack.other"), "");
  }
  return parts;
}

const codesIn = (say: Say, { codes }: Handling): string =>
  codes.map((code) => say(CODES[code])).join(" · ");

/** Characters that would turn a line around, or are drawn as nothing, are seen as what they are. */
export function visible(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is shown
    /[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\u{e0000}-\u{e007f}]/gu,
    (letter) => `[U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`,
  );
}
