/** Letters about a request: what was written, judged on this device, and what one writes oneself. */

import type { Dossier } from "../../api/dossiers";
import { ApiError, isExpected, isPassing } from "../../api/errors";
import type { LetterReader, LetterRow, LettersTold, UnreadLetters } from "../../api/letters";
import { b64u } from "../../bytes";
import { MOST_FILES } from "../../crypto/content";
import { signWith } from "../../crypto/ed25519";
import type { Handling } from "../../crypto/handling";
import {
  isSigned,
  LETTER,
  type Letter,
  letterBody,
  letterInput,
  openLetter,
  type Particulars,
} from "../../crypto/letter";
import type { Opening } from "../../crypto/sealTo";
import { placeOf } from "../../store/circle";
import { keys } from "../../store/records";
import type { Vault } from "../../store/vault";
import type { Directory } from "../../verify/chain";
import { type Deps, systemTimers } from "../deps";
import type { UploadActs } from "../files/acts";
import type { Fetching, Sink } from "../files/shapes";
import { part } from "../loading";
import type { Opened } from "../opening";
import { NotPossible } from "../problems";
import { along, letterUploads } from "./files";
import { LetterOutbox, particularsOf, type Signs, type WaitingLetter } from "./outbox";
import { type Ask, earlierThan, isWhole, withNewest } from "./pages";
import { recipientsOf } from "./recipients";
import { share } from "./sharing";
import { type Found, type ShownLetter, shownAs } from "./shown";
import { type Held, type Sound, Trust } from "./trust";
import { isDone, Typed } from "./typed";

export type { LetterVerdict, ShownLetter } from "./shown";

export type Letters = {
  readonly readers: readonly LetterReader[];
  /** Readers for whom nothing is sealed here: the directory does not vouch for them. */
  readonly doubted: readonly LetterReader[];
  readonly letters: readonly ShownLetter[];
  /** Whether there are none before these: else they are read by {@link LetterActs.earlier}. */
  readonly isWhole: boolean;
  readonly waiting: readonly WaitingLetter[];
  /** Why nothing leaves, though there is a network; null if it does. */
  readonly held: Held | null;
};

/** What is being typed: for a step to come by its number, or 0. */
export type LetterForm = Particulars & {
  readonly text: string;
  readonly handling: Handling | null;
  readonly number: number;
  /**
   * The step that it goes with, by the SHA-256 of what was signed: it leaves once that one is seen to
   * be done, if nothing has sent it yet, and with no other like it, signed on another device.
   */
  readonly leaves?: string;
  /** The files that go with it, by id: those of which something was signed, and no others. */
  readonly files?: readonly string[];
};

export type StrandedLetter = { readonly form: string; readonly said: LetterForm };

export interface LetterActs {
  /** About which requests others wrote what this person was not shown yet: counts alone. */
  unread(): Promise<readonly UnreadLetters[]>;
  /** They were shown what was written about a request, up to one letter; what is left of all. */
  mark(request: string, letter: string): Promise<readonly UnreadLetters[]>;
  /** The newest of what was written with those here already, and what waits; what can leave is sent first. */
  read(found: Dossier): Promise<Letters>;
  /** The same with a page more of what was written before; null before anything was read. */
  earlier(found: Dossier): Promise<Letters | null>;
  /**
   * Keep it on this device and send it as soon as it can leave; `form` is where it was typed. The id
   * that the letter has; null if there is none: of no words, or of what has left with its step.
   */
  write(found: Dossier, form: string, said: LetterForm): Promise<string | null>;
  /** Send what waits of any request. @throws what first kept some of it from leaving. */
  sendAll(): Promise<void>;
  /** Give up what the server refused. */
  discard(request: string, id: string): Promise<void>;
  /** What is typed stays on this device until it is sent: `form` is an act, or "free". */
  keep(request: string, form: string, said: LetterForm): void;
  kept(request: string, form: string): Promise<LetterForm | null>;
  /** What was typed beside steps of which none is done, nor waits for its second person, by act. */
  stranded(found: Dossier): Promise<readonly StrandedLetter[]>;
  /** Give up what was typed there. */
  giveUp(request: string, form: string): Promise<void>;
  /** Write down at once what is being typed. */
  flush(): Promise<void>;
  /**
   * Whether the server has all of these files now, before their step is signed.
   *
   * @throws {NotPossible} `attachment-swept` if it destroyed one that waited for too long: that is
   * no longer among what is chosen; `attachment-incomplete`
   */
  ready(request: string, form: string, files: readonly string[]): Promise<void>;
  /** Files that are chosen where a letter is typed: {@link placeOf} of a request and a form. */
  readonly uploads: UploadActs;
  /**
   * Fetch a file that a letter took along into `sink`, each piece verified before it is written;
   * opening it is logged first, and told to all who read the letter.
   *
   * @throws {NotPossible} `attachment-gone`, `attachment-damaged`
   */
  fetchFile(request: string, letter: string, id: string, sink: Sink, how: Fetching): Promise<void>;
}

