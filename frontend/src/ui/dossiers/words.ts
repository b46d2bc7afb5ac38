/** Moves of a request in words, by the codes of requests_mla/codes.py. */

import type { Particulars } from "../../crypto/letter";
import type { Dossier, MoveVerdict } from "../client";
import type { Hub } from "../hub.svelte";
import { isolated, type Key, t } from "../words";
import { type Choice, isOneCode } from "./asks";
import { groundName } from "./grounds";

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
  "refuse-part": "move.act.refuse-part",
  refuse: "move.act.refuse",
  withdraw: "move.act.withdraw",
  expire: "move.act.expire",
  close: "move.act.close",
};

/** The same, done, as a sentence. */
const DID: Readonly<Record<string, Key | undefined>> = {
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
  "refuse-part": "move.did.refuse-part",
  refuse: "move.did.refuse",
  withdraw: "move.did.withdraw",
  expire: "move.did.expire",
  close: "move.did.close",
};

/** What this browser found of a step's signature. */
export const SAID: Readonly<Record<MoveVerdict, { key: Key; tone: "ok" | "stop" | "warn" }>> = {
  ok: { key: "dossier.signed", tone: "ok" },
  former: { key: "dossier.former", tone: "warn" },
  order: { key: "dossier.badOrder", tone: "stop" },
  signature: { key: "dossier.badSignature", tone: "stop" },
  key: { key: "dossier.badKey", tone: "stop" },
  hand: { key: "dossier.badHand", tone: "stop" },
  unchecked: { key: "dossier.unchecked", tone: "warn" },
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

/** What the requested State attaches to what it hands over. */
export const CONDITIONS: Readonly<Record<string, Key | undefined>> = {
  "this-case-only": "move.condition.this-case-only",
  confidential: "move.condition.confidential",
  "return-originals": "move.condition.return-originals",
  "ask-before-other-use": "move.condition.ask-before-other-use",
  "other-in-writing": "move.condition.other-in-writing",
};

/** What came of considering conditions before a refusal. */
const TERMS: Readonly<Record<string, Key | undefined>> = {
  "none-possible": "move.terms.none-possible",
  "not-accepted": "move.terms.not-accepted",
  "no-answer": "move.terms.no-answer",
  "rest-accepted": "move.terms.rest-accepted",
};
/** Why nobody waits for a request any more. */
const LAPSED: Readonly<Record<string, Key | undefined>> = {
  deadline: "move.lapsed.deadline",
  limitation: "move.lapsed.limitation",
  "proceeding-ended": "move.lapsed.proceeding-ended",
};
/** By which power somebody authorises. */
const POWERS: Readonly<Record<string, Key | undefined>> = {
  statute: "move.power.statute",
  delegation: "move.power.delegation",
  acting: "move.power.acting",
};
/** What became of assets. */
export const ASSETS: Readonly<Record<string, Key | undefined>> = {
  traced: "move.asset.traced",
  frozen: "move.asset.frozen",
  confiscated: "move.asset.confiscated",
  returned: "move.asset.returned",
};
/** Bands of value. */
export const BANDS = {
  "1": "move.band.1",
  "2": "move.band.2",
  "3": "move.band.3",
  "4": "move.band.4",
} as const satisfies Readonly<Record<string, Key>>;
/** "Congelado: menos de 10 000 USD". */
export function assetName(code: string): string {
  const [kind = "", band = ""] = code.split("-");
  return t("move.assetIn", { asset: wordOf(ASSETS, kind), band: wordOf(BANDS, band) });
}

/** What a field of one code is called, and its codes. */
export const CHOSEN: Readonly<
  Record<Choice, { label: Key; codes: Readonly<Record<string, Key | undefined>> }>
> = {
  terms: { label: "move.terms", codes: TERMS },
  lapsed: { label: "move.lapsed", codes: LAPSED },
  power: { label: "move.power", codes: POWERS },
};

/** Why a request goes no further, and of what use it was. */
const CODES: Readonly<Record<string, Key | undefined>> = {
  "no-longer-needed": "move.code.no-longer-needed",
  "solved-informally": "move.code.solved-informally",
  "obtained-otherwise": "move.code.obtained-otherwise",
  "new-request": "move.code.new-request",
  useful: "move.code.useful",
  "partly-useful": "move.code.partly-useful",
  "not-useful": "move.code.not-useful",
  "nothing-received": "move.code.nothing-received",
};

/** Why a second person did not confirm a step. */
export const DECLINED: Readonly<Record<string, Key | undefined>> = {
  "not-done": "second.reason.not-done",
  "not-these-measures": "second.reason.not-these-measures",
  "not-this-evidence": "second.reason.not-this-evidence",
  "not-these-conditions": "second.reason.not-these-conditions",
};

/** A code in words; one this page does not know stays as it is. */
export function wordOf(words: Readonly<Record<string, Key | undefined>>, code: string): string {
  const key = words[code];
  return key === undefined ? code : t(key);
}

type Move = Dossier["moves"][number];
type Between = Pick<Dossier, "requesting_state" | "requested_state">;

/**
 * Who did what in a step, as a sentence. What one State recorded of the other, which has nobody
 * here, is that one's act, and not of who recorded it.
 */
export function did(move: Move, hub: Pick<Hub, "stateName">, found: Between): string {
  const key = DID[move.act];
  if (key === undefined) return move.act;
  const { name, state, version } = move;
  const who = { name: isolated(name), state: hub.stateName(state) };
  if (move.side === "requesting" || state !== found.requesting_state) {
    return t(key, { ...who, version });
  }
  const other = hub.stateName(found.requested_state);
  return t("move.recorded", { ...who, other, act: wordOf(ACTS, move.act) });
}

/** A ground, a reason or an outcome in words. */
export const codeName = (code: string): string => groundName(code) ?? wordOf(CODES, code);

/** What the lists of a step are called, and where that is not what they usually are. */
const USUAL = {
  codes: "move.codes",
  measures: "move.measures",
  conditions: "move.conditions",
} as const;
const LISTS: Readonly<Record<string, Partial<Record<keyof typeof USUAL, Key>> | undefined>> = {
  close: { codes: "move.outcome" },
  return: { codes: "move.defects" },
  "refuse-part": { measures: "move.measuresRefused", conditions: "move.conditionsAccepted" },
};

/** What a list of a step is called: its measures are answered or refused, its codes grounds or outcomes. */
export function listLabel(act: string, field: keyof typeof USUAL): string {
  const usual = field === "codes" && isOneCode(act) ? "move.code" : USUAL[field];
  return t(LISTS[act]?.[field] ?? usual);
}

/** What a letter beside a step says besides words. */
export const PARTICULARS: Readonly<Record<keyof Particulars, Key>> = {
  reference: "letters.reference",
  contact: "letters.contact",
};
