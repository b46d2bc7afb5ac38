/**
 * Letters that wait on this device until the server has them.
 *
 * What is sealed once is sent as it is until it is answered: a retry is the same bytes, and so the
 * same letter. It is sealed anew only when the server says that somebody reads it no more.
 */

import { ApiError } from "../../api/errors";
import type { KeyBody, LettersTold } from "../../api/letters";
import type { Audience } from "../../audience";
import { b64u } from "../../bytes";
import type { FileSaid } from "../../crypto/content";
import type { Handling } from "../../crypto/handling";
import {
  type Letter,
  LetterTooLong,
  type MadeSaid,
  type Particulars,
  type SignedLetter,
  sealLetter,
} from "../../crypto/letter";
import { instantText } from "../../crypto/statements";
import type { Key, Tx } from "../../store/vault";
import type { Deps } from "../deps";
import type { Opened } from "../opening";
import { type Ask, isListed } from "./pages";
import { type Between, type Known, type Recipient, recipientsOf } from "./recipients";

export type WaitingLetter = Between &
  Particulars & {
    readonly id: string;
    readonly request: string;
    /** In the order in which they were written. */
    readonly order: string;
    readonly step: number;
    readonly text: string;
    readonly handling: Handling | null;
    /** Absent of what waits since before there were others than to both. */
    readonly audience?: Audience;
    readonly files?: readonly FileSaid[];
    readonly sealed?: { readonly body: string; readonly keys: readonly KeyBody[] };
    /** Why it never leaves as it is, by a code: the server refused it, or what it was to take is gone. */
    readonly failure?: string;
  };

export type Signs = (letter: Letter, central: boolean) => Promise<Omit<SignedLetter, "letter">>;
/** What was signed when documents among these files were made of a request. */
export type Makings = (request: string, files: readonly FileSaid[]) => Promise<readonly MadeSaid[]>;
type Door = {
  readonly deps: Deps;
  readonly sign: Signs;
  readonly makings: Makings;
};

const nameOf = ({ request, order, id }: WaitingLetter) =>
  `letter-out/${request}/${order}-${id}` as Key<WaitingLetter>;
const ofRequest = (request: string) => `letter-out/${request}/` as Key<WaitingLetter>;
const ALL = "letter-out/";

