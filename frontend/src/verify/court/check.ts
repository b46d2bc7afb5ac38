/**
 * An export for a court read again by somebody who believes nothing in it.
 *
 * Green takes all of it: the reader's own policy of the log *and* their own root keys of the States;
 * with the export's own of either, it is of one piece, and who made it is not shown.
 */

import { equal, hex, sha256 } from "../../bytes";
import {
  type Consent,
  consentSignedBy,
  readConsent,
  readWish,
  type Wish,
  wishDigest,
  wishSignedBy,
} from "../../crypto/exportWish";
import type { Roots } from "../chain";
import { COORDINATOR } from "../chain/standing";
import { Policy } from "../tlog/policy";
import { Malformed, Unproven } from "../tlog/refusal";
import * as form from "./form";
import { type Known, Register } from "./people";
import { type Logged, logged } from "./receipts";
import { type EntryCode, NOWHERE, type Read, readThread, UNKNOWN_STATE } from "./thread";

const HOUR = 3_600_000;
/** As casehub/custody/limits.py: from wish to consent, and from there to the export. */
const LASTS_MS = 72 * HOUR;
const CLOCKS_MS = 600_000;
const DAY_MS = 24 * HOUR;

export type Code =
  | EntryCode
  | "archive"
  | "manifest"
  | "file"
  | "policy"
  | "roots"
  | "format"
  | "directory"
  | "directory-old"
  | "wish"
  | "asked"
  | "consent"
  | "consent-missing"
  | "states"
  | "agreed"
  | "range"
  | "made";

export type Finding = { readonly code: Code; readonly at: string | number | null };

/** What is looked at: contents by name, without the PDF, the manifest and what was made of them. */
export type Parts = {
  readonly acts: Uint8Array;
  readonly directory: Uint8Array;
  readonly entries: Uint8Array;
  readonly policy: string;
  readonly roots: string;
};

/** A reader's own, by which the export's are judged; null: the export's are taken. */
export type Own = { readonly policy: string | null; readonly roots: string | null };

export type Verdict = {
  readonly findings: Finding[];
  wish: Wish | null;
  /** SHA-256 of the wish, in hex. */
  digest: string;
  asker: Known | null;
  asked: Logged | null;
  consenter: Known | null;
  agreed: Logged | null;
  made: Logged | null;
  /** SHA-256 of the PDF, in hex; "" of a draft. */
  pdf: string;
  read: Read | null;
  /** The root keys and the policy by which it was judged. */
  roots: Roots;
  policy: Policy | null;
};

export const emptyVerdict = (): Verdict => ({
  findings: [],
  wish: null,
  digest: "",
  asker: null,
  asked: null,
  consenter: null,
  agreed: null,
  made: null,
  pdf: "",
  read: null,
  roots: {},
  policy: null,
});

/** Nothing after this can be checked. */
class Enough extends Error {}

export const isRefusal = (error: unknown): boolean =>
  error instanceof Malformed || error instanceof Unproven;

/**
 * Check all but the making: what is done before it is said to be made, and by every reader.
 *
 * @throws {Malformed} if the reader's own policy or roots are none.
 */
