/** Letters about a request: what was written, judged on this device, and what one writes oneself. */

import type { Dossier } from "../../api/dossiers";
import { ApiError, isExpected, isPassing } from "../../api/errors";
import type { LetterReader, UnreadLetters } from "../../api/letters";
import { AUDIENCES, type Audience } from "../../audience";
import { b64u } from "../../bytes";
import { MOST_FILES } from "../../crypto/content";
import { signWith } from "../../crypto/ed25519";
import type { Handling } from "../../crypto/handling";
import { LETTER, letterBody, letterInput, type Particulars } from "../../crypto/letter";
import { placeOf } from "../../store/circle";
import { keys } from "../../store/records";
import type { Directory } from "../../verify/chain";
import { type Deps, systemTimers } from "../deps";
import type { UploadActs } from "../files/acts";
import type { Fetching, Sink } from "../files/shapes";
import { part } from "../loading";
import type { Opened } from "../opening";
import { NotPossible } from "../problems";
import { along, letterUploads } from "./files";
import {
  LetterOutbox,
  type Makings,
  particularsOf,
  type Signs,
  type WaitingLetter,
} from "./outbox";
import { earlierThan, isWhole } from "./pages";
import { type LetterPlace, type Look, Reading } from "./reading";
import type { ShownLetter } from "./shown";
import { type Held, type Sound, Trust } from "./trust";
import { audienceIn, isDone, Typed } from "./typed";

export type { LetterPlace } from "./reading";
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
  mark(request: string, audience: Audience, letter: string): Promise<readonly UnreadLetters[]>;
  /** The newest of what was written for an audience with those here already, and what waits; what can leave is sent first. */
  read(found: Dossier, audience?: Audience): Promise<Letters>;
  /** The same with a page more of what was written before; null before anything was read. */
  earlier(found: Dossier, audience?: Audience): Promise<Letters | null>;
  /**
   * Keep it on this device and send it as soon as it can leave; `form` is where it was typed, and so
   * for whom it is: {@link AT_HOME} is one's own people. The id
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
  fetchFile(at: LetterPlace, id: string, sink: Sink, how: Fetching): Promise<void>;
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
  /** What was signed when documents among files were made: for whoever drafts. */
  readonly makings?: Makings;
};

const fetching = part(() => import("../files/fetching"));
const REFUSED: Readonly<Record<Held, string>> = { untrue: "record-untrue", pair: "record-pair" };
export function letterActs(deps: Deps, door: Door): LetterActs {
  const { api, clock, random } = deps;
  const { guarded } = door;
  const trust = new Trust(door.sound);

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
  const makings = door.makings ?? (async () => []);
  const outbox = new LetterOutbox({ deps, sign, makings });
  const device = () => door.desk()?.core.device ?? null;
  const reading = new Reading({ deps, report, device });
  const uploads = letterUploads(deps, store, guarded, () => door.desk()?.core ?? null);

  const all = async (
    opened: Opened,
    found: Dossier,
    audience: Audience,
    look: Look,
  ): Promise<Letters> => {
    const shown = await reading.shown(opened, found, audience, look);
    return { ...shown, waiting: await outbox.list(opened, found.id, audience) };
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
    const audience = audienceIn(form);
    const head = { id: random.uuid(), request: found.id, order, step, audience };
    const whole = { ...head, text, handling, ...besides };
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
    mark: (request, audience, letter) => guarded(() => api.letters.mark(request, audience, letter)),
    read: (found, audience = "both") =>
      guarded(async () => {
        const opened = await store();
        const directory = await door.replayed();
        const held = await trust.whyHeld(opened, found, audience, directory);
        if (held === null && audience === "both") await settle(opened, found);
        const sent = held === null ? outbox.send(opened, found.id, audience, directory) : null;
        const told = await Promise.resolve(sent).catch((error) => {
          if (!isPassing(error)) report(error);
          return null;
        });
        const listed = await reading.listed(opened, found.id, audience, told);
        return all(opened, found, audience, { told: listed, directory, held });
      }),
    earlier: (found, audience = "both") =>
      guarded(async () => {
        const opened = await store();
        const known = reading.known(opened, found.id, audience);
        if (known === undefined) return null;
        const directory = await door.replayed();
        const held = await trust.whyHeld(opened, found, audience, directory);
        const asks = reading.asks(found.id, audience);
        const told = isWhole(known) ? known : await earlierThan(known, asks);
        return all(opened, found, audience, { told, directory, held });
      }),
    write: (found, form, said) =>
      guarded(async () => {
        const opened = await store();
        const audience = audienceIn(form);
        const held = await trust.whyHeld(opened, found, audience, await door.replayed());
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
          for (const audience of AUDIENCES) {
            await outbox.send(opened, request, audience, directory).catch((error) => {
              if (!isPassing(error) && !isExpected(error)) report(error);
              failures.push(error);
            });
          }
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
    fetchFile: (at, id, sink, how) =>
      guarded(async () => {
        const [opened, keeper] = [await store(), await uploads.keeper()];
        const { fetchSealed } = await fetching();
        // Only what is signed by whose it says it is: else there is nothing to compare it with.
        const signed = reading.fileOf(opened, at, id);
        await fetchSealed(keeper, sink, how, async () => signed);
        if (signed && at.audience === "home") await reading.compared(opened, at.request, signed);
      }),
  };
}
