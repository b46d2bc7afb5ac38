/** Letters as they come from the server, opened and judged on this device, for each audience apart. */

import type { Dossier } from "../../api/dossiers";
import { ApiError, isPassing } from "../../api/errors";
import type { LetterRow, LettersTold } from "../../api/letters";
import type { Audience } from "../../audience";
import { b64u } from "../../bytes";
import type { FileSaid } from "../../crypto/content";
import { isSigned, type Letter, openLetter } from "../../crypto/letter";
import type { Opening } from "../../crypto/sealTo";
import type { Key, Vault } from "../../store/vault";
import type { Directory } from "../../verify/chain";
import type { Deps } from "../deps";
import type { Opened } from "../opening";
import type { Letters } from "./acts";
import { provenOf } from "./made";
import { type Ask, isWhole, withNewest } from "./pages";
import { recipientsOf } from "./recipients";
import { share } from "./sharing";
import { type Found, type ShownLetter, shownAs } from "./shown";
import type { Held } from "./trust";

type Door = {
  readonly deps: Pick<Deps, "api" | "clock">;
  readonly report: (error: unknown) => void;
  /** Of this person's device, where they have one: what opens there. */
  readonly device: () => {
    readonly historyPrivate: Uint8Array;
    readonly historyPublic: Uint8Array;
  } | null;
};
/** Where a letter is shown: one can be signed for each audience under one id. */
export type LetterPlace = {
  readonly request: string;
  readonly audience: Audience;
  readonly letter: string;
};
/** What is told of one look at one audience's letters. */
export type Look = {
  readonly told: LettersTold;
  readonly directory: Directory | null;
  readonly held: Held | null;
};

const isWhose = ({ verdict }: ShownLetter): boolean => verdict === "ok" || verdict === "former";
const placeOf = (request: string, audience: Audience, letter = "") =>
  `${request}/${audience}/${letter}`;
/**
 * The SHA-256 of what this browser fetched whole, and found to be what was signed: an id is whatever
 * an author says, who can sign another file under it. In the record, since its name lies there in clear.
 */
const comparedOf = (request: string) => `letter-compared/${request}` as Key<readonly string[]>;

/** What was found as long as one person's store is open. */
class Seen {
  /** What was signed does not change: by what was opened. */
  readonly opened = new Map<string, Found>();
  /** Of each letter whose author is whom they say: what it was found to be at the last look. */
  readonly proven = new Map<string, Letter>();
  readonly told = new Map<string, LettersTold>();
}

export class Reading {
  readonly #seen = new WeakMap<Vault, Seen>();

  constructor(private readonly door: Door) {}

  /** What the server told of these last. */
  known({ vault }: Opened, request: string, audience: Audience): LettersTold | undefined {
    return this.#of(vault).told.get(placeOf(request, audience));
  }

  asks(request: string, audience: Audience): Ask {
    return (before) => this.door.deps.api.letters.list(request, audience, before);
  }

  /** As the server tells it now, or told it last while there is no network: what waits stands beside it. */
  async listed(
    opened: Opened,
    request: string,
    audience: Audience,
    sent: LettersTold | null,
  ): Promise<LettersTold> {
    const known = this.known(opened, request, audience);
    try {
      return withNewest(known, sent ?? (await this.asks(request, audience)()));
    } catch (error) {
      if (known === undefined || !isPassing(error)) throw error;
      return known;
    }
  }

  /** All of them judged; those who may read and cannot yet are given keys meanwhile. */
  async shown(
    opened: Opened,
    found: Dossier,
    audience: Audience,
    { told, directory, held }: Look,
  ): Promise<Omit<Letters, "waiting">> {
    const { clock } = this.door.deps;
    const known = this.#of(opened.vault);
    known.told.set(placeOf(found.id, audience), told);
    const own = this.#openings(opened);
    const letters: ShownLetter[] = [];
    const seen = new Set<string>();
    for (const row of told.letters) {
      // A page tells its letters apart by id: of what a host names twice the first stands.
      if (seen.has(row.id)) continue;
      seen.add(row.id);
      const place = placeOf(found.id, audience, row.id);
      const one = known.opened.get(place) ?? (await open(row, found.id, own));
      if (one?.isSigned) known.opened.set(place, one);
      const shown = shownAs(row, one, found, audience, directory, clock());
      if (isWhose(shown) && shown.letter) known.proven.set(place, shown.letter);
      else known.proven.delete(place);
      letters.push(await this.#withProofs(opened, found.id, shown, directory));
    }
    const named =
      directory && (await recipientsOf(told.readers, found, audience, directory, clock()));
    if (named !== null && held === null) {
      const good = new Set(letters.filter(isWhose).map(({ id }) => id));
      const rows = told.letters.filter(({ id }) => good.delete(id));
      // Refused where somebody has just left, or oneself: the next look finds who is there.
      const isNobodysFault = (error: unknown) => isPassing(error) || error instanceof ApiError;
      void share(this.door.deps.api.letters, found.id, audience, rows, named.to, own).catch(
        (error) => isNobodysFault(error) || this.door.report(error),
      );
    }
    const doubted = named?.doubted ?? [];
    return { readers: told.readers, doubted, letters, isWhole: isWhole(told), held };
  }

  /** A file as it was signed by whose letter it is; nothing of a letter that is nobody's here. */
  fileOf({ vault }: Opened, at: LetterPlace, id: string): FileSaid | undefined {
    const { proven } = this.#of(vault);
    const signed = proven.get(placeOf(at.request, at.audience, at.letter))?.files;
    return signed?.find((one) => one.id === id);
  }

  /** It was fetched here, and is what was signed. Whoever has it has it, also where that is not kept. */
  async compared({ inTurn }: Opened, request: string, { sha256 }: FileSaid): Promise<void> {
    const key = comparedOf(request);
    const keep = inTurn(async (tx) => {
      const before = (await tx.get(key)) ?? [];
      if (!before.includes(sha256)) tx.put(key, [...before, sha256]);
    });
    await keep.catch(this.door.report);
  }

  async #withProofs(
    { vault }: Opened,
    request: string,
    shown: ShownLetter,
    directory: Directory | null,
  ): Promise<ShownLetter> {
    const { letter } = shown;
    if (letter === null || letter.audience !== "home" || !isWhose(shown)) return shown;
    const proven = await provenOf(letter, directory);
    const compared = (await vault.read(comparedOf(request))) ?? [];
    const files = shown.files.map((one) => ({
      ...one,
      proven: proven.get(one.file.id) ?? null,
      isCompared: compared.includes(one.file.sha256),
    }));
    return { ...shown, files };
  }

  #of(vault: Vault): Seen {
    const seen = this.#seen.get(vault) ?? new Seen();
    this.#seen.set(vault, seen);
    return seen;
  }

  /** What opens here, by its public half. */
  #openings({ identity }: Opened): Map<string, Opening> {
    const own = new Map<string, Opening>();
    if (identity.sealing) own.set(identity.sealing.key, identity.sealing.opening);
    const device = this.door.device();
    if (device) own.set(b64u.encode(device.historyPublic), device.historyPrivate);
    return own;
  }
}

/** What opens of it here; null if no key of it is for this browser. */
async function open(
  { id, keys, body }: LetterRow,
  request: string,
  own: ReadonlyMap<string, Opening>,
): Promise<Found | null> {
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
}