export async function examine(parts: Parts, own: Own): Promise<Verdict> {
  const verdict = emptyVerdict();
  const policy = own.policy === null ? null : await Policy.parse(own.policy);
  const roots = own.roots === null ? null : form.parseRoots(own.roots);
  try {
    await new Examining(parts, verdict).run(policy, roots);
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return verdict;
}

class Examining {
  constructor(
    private readonly parts: Parts,
    private readonly verdict: Verdict,
  ) {}

  async run(ownPolicy: Policy | null, ownRoots: Roots | null): Promise<void> {
    const { verdict, parts } = this;
    const theirs = await this.#or("policy", form.POLICY, () => Policy.parse(parts.policy));
    const policy = ownPolicy === null ? theirs : ownPolicy.learn(theirs.rotations);
    const said = await this.#or("roots", form.ROOTS, async () => form.parseRoots(parts.roots));
    const roots = ownRoots ?? said;
    Object.assign(verdict, { policy, roots });
    const acts = await this.#or("format", form.WISH, async () => form.parseActs(parts.acts));
    const register = await this.#or("directory", form.DIRECTORY, async () => {
      const lines = form.linesOf(parts.directory).map(form.parseDirectory);
      return Register.read(lines, policy, roots);
    });
    const entries = await this.#or("format", form.ENTRIES, async () =>
      form.linesOf(parts.entries).map(form.parseEntry),
    );
    const wish = await this.#wish(acts, policy, register);
    const read = await readThread(entries, { ...wish, chain: acts.chain }, policy, register);
    verdict.read = read;
    for (const { code, seq } of read.problems) this.#found(code, seq);
    this.#range(wish, read);
    this.#states(wish, read);
    await this.#consent(acts, wish, read, policy, register);
    this.#fresh(register);
  }

  #found(code: Code, at: Finding["at"]): void {
    this.verdict.findings.push({ code, at });
  }

  async #or<T>(code: Code, at: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#found(code, at);
      throw new Enough();
    }
  }

  async #wish(acts: form.Acts, policy: Policy, register: Register): Promise<Wish> {
    const { verdict } = this;
    const wish = readWish(acts.wish);
    const asked = await this.#or("asked", form.WISH, () => logged(acts.asked, policy));
    const by = wish && register.at(wish.device, asked.time);
    const signed =
      wish !== null &&
      by !== null &&
      by.person === wish.person &&
      by.state === wish.state &&
      (await wishSignedBy(by.key, wish, acts.signature));
    if (wish === null || by === null || !signed) {
      this.#found("wish", form.WISH);
      throw new Enough();
    }
    const digest = await wishDigest(wish);
    Object.assign(verdict, { wish, digest, asker: by, asked });
    const { payload } = asked;
    const right =
      asked.kind === "custody.export.asked" &&
      asked.actor === wish.person &&
      payload.wish === digest &&
      payload.thread === wish.circle &&
      payload.first === wish.first &&
      payload.last === wish.last &&
      Math.abs(Date.parse(wish.at) - asked.time) <= CLOCKS_MS;
    if (!right) this.#found("asked", form.WISH);
    return wish;
  }

  /** What was agreed to: the days, and how many leave; how many there are says the log as well. */
  #range(wish: Wish, { shown }: Read): void {
    const messages = shown.filter(({ is }) => is !== "members");
    const held = messages.filter(({ is }) => is === "held").length;
    const [first, last] = [shown[0], shown.at(-1)];
    const same =
      first !== undefined &&
      last !== undefined &&
      Date.parse(wish.from) === first.at &&
      Date.parse(wish.until) === last.at &&
      // More may be held back than was said, never less.
      held >= wish.held &&
      messages.length === wish.leaves + wish.held &&
      messages.length === this.verdict.asked?.payload.messages;
    if (!same) this.#found("range", null);
  }

  /** Whose information it holds: the coordination consents to what the wish names, and to no more. */
  #states({ states }: Wish, { foreign }: Read): void {
    const named = new Set(states.map((state) => (state === NOWHERE ? UNKNOWN_STATE : state)));
    if ([...foreign].some((state) => !named.has(state))) this.#found("states", null);
  }

  async #consent(
    { consent }: form.Acts,
    wish: Wish,
    read: Read,
    policy: Policy,
    register: Register,
  ): Promise<void> {
    const { verdict } = this;
    // Whom the wish names more than is seen here: that, too, is somebody else's information.
    const needed = read.foreign.size > 0 || wish.states.some((state) => state !== wish.state);
    if (consent === null) {
      if (needed) this.#found("consent-missing", null);
      return;
    }
    const said = readConsent(consent.said);
    const agreed = await this.#or("agreed", form.WISH, () => logged(consent.agreed, policy));
    if (said === null || !(await this.#agrees(said, consent.signature, agreed, register))) {
      this.#found("consent", form.WISH);
      return;
    }
    Object.assign(verdict, { consenter: register.at(said.device, agreed.time), agreed });
    const { asked, digest } = verdict;
    const signature = hex.encode(await sha256(consent.signature));
    const right =
      asked !== null &&
      agreed.kind === "custody.export.agreed" &&
      agreed.actor === said.person &&
      agreed.payload.export === asked.payload.export &&
      agreed.payload.wish === digest &&
      agreed.payload.signed === signature &&
      isWithin(asked.time, agreed.time);
    if (!right) this.#found("agreed", form.WISH);
  }

  /** Whether somebody of the coordination, who is not who asked, signed this wish then. */
  async #agrees(
    said: Consent,
    signature: Uint8Array,
    agreed: Logged,
    register: Register,
  ): Promise<boolean> {
    const { wish, digest } = this.verdict;
    const by = register.at(said.device, agreed.time);
    return (
      by !== null &&
      wish !== null &&
      by.person === said.person &&
      by.person !== wish.person &&
      by.state === wish.state &&
      by.roles.has(COORDINATOR) &&
      said.wish === digest &&
      Math.abs(Date.parse(said.at) - agreed.time) <= CLOCKS_MS &&
      (await consentSignedBy(by.key, said, signature))
    );
  }

  /** A directory that was cosigned before the consent could hide who was stopped meanwhile. */
  #fresh({ cosigned }: Register): void {
    const { asked, agreed } = this.verdict;
    const last = Math.max(asked?.time ?? 0, agreed?.time ?? 0);
    if (cosigned !== null && cosigned * 1_000 < last - DAY_MS) {
      this.#found("directory-old", form.DIRECTORY);
    }
  }
}

export const isWithin = (from: number, until: number): boolean =>
  from <= until && until - from <= LASTS_MS;

/** That it was made is in the log, of exactly these bytes. */
export async function checkMade(
  verdict: Verdict,
  receipt: string,
  manifest: Uint8Array,
  pdf: Uint8Array,
): Promise<void> {
  const { asked, agreed, policy, wish, digest } = verdict;
  verdict.pdf = hex.encode(await sha256(pdf));
  if (policy === null || asked === null || wish === null) return;
  try {
    const made = await logged(receipt, policy);
    const { payload } = made;
    const right =
      made.kind === "custody.export.made" &&
      made.actor === wish.person &&
      payload.export === asked.payload.export &&
      payload.thread === wish.circle &&
      payload.wish === digest &&
      payload.bundle === hex.encode(await sha256(manifest)) &&
      payload.pdf === verdict.pdf &&
      isWithin((agreed ?? asked).time, made.time);
    if (right) verdict.made = made;
    else verdict.findings.push({ code: "made", at: form.MADE });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    verdict.findings.push({ code: "made", at: form.MADE });
  }
}

/** Whether contents are what a manifest lists, each once, in order. */
export async function isListed(
  { files }: form.Manifest,
  contents: ReadonlyMap<string, Uint8Array>,
): Promise<string | null> {
  if (files.length !== form.LISTED.length) return form.MANIFEST;
  for (const [at, { name, size, sha256: said }] of files.entries()) {
    const content = contents.get(name);
    if (name !== form.LISTED[at] || content?.length !== size) return name;
    if (!equal(await sha256(content), hex.decode(said))) return name;
  }
  return null;
}