export class LetterOutbox {
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly door: Door) {}

  async list({ vault }: Opened, request: string, audience: Audience): Promise<WaitingLetter[]> {
    const waiting = (await vault.list(ofRequest(request))).map(([, record]) => record);
    return waiting.filter((one) => (one.audience ?? "both") === audience);
  }

  /** Which requests have letters that wait. */
  async requests({ vault }: Opened): Promise<string[]> {
    const names = await vault.keys(ALL);
    return [...new Set(names.map((name) => name.split("/")[1] ?? ""))];
  }

  put(tx: Tx, letter: WaitingLetter): void {
    tx.put(nameOf(letter), letter);
  }

  async discard(opened: Opened, request: string, id: string): Promise<void> {
    const waiting = await opened.vault.list(ofRequest(request));
    const [, found] = waiting.find(([, one]) => one.id === id) ?? [];
    if (found === undefined) return;
    await opened.inTurn(async (tx) => tx.remove(nameOf(found)));
    // What no letter takes along the server destroys by itself, a week later.
    const { enclosures } = this.door.deps.api;
    for (const file of found.files ?? []) await enclosures.remove(file.id).catch(() => undefined);
  }

  /** Send what waits of a request, one after the other; what the server said last, if it said anything. */
  send(
    opened: Opened,
    request: string,
    audience: Audience,
    directory: Known | null,
  ): Promise<LettersTold | null> {
    const sending = () => this.#send(opened, request, audience, directory);
    const turn = this.#turn.catch(() => undefined).then(sending);
    this.#turn = turn;
    return turn;
  }

  async #send(
    opened: Opened,
    request: string,
    audience: Audience,
    directory: Known | null,
  ): Promise<LettersTold | null> {
    let told: LettersTold | null = null;
    for (const letter of await this.list(opened, request, audience)) {
      if (letter.failure !== undefined) continue;
      told = (await this.#one(opened, letter, audience, told, directory)) ?? told;
    }
    return told;
  }

  async #one(
    opened: Opened,
    letter: WaitingLetter,
    audience: Audience,
    known: LettersTold | null,
    directory: Known | null,
  ): Promise<LettersTold | null> {
    const { letters } = this.door.deps.api;
    let [told, now] = [known, letter];
    for (let tries = 0; ; tries++) {
      try {
        if (now.sealed === undefined) {
          told ??= await letters.list(letter.request, audience);
          const sealed = await this.#seal(opened, now, audience, told, directory);
          if (sealed === null) return null;
          now = sealed;
        }
        const { body, keys } = now.sealed ?? { body: "", keys: [] };
        const enclosures = (now.files ?? []).map(({ id }) => id);
        const { id, step } = now;
        const sent = { id, step, body, keys, enclosures, audience };
        const answer = await letters.send(now.request, sent);
        const ask: Ask = (before) => letters.list(now.request, audience, before);
        const isThere = await isListed(now.id, answer, ask);
        // A host that says yes and lists nothing: the words stay here until it does.
        if (isThere) await opened.inTurn(async (tx) => tx.remove(nameOf(now)));
        return answer;
      } catch (error) {
        const code = codeOf(error);
        if (code === null) throw error;
        const { sealed: _, ...open } = now;
        const again = code === "letter-readers" && tries === 0;
        now = again ? open : { ...now, failure: code };
        const next = now;
        await opened.inTurn(async (tx) => tx.put(nameOf(next), next));
        told = null;
        if (!again) return null;
      }
    }
  }

  /** Another tab may have sealed it meanwhile: then that is what is sent; null if it has sent it. */
  async #seal(
    opened: Opened,
    letter: WaitingLetter,
    audience: Audience,
    told: LettersTold,
    directory: Known | null,
  ): Promise<WaitingLetter | null> {
    const { clock } = this.door.deps;
    if (directory === null) throw new Error("the directory is not here yet");
    const { to } = await recipientsOf(told.readers, letter, audience, directory, clock());
    const me = told.readers.find(({ person }) => person === opened.person.id);
    // Sealed to nobody here it could be read by nobody who says so: the words would be gone.
    if (!to.some(({ person }) => person === opened.person.id)) {
      throw new Error("the letter would not be sealed to its own author");
    }
    // Abroad nobody is told what was made of which version: that is its own State's to know.
    const among = audience === "home" ? (letter.files ?? []) : [];
    const made = among.length > 0 ? await this.door.makings(letter.request, among) : [];
    return opened.inTurn(async (tx) => {
      const found = await tx.get(nameOf(letter));
      if (found?.sealed !== undefined || found === undefined) return found ?? null;
      const { request, id, step, text, handling, files, reference, contact } = letter;
      const { id: person, state } = opened.person;
      const issued = instantText(clock());
      const { requesting_state, requested_state } = letter;
      const place = { request, id, step, person, state, requesting_state, requested_state };
      const words: Letter = {
        ...{ ...place, issued, text, handling, audience },
        ...(files && { files }),
        ...(made.length > 0 && { made }),
        ...particularsOf({ reference, contact }),
      };
      const signed = { letter: words, ...(await this.door.sign(words, me?.central ?? false)) };
      const sealed = await sealedTo(signed, to);
      const whole = { ...letter, sealed };
      tx.put(nameOf(letter), whole);
      return whole;
    });
  }
}

/** Those of them that say anything. */
export function particularsOf(
  said: { [name in keyof Particulars]?: string | undefined },
): Particulars {
  const [reference, contact] = [said.reference?.trim(), said.contact?.trim()];
  return { ...(reference && { reference }), ...(contact && { contact }) };
}

/** Why it never leaves as it is; null for what passes: signed out, stopped for a while, no network. */
function codeOf(error: unknown): string | null {
  if (error instanceof LetterTooLong) return "message-too-long";
  const isForGood = error instanceof ApiError && [400, 404, 409, 413, 422].includes(error.status);
  return isForGood ? error.code : null;
}

async function sealedTo(signed: SignedLetter, to: readonly Recipient[]) {
  const { box, keys } = await sealLetter(
    signed,
    to.map(({ key }) => b64u.decode(key)),
  );
  return {
    body: b64u.encode(box),
    keys: to.map((one, at) => ({ ...one, wrapped: b64u.encode(keys[at] ?? new Uint8Array()) })),
  };
}
