/**
 * What was said in one thread, used in another one or in a request: with its author's leave where
 * its code asks for that, and judged by whoever receives it.
 */

import { b64u } from "../bytes";
import { type Carried, digestOf, LONGEST_NOTE } from "../crypto/content";
import {
  type Granted,
  type Handling,
  isRestricted,
  type Leave,
  leaveSignedBy,
  sameHandling,
  signLeave,
  type Use,
} from "../crypto/handling";
import { keys, type LineRecord } from "../store/records";
import { type Core, NotPossible } from "./core";
import { whyNotAnswer } from "./leaves";
import type { Outbox } from "./outbox";

type Message = Extract<LineRecord, { kind: "message" }>;

/** A message as it is used elsewhere. */
export type Used = {
  readonly circle: string;
  readonly seq: number;
  readonly id: string;
  readonly person: string;
  /** SHA-256 of its text, base64url. */
  readonly digest: string;
  readonly handling?: Handling;
  readonly leave?: Leave;
};

/**
 * "own": its author brought it. "free": nothing restricts it, by what is said of it. "leave": its
 * author gave leave. "without": it is restricted and no leave can be shown. "differs": it is not
 * what stands in its thread, which this device reads.
 */
export type Verdict = "own" | "free" | "leave" | "without" | "differs";

export class Passing {
  constructor(
    private readonly core: Core,
    private readonly outbox: Outbox,
  ) {}

  /** @throws {NotPossible} see messageActs.ts `answerLeave` */
  async answer(
    circle: string,
    about: number,
    answer: { give: true } | { reason: string },
    readers?: readonly string[],
  ): Promise<string> {
    const { core } = this;
    const kind = "give" in answer ? ("give-leave" as const) : ("refuse-leave" as const);
    const found = await core.vault.read(keys.line(circle, about));
    const ask = found?.kind === "act" ? found : null;
    const message = ask === null ? null : await this.#message(circle, ask.about);
    const id = ask?.id ?? "";
    const why = whyNotAnswer(ask, message, core.person, { kind, id });
    if (why !== null || message === null) throw new NotPossible(why ?? "message-unknown");
    if ("reason" in answer) {
      const reason = answer.reason.trim().slice(0, LONGEST_NOTE);
      const said = { kind: "refuse-leave" as const, about, id, reason };
      return this.outbox.answer(circle, said, readers);
    }
    const asked = message.leaves?.find((one) => one.seq === about);
    if (asked === undefined || asked.digest !== (await digestOf(message.text))) {
      throw new NotPossible("message-unknown");
    }
    const granted = { ...grantedOf(circle, message, asked.digest), ...askedOf(asked) };
    const signature = b64u.encode(await signLeave(granted, core.device.signaturePrivate));
    return this.outbox.answer(circle, { kind: "give-leave", about, id, signature }, readers);
  }

  /** @throws {NotPossible} see messageActs.ts `used` */
  async used(circle: string, seq: number, use: Use, into: string): Promise<Used> {
    return this.#used(circle, await this.#require(circle, seq), use, into);
  }

  /** @throws {NotPossible} see messageActs.ts `pass` */
  async pass(
    circle: string,
    seq: number,
    into: string,
    text: string,
    readers?: readonly string[],
  ): Promise<string> {
    const message = await this.#require(circle, seq);
    if (message.carried !== undefined) throw new NotPossible("message-carries");
    const { digest: _digest, ...used } = await this.#used(circle, message, "thread", into);
    const { at, text: said, handling } = message;
    const carried: Carried = { ...used, at, text: said };
    return this.outbox.send(into, text, readers, { carried, ...(handling && { handling }) });
  }

  async judgeCarried(carried: Carried, person: string, circle: string): Promise<Verdict> {
    const digest = await digestOf(carried.text);
    return this.judge({ ...carried, digest }, person, circle, "thread");
  }

  /** Judge what `person` used in `into`. */
  async judge(used: Used, person: string, into: string, use: Use): Promise<Verdict> {
    const { circle, seq, id, digest, leave } = used;
    const handling = used.handling ?? null;
    const thread = await this.core.vault.read(keys.thread(circle));
    const here = await this.#message(circle, seq);
    if (here === null) {
      // Read from `since` to `seq`, with no message there: nobody has said it.
      if (thread && thread.since.seq < seq && seq <= thread.seq) return "differs";
    } else if (here.error === undefined) {
      const texts = [here.text, ...(here.versions ?? []).map((one) => one.text)];
      const digests = await Promise.all(texts.map(digestOf));
      const same =
        here.id === id &&
        here.person === used.person &&
        sameHandling(here.handling ?? null, handling) &&
        (here.withdrawn !== undefined || digests.includes(digest));
      if (!same) return "differs";
    }
    if (person === used.person) return "own";
    if (!isRestricted(handling)) return "free";
    if (leave === undefined) return "without";
    const granted = { circle, seq, id, digest, handling, to: person, ask: leave.ask, use, into };
    return (await this.#isSigned(granted, used.person, leave)) ? "leave" : "without";
  }

  async #used(circle: string, message: Message, use: Use, into: string): Promise<Used> {
    const digest = await digestOf(message.text);
    const { handling, person, seq, id, leaves = [] } = message;
    const used = { circle, seq, id, person, digest, ...(handling && { handling }) };
    if (person === this.core.person || !isRestricted(handling)) return used;
    const own = leaves.filter(
      (one) =>
        one.given !== undefined &&
        one.person === this.core.person &&
        one.use === use &&
        one.into === into &&
        one.digest === digest,
    );
    if (own.length === 0) throw new NotPossible("leave-needed");
    for (const asked of own) {
      const { at: _at, ...leave } = asked.given as NonNullable<typeof asked.given>;
      const granted = { ...grantedOf(circle, message, digest), ...askedOf(asked) };
      if (await this.#isSigned(granted, person, leave)) return { ...used, leave };
    }
    throw new NotPossible("leave-signature");
  }

  /** A device that was revoked vouches for nothing: no date says which signatures are its person's. */
  async #isSigned(granted: Granted, author: string, leave: Leave): Promise<boolean> {
    const { people, deps } = this.core;
    const signer = await people.signer(author, leave.device, deps.clock());
    if (signer === null) return false;
    return leaveSignedBy(signer.key, granted, b64u.decode(leave.signature));
  }

  async #message(circle: string, seq: number): Promise<Message | null> {
    const line = await this.core.vault.read(keys.line(circle, seq));
    return line?.kind === "message" ? line : null;
  }

  async #require(circle: string, seq: number): Promise<Message> {
    const message = await this.#message(circle, seq);
    if (message === null || message.error !== undefined) throw new NotPossible("message-unknown");
    if (message.withdrawn) throw new NotPossible("message-withdrawn");
    return message;
  }
}

function grantedOf(circle: string, { seq, id, handling }: Message, digest: string) {
  return { circle, seq, id, digest, handling: handling ?? null };
}

type Asked = NonNullable<Message["leaves"]>[number];

function askedOf({ person, id, use, into }: Asked): Pick<Granted, "to" | "ask" | "use" | "into"> {
  return { to: person, ask: id, use, into };
}
