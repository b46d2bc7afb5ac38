/** Moves of a request in words, by the codes of requests_mla/codes.py. */

import { type Key, t } from "../words";

/** What a step is called on its button. */
export const ACTS: Readonly<Record<string, Key | undefined>> = {
  "ask-changes": "move.act.ask-changes",
  authorise: "move.act.authorise",
  transmit: "move.act.transmit",
  confirm: "move.act.confirm",
  acknowledge: "move.act.acknowledge",
  "ask-information": "move.act.ask-information",
  "give-information": "move.act.give-information",
  begin: "move.act.begin",
  "answer-part": "move.act.answer-part",
  execute: "move.act.execute",
  postpone: "move.act.postpone",
  resume: "move.act.resume",
  return: "move.act.return",
  refuse: "move.act.refuse",
  withdraw: "move.act.withdraw",
  expire: "move.act.expire",
  close: "move.act.close",
};

/** The same, done, as a sentence. */
export const DID: Readonly<Record<string, Key | undefined>> = {
  "ask-changes": "move.did.ask-changes",
  authorise: "move.did.authorise",
  transmit: "move.did.transmit",
  confirm: "move.did.confirm",
  acknowledge: "move.did.acknowledge",
  "ask-information": "move.did.ask-information",
  "give-information": "move.did.give-information",
  begin: "move.did.begin",
  "answer-part": "move.did.answer-part",
  execute: "move.did.execute",
  postpone: "move.did.postpone",
  resume: "move.did.resume",
  return: "move.did.return",
  refuse: "move.did.refuse",
  withdraw: "move.did.withdraw",
  expire: "move.did.expire",
  close: "move.did.close",
};

/** By which way a request leaves. */
export const CHANNELS: Readonly<Record<string, Key | undefined>> = {
  paper: "move.channel.paper",
  diplomatic: "move.channel.diplomatic",
  electronic: "move.channel.electronic",
  interpol: "move.channel.interpol",
  oral: "move.channel.oral",
  network: "move.channel.network",
};

/** In which language a request leaves. */
export const LANGUAGES: Readonly<Record<string, Key | undefined>> = {
  es: "desig.language.es",
  en: "desig.language.en",
  fr: "desig.language.fr",
};

/** What the requested State attaches to what it hands over. */
export const CONDITIONS: Readonly<Record<string, Key | undefined>> = {
  "this-case-only": "move.condition.this-case-only",
  confidential: "move.condition.confidential",
  "return-originals": "move.condition.return-originals",
  "ask-before-other-use": "move.condition.ask-before-other-use",
};

/** Grounds, defects, reasons and outcomes. */
export const CODES: Readonly<Record<string, Key | undefined>> = {
  R01: "move.code.R01",
  R02: "move.code.R02",
  R03: "move.code.R03",
  R04: "move.code.R04",
  R05: "move.code.R05",
  R06: "move.code.R06",
  R07: "move.code.R07",
  R08: "move.code.R08",
  R09: "move.code.R09",
  R10: "move.code.R10",
  R11: "move.code.R11",
  R12: "move.code.R12",
  R13: "move.code.R13",
  R14: "move.code.R14",
  D01: "move.code.D01",
  D02: "move.code.D02",
  D03: "move.code.D03",
  D04: "move.code.D04",
  D05: "move.code.D05",
  D06: "move.code.D06",
  D07: "move.code.D07",
  D08: "move.code.D08",
  P01: "move.code.P01",
  "no-longer-needed": "move.code.no-longer-needed",
  "obtained-otherwise": "move.code.obtained-otherwise",
  "new-request": "move.code.new-request",
  useful: "move.code.useful",
  "partly-useful": "move.code.partly-useful",
  "not-useful": "move.code.not-useful",
};

/** A code in words; one this page does not know stays as it is. */
export function wordOf(words: Readonly<Record<string, Key | undefined>>, code: string): string {
  const key = words[code];
  return key === undefined ? code : t(key);
}
