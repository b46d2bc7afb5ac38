/** Letters about a request: what was written, judged on this device, and what one writes oneself. */

import type { Dossier } from "../../api/dossiers";
import { ApiError, isPassing } from "../../api/errors";
import type { LetterReader, LetterRow, LettersTold } from "../../api/letters";
import { b64u } from "../../bytes";
import { signWith } from "../../crypto/ed25519";
import type { Handling } from "../../crypto/handling";
import {
  isSigned,
  LETTER,
  type Letter,
  letterBody,
  letterInput,
  openLetter,
  type SignedLetter,
  shareLetter,
} from "../../crypto/letter";
import type { Opening } from "../../crypto/sealTo";
import type { Key } from "../../store/vault";
import type { Directory } from "../../verify/chain";
import { type Deps, systemTimers } from "../deps";
import { Forms } from "../designations/forms";
import { APART_MS, CENTRAL, isSound, judged, type Whose, whose } from "../dossiers/judging";
import type { Opened } from "../opening";
import { NotPossible } from "../problems";
import { LetterOutbox, type Signs, type WaitingLetter } from "./outbox";
import { DRAFTS, type Recipient, recipientsOf } from "./recipients";

/**
 * `sealed`: no key of it is for this browser yet; `malformed`: nothing that anybody here writes;
 * `dated`: signed for a moment before the step that it goes with, or that is still to come.
 */
export type LetterVerdict = Whose | "signature" | "unchecked" | "sealed" | "malformed" | "dated";

export type ShownLetter = Pick<LetterRow, "id" | "person" | "name" | "state" | "at"> & {
  /** As it was signed; null if it does not open. */
  readonly letter: Letter | null;
  /** The move that it goes with, 0 if with none. */
  readonly step: number;
  readonly verdict: LetterVerdict;
};

export type Letters = {
  readonly readers: readonly LetterReader[];
  /** Readers for whom nothing is sealed here: the directory does not vouch for them. */
  readonly doubted: readonly LetterReader[];
  readonly letters: readonly ShownLetter[];
  readonly waiting: readonly WaitingLetter[];
};

/** What is being typed: for a step to come by its number, or 0. */
export type LetterForm = {
  readonly text: string;
  readonly handling: Handling | null;
  readonly number: number;
  /** Its step is being signed: it leaves once the step is seen to be done. */
  readonly leaves?: true;
};

export interface LetterActs {
  /** What was written, and what waits here; what can leave is sent first. */
  read(found: Dossier): Promise<Letters>;
  /** Keep it on this device and send it as soon as it can leave; `form` is where it was typed. */
  write(found: Dossier, form: string, said: LetterForm): Promise<void>;
  /** Send what waits of any request. */
  sendAll(): Promise<void>;
  /** Give up what the server refused. */
  discard(request: string, id: string): Promise<void>;
  /** What is typed stays on this device until it is sent: `form` is an act, or "free". */
  keep(request: string, form: string, said: LetterForm): void;
  kept(request: string, form: string): Promise<LetterForm | null>;
  /** Write down at once what is being typed. */
  flush(): Promise<void>;
}

type Door = {
  readonly guarded: <T>(act: () => Promise<T>) => Promise<T>;
  readonly opened: () => Promise<Opened | null>;
  readonly desk: () => {
    readonly core: {
      readonly device: {
        readonly device: string;
        readonly signaturePrivate: Uint8Array;
        readonly historyPrivate: Uint8Array;
        readonly historyPublic: Uint8Array;
      };
    };
  } | null;
  readonly replayed: () => Promise<Directory | null>;
  /** Whether all of a record is true as far as this browser can tell. */
  readonly sound?: (
    found: Dossier,
    directory: Directory | null,
    reader: string,
  ) => Promise<boolean>;
};

const isTrue: NonNullable<Door["sound"]> = async (...record) => isSound(await judged(...record));
const pairOf = (request: string) => `letter-pair/${request}` as Key<string>;
const MOST_SHARED = 500;
/** What opened; `signed` is null where it is nothing that anybody here writes. */
type Found = { readonly signed: SignedLetter | null; readonly isSigned: boolean };

function shownAs(
  { id, person, name, state, at, step }: LetterRow,
  opened: Found | null,
  found: Dossier,
  directory: Directory | null,
  now: number,
): ShownLetter {
  const base = { id, person, name, state, at, step };
  if (opened === null) return { ...base, letter: null, verdict: "sealed" };
  const { signed } = opened;
  if (signed === null) return { ...base, letter: null, verdict: "malformed" };
  const { letter, device, key } = signed;
  const whole = { ...base, letter, step: letter.step };
  if (!opened.isSigned) return { ...whole, verdict: "signature" };
  if (letter.person !== person || letter.state !== state) return { ...whole, verdict: "key" };
  if (!isOf(letter, found, { id, step })) return { ...whole, verdict: "malformed" };
  if (directory === null) return { ...whole, verdict: "unchecked" };
  const isHome = state === found.requesting_state;
  if (!isHome && state !== found.requested_state) return { ...whole, verdict: "key" };
  // Whoever drafts does so for the requesting State, and signs as a device.
  const who = device === null ? [CENTRAL] : isHome ? DRAFTS : [];
  const author = { issued: letter.issued, person, state, name, device, key };
  const verdict = whose(author, who, directory);
  const isDated = verdict !== "key" && isDatedWrongly(letter, found, now);
  return { ...whole, verdict: isDated ? "dated" : verdict };
}