type Door = {
  readonly guarded: <T>(act: () => Promise<T>) => Promise<T>;
  readonly opened: () => Promise<Opened | null>;
  readonly desk: () => {
    readonly core: {
      readonly tab: string;
      isOpenElsewhere(tab: string): boolean;
      readonly device: {
        readonly device: string;
        readonly signaturePrivate: Uint8Array;
        readonly historyPrivate: Uint8Array;
        readonly historyPublic: Uint8Array;
      };
    };
  } | null;
  readonly replayed: () => Promise<Directory | null>;
  readonly sound?: Sound | undefined;
};

const isWhose = ({ verdict }: ShownLetter): boolean => verdict === "ok" || verdict === "former";
const fetching = part(() => import("../files/fetching"));
const REFUSED: Readonly<Record<Held, string>> = { untrue: "record-untrue", pair: "record-pair" };
export function letterActs(deps: Deps, door: Door): LetterActs {
  const { api, clock, random } = deps;
  const { guarded } = door;
  const trust = new Trust(door.sound);
  /** As long as this person's store is open: what was signed does not change. */
  const openedBefore = new WeakMap<Vault, Map<string, Found>>();
  /** Of each letter whose author is whom they say: what it was found to be at the last look. */
  const provenLast = new WeakMap<Vault, Map<string, Letter>>();
  const toldLast = new WeakMap<Vault, Map<string, LettersTold>>();

  const store = async (): Promise<Opened> => {
    const opened = await door.opened();
    if (opened === null) throw new NotPossible("sign-in-needed");
    return opened;
  };
  const timers = deps.timers ?? systemTimers;
  const report = (error: unknown) => deps.report?.(error);
  const typed = new Typed(store, timers.after, report);

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
  const outbox = new LetterOutbox({ deps, sign });
  const uploads = letterUploads(deps, store, guarded, () => door.desk()?.core ?? null);

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

  const all = async (
    opened: Opened,
    told: LettersTold,
    found: Dossier,
    directory: Directory | null,
    held: Held | null,
  ): Promise<Letters> => {
    const { vault } = opened;
    const before = toldLast.get(vault) ?? new Map<string, LettersTold>();
    toldLast.set(vault, before.set(found.id, told));
    const own = openings(opened);
    const known = openedBefore.get(vault) ?? new Map<string, Found>();
    openedBefore.set(vault, known);
    const proven = provenLast.get(vault) ?? new Map<string, Letter>();
    provenLast.set(vault, proven);
    const letters: ShownLetter[] = [];
    const seen = new Set<string>();
    for (const row of told.letters) {
      // A page tells its letters apart by id: of what a host names twice the first stands.
      if (seen.has(row.id)) continue;
      seen.add(row.id);
      const place = `${found.id}/${row.id}`;
      const one = known.get(place) ?? (await open(row, found.id, own));
      if (one?.isSigned) known.set(place, one);
      const shown = shownAs(row, one, found, directory, clock());
      if (isWhose(shown) && shown.letter) proven.set(place, shown.letter);
      else proven.delete(place);
      letters.push(shown);
    }
    const named = directory && (await recipientsOf(told.readers, found, directory, clock()));
    // Refused where somebody has just left, or oneself: the next look finds who is there.
    const isNobodysFault = (error: unknown) => isPassing(error) || error instanceof ApiError;
    if (named !== null && held === null) {
      const good = new Set(letters.filter(isWhose).map(({ id }) => id));
      const rows = told.letters.filter(({ id }) => good.delete(id));
      void share(api.letters, found.id, rows, named.to, own).catch(
        (error) => isNobodysFault(error) || report(error),
      );
    }
    return {
      readers: told.readers,
      doubted: named?.doubted ?? [],
      letters,
      isWhole: isWhole(told),
      waiting: await outbox.list(opened, found.id),
      held,
    };
  };

  /** What was typed beside a step that was done, and never came to be sent: the page was closed. */
  const settle = async (opened: Opened, found: Dossier): Promise<void> => {
    for (const { form, said } of await typed.leaving(found.id)) {
      // One that cannot be made hides no other.
      if (await isDone(found, opened.person.id, form, said)) {
        await queue(found, form, said).catch(report);
      }
    }
  };

  const asks =
    (request: string): Ask =>
    (before) =>
      api.letters.list(request, before);

  /** As the server tells it now, or told it last while there is no network: what waits stands beside it. */
  const listed = async (opened: Opened, request: string, sent: LettersTold | null) => {
    const known = toldLast.get(opened.vault)?.get(request);
    try {
      return withNewest(known, sent ?? (await asks(request)()));
    } catch (error) {
      if (known === undefined || !isPassing(error)) throw error;
      return known;
    }
  };

  /** Put among what waits and taken from where it was typed, at one go: a page that dies sends it once. */
  const queue = async (found: Dossier, form: string, said: LetterForm) => {
    const { requesting_state, requested_state } = found;
    const { text, handling, number: step } = said;
    const order = new Date(clock()).toISOString();
    const place = placeOf(found.id, form);
    const chosen = said.files ?? [];
    if (chosen.length > MOST_FILES) throw new NotPossible("attachment-many");
    await typed.flush(); // what is typed is on the disk, whatever becomes of the rest
    const besides = particularsOf(said);
    const whole = { id: random.uuid(), request: found.id, order, step, text, handling, ...besides };
    let written: string | null = null;
    await typed.forget(found.id, form, async (tx, isKept) => {
      const isSaid = text.trim() !== "" || Object.keys(besides).length > 0;
      const isNothing = !isSaid && chosen.length === 0;
      const goesWithStep = said.leaves !== undefined;
      if (isNothing || (goesWithStep && !isKept)) return;
      const files = await along(tx, place, chosen, goesWithStep);
      outbox.put(tx, { ...whole, ...files, requesting_state, requested_state });
      written = whole.id;
    });
    return written;
  };

  const ready: LetterActs["ready"] = async (request, form, files) => {
    for (const file of files) {
      try {
        const { completed } = await api.enclosures.ask(file);
        if (!completed) throw new NotPossible("attachment-incomplete");
      } catch (error) {
        if (!(error instanceof ApiError && error.code === "not-found")) throw error;
        const opened = await store();
        const upload = keys.upload(placeOf(request, form), file);
        await opened.inTurn(async (tx) => tx.remove(upload));
        throw new NotPossible("attachment-swept");
      }
    }
  };

  return {
    unread: () => guarded(() => api.letters.unread()),
    mark: (request, letter) => guarded(() => api.letters.mark(request, letter)),
    read: (found) =>
      guarded(async () => {
        const opened = await store();
        const directory = await door.replayed();
        const held = await trust.whyHeld(opened, found, directory);
        if (held === null) await settle(opened, found);
        const sent = held === null ? outbox.send(opened, found.id, directory) : null;
        const told = await Promise.resolve(sent).catch((error) => {
          if (!isPassing(error)) report(error);
          return null;
        });
        return all(opened, await listed(opened, found.id, told), found, directory, held);
      }),
    earlier: (found) =>
      guarded(async () => {
        const opened = await store();
        const known = toldLast.get(opened.vault)?.get(found.id);
        if (known === undefined) return null;
        const directory = await door.replayed();
        const held = await trust.whyHeld(opened, found, directory);
        const told = isWhole(known) ? known : await earlierThan(known, asks(found.id));
        return all(opened, told, found, directory, held);
      }),
    write: (found, form, said) =>
      guarded(async () => {
        const opened = await store();
        const held = await trust.whyHeld(opened, found, await door.replayed());
        if (held !== null) throw new NotPossible(REFUSED[held]);
        // Without a network it waits here with its files, and what became of them is told then.
        if (said.leaves === undefined) {
          await ready(found.id, form, said.files ?? []).catch((error) => {
            if (!isPassing(error)) throw error;
          });
        }
        return queue(found, form, said);
      }),
    sendAll: () =>
      guarded(async () => {
        const opened = await store();
        const requests = await outbox.requests(opened);
        if (requests.length === 0) return;
        const directory = await door.replayed();
        const failures: unknown[] = [];
        for (const request of requests) {
          await outbox.send(opened, request, directory).catch((error) => {
            if (!isPassing(error) && !isExpected(error)) report(error);
            failures.push(error);
          });
        }
        if (failures.length > 0) throw failures[0];
      }),
    discard: async (request, id) => outbox.discard(await store(), request, id),
    keep: (request, form, said) => typed.keep(request, form, said),
    kept: (request, form) => typed.kept(request, form),
    stranded: (found) =>
      guarded(async () => typed.stranded(found, (await store()).person.id, clock())),
    giveUp: (request, form) => typed.forget(request, form),
    flush: () => typed.flush(),
    ready: (...what) => guarded(() => ready(...what)),
    uploads,
    fetchFile: (request, letter, id, sink, how) =>
      guarded(async () => {
        const [opened, keeper] = [await store(), await uploads.keeper()];
        const { fetchSealed } = await fetching();
        // Only what is signed by whose it says it is: else there is nothing to compare it with.
        const proven = provenLast.get(opened.vault)?.get(`${request}/${letter}`);
        return fetchSealed(keeper, sink, how, async () =>
          proven?.files?.find((one) => one.id === id),
        );
      }),
  };
}