/** Whether it was written about this request, between these States, under this id and step. */
function isOf(letter: Letter, found: Dossier, row: Pick<LetterRow, "id" | "step">): boolean {
  return (
    letter.request === found.id &&
    letter.requesting_state === found.requesting_state &&
    letter.requested_state === found.requested_state &&
    letter.id === row.id &&
    letter.step === row.step
  );
}

/** Its moment is its author's word: it cannot be from before what it is about, nor from later than now. */
function isDatedWrongly({ issued, step }: Letter, found: Dossier, now: number): boolean {
  const at = Date.parse(issued);
  const move = found.moves.find(({ number }) => number === step);
  const since = step === 0 || move === undefined ? null : Date.parse(move.issued);
  return at > now + APART_MS || (since !== null && at < since - APART_MS);
}

export function letterActs(deps: Deps, door: Door): LetterActs {
  const { api, clock, random } = deps;
  const { guarded, sound = isTrue } = door;
  /** As long as this person's store is open: what was signed does not change. */
  const openedBefore = new WeakMap<Opened, Map<string, Found>>();

  const toldLast = new WeakMap<Opened, Map<string, LettersTold>>();

  const store = async (): Promise<Opened> => {
    const opened = await door.opened();
    if (opened === null) throw new NotPossible("sign-in-needed");
    return opened;
  };
  const timers = deps.timers ?? systemTimers;
  const report = (error: unknown) => deps.report?.(error);
  const forms = new Forms(store, timers.after, report, "letter-form");

  const sign: Signs = async (letter, central) => {
    if (central) {
      const { identity } = await store();
      if (identity.key === null) throw new NotPossible("identity-not-here");
      const signature = await identity.signOther(LETTER, letterBody(letter));
      return { device: null, key: identity.key, signature };
    }
    const device = door.desk()?.core.device;
    if (device === undefined) throw new NotPossible("device-needed");
    const { key, signature } = await signWith(device.signaturePrivate, letterInput(letter));
    return { device: device.device, key: b64u.encode(key), signature: b64u.encode(signature) };
  };
  const outbox = new LetterOutbox({ deps, directory: door.replayed, sign });

  /** What opens here, by its public half. */
  const openings = ({ identity }: Opened): Map<string, Opening> => {
    const own = new Map<string, Opening>();
    if (identity.sealing) own.set(identity.sealing.key, identity.sealing.opening);
    const device = door.desk()?.core.device;
    if (device) own.set(b64u.encode(device.historyPublic), device.historyPrivate);
    return own;
  };

  /** What opens of it here; null if no key of it is for this browser. */
  const open = async (
    { id, keys, body }: LetterRow,
    request: string,
    own: ReadonlyMap<string, Opening>,
  ): Promise<Found | null> => {
    const mine = keys.find(({ key }) => own.has(key));
    if (mine === undefined) return null;
    try {
      const [key, box] = [b64u.decode(mine.wrapped), b64u.decode(body)];
      const signed = await openLetter({ request, id }, own.get(mine.key) as Opening, key, box);
      return { signed, isSigned: await isSigned(signed) };
    } catch {
      // Whatever a reader or a host put there: one letter that is none hides no other.
      return { signed: null, isSigned: false };
    }
  };

  /**
   * Whether anything is sealed for this record's readers: all of it is true, and between the States that
   * it was between when this browser saw it first. Steps sign neither; a host could name another.
   */
  const trusted = async (opened: Opened, found: Dossier): Promise<boolean> => {
    const pair = `${found.requesting_state} ${found.requested_state}`;
    const first = await opened.inTurn(async (tx) => {
      const known = await tx.get(pairOf(found.id));
      if (known === undefined) tx.put(pairOf(found.id), pair);
      return known ?? pair;
    });
    if (first !== pair) return false;
    return sound(found, await door.replayed(), opened.person.state ?? "");
  };

  const all = async (
    opened: Opened,
    told: LettersTold,
    found: Dossier,
    isTrusted: boolean,
  ): Promise<Letters> => {
    const before = toldLast.get(opened) ?? new Map<string, LettersTold>();
    toldLast.set(opened, before.set(found.id, told));
    const directory = await door.replayed();
    const own = openings(opened);
    const known = openedBefore.get(opened) ?? new Map<string, Found>();
    openedBefore.set(opened, known);
    const letters: ShownLetter[] = [];
    for (const row of told.letters) {
      const place = `${found.id}/${row.id}`;
      const one = known.get(place) ?? (await open(row, found.id, own));
      if (one?.isSigned) known.set(place, one);
      letters.push(shownAs(row, one, found, directory, clock()));
    }
    const named = directory && (await recipientsOf(told.readers, found, directory, clock()));
    // Refused where somebody has just left, or oneself: the next look finds who is there.
    const isNobodysFault = (error: unknown) => isPassing(error) || error instanceof ApiError;
    if (named !== null && isTrusted) {
      const good = letters.filter(({ verdict }) => verdict === "ok" || verdict === "former");
      const rows = told.letters.filter(({ id }) => good.some((one) => one.id === id));
      void share(rows, named.to, found, own).catch(
        (error) => isNobodysFault(error) || report(error),
      );
    }
    return {
      readers: told.readers,
      doubted: named?.doubted ?? [],
      letters,
      waiting: await outbox.list(opened, found.id),
    };
  };

  /** Who came into office, or has a further device, is given the keys of what is there already. */
  const share = async (
    rows: readonly LetterRow[],
    to: readonly Recipient[],
    found: Dossier,
    own: ReadonlyMap<string, Opening>,
  ): Promise<void> => {
    const given: ({ letter: string; wrapped: string } & Recipient)[] = [];
    for (const row of rows) {
      const mine = row.keys.find(({ key }) => own.has(key));
      const missing = to.filter(({ key }) => !row.held.includes(key));
      if (mine === undefined || missing.length === 0) continue;
      const wrapped = await shareLetter(
        { request: found.id, id: row.id },
        own.get(mine.key) as Opening,
        b64u.decode(mine.wrapped),
        missing.map(({ key }) => b64u.decode(key)),
      ).catch(() => []); // it does not open: shown as such
      given.push(
        ...wrapped.flatMap((bytes, at) => {
          const one = missing[at];
          return one ? [{ ...one, letter: row.id, wrapped: b64u.encode(bytes) }] : [];
        }),
      );
    }
    if (given.length > 0) await api.letters.share(found.id, given.slice(0, MOST_SHARED));
  };

  /** What was typed beside a step that was done, and never came to be sent: the page was closed. */
  const settle = async (found: Dossier, me: string): Promise<void> => {
    for (const name of await forms.names(`${found.id}/`)) {
      const form = name.slice(found.id.length + 1);
      const said = await kept(found.id, form);
      // What is merely typed, or was for a step that was given up, waits for who typed it.
      if (said === null || said.leaves !== true) continue;
      const isDone = found.moves.some(
        ({ number, person, act }) => number === said.number && person === me && act === form,
      );
      if (isDone) await queue(found, form, said);
    }
  };

  /** As the server tells it now, or told it last while there is no network: what waits stands beside it. */
  const listed = async (opened: Opened, request: string): Promise<LettersTold> => {
    try {
      return await api.letters.list(request);
    } catch (error) {
      const before = isPassing(error) ? toldLast.get(opened)?.get(request) : undefined;
      if (before === undefined) throw error;
      return before;
    }
  };

  const queue = async (found: Dossier, form: string, said: LetterForm): Promise<void> => {
    const opened = await store();
    if (!(await trusted(opened, found))) throw new NotPossible("record-untrue");
    const { requesting_state, requested_state } = found;
    const { text, handling, number: step } = said;
    const order = new Date(clock()).toISOString();
    const whole = { id: random.uuid(), request: found.id, order, step, text, handling };
    if (text.trim() !== "") {
      await outbox.put(opened, { ...whole, requesting_state, requested_state });
    }
    await forms.forget(`${found.id}/${form}`);
  };

  const kept = async (request: string, form: string): Promise<LetterForm | null> => {
    const text = await forms.read(`${request}/${form}`);
    return text === null ? null : (JSON.parse(text) as LetterForm);
  };

  return {
    read: (found) =>
      guarded(async () => {
        const opened = await store();
        const isTrusted = await trusted(opened, found);
        if (isTrusted) await settle(found, opened.person.id);
        const sent = isTrusted ? outbox.send(opened, found.id) : Promise.resolve(null);
        const told = await sent.catch((error) => {
          if (!isPassing(error)) report(error);
          return null;
        });
        return all(opened, told ?? (await listed(opened, found.id)), found, isTrusted);
      }),
    write: (found, form, said) => guarded(() => queue(found, form, said)),
    sendAll: () =>
      guarded(async () => {
        const opened = await store();
        for (const request of await outbox.requests(opened)) await outbox.send(opened, request);
      }),
    discard: async (request, id) => outbox.discard(await store(), request, id),
    keep: (request, form, said) => forms.keep(`${request}/${form}`, JSON.stringify(said)),
    kept,
    flush: () => forms.flush(),
  };
}
