/**
 * C2SP tlog-policy: which logs one believes, and whose cosignatures make a checkpoint count.
 *
 * A reader's own file, never the log's. A log's key may follow another (rotation.ts): who believes
 * one of the two learns of the other from the statement that both have signed. Python:
 * audit/tlog/policy.py.
 */

import { equal } from "../../bytes";
import { type Checkpoint, parseCheckpoint } from "./checkpoint";
import { COSIGNATURE, ED25519, type Key, parseKey, parseNote, signaturesOf } from "./note";
import { Malformed, Unproven } from "./refusal";
import { isRotationLine, isSameKey, type Rotation, rotationIn } from "./rotation";
import { fromDecimal } from "./text";

const NONE = "none";
/** So many witnesses are tried in every combination: 65,536 of them. */
const MOST_TRIED = 16;
/** What the name of a key for promises ends in: every web process holds it. */
export const PROMISES = "/promise";
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FOREIGN = /[\x00-\x08\x0b-\x1f\x7f]/;

/** Only space and tab part words: a reader that parted at others would read another policy. */
export function wordsOf(line: string): string[] {
  const [said = ""] = line.split("#");
  return said.split(/[\t ]+/).filter(Boolean);
}

type Group = { readonly needed: number; readonly members: readonly string[] };

/** A checkpoint that satisfied a policy, and when each witness cosigned it (seconds since 1970). */
export type Opened = {
  readonly checkpoint: Checkpoint;
  readonly cosigned: ReadonlyMap<string, number>;
};

export class Policy {
  readonly logs: Key[] = [];
  readonly witnesses = new Map<string, Key>();
  /** That lead from one key of `logs` to another; the keys they name are in `logs`. */
  readonly rotations: Rotation[] = [];
  #groups = new Map<string, Group>();
  #quorum = "";

  private constructor() {}

  /** @throws {Malformed} naming the line that is wrong. */
  static async parse(text: string): Promise<Policy> {
    const policy = new Policy();
    const found: Rotation[] = [];
    if (FOREIGN.test(text)) throw new Malformed("a policy has no control characters");
    for (const [at, line] of text.split("\n").entries()) {
      const words = wordsOf(line);
      try {
        if (isRotationLine(line)) found.push(await rotationIn(line));
        else if (words.length > 0) await policy.#take(words);
      } catch (error) {
        if (!(error instanceof Malformed || error instanceof Unproven)) throw error;
        throw new Malformed(`line ${at + 1}: ${error.message}`);
      }
    }
    if (policy.#quorum === "") throw new Malformed("a policy names its quorum");
    // Whoever wrote the file may name the newer key, and say by which it was preceded.
    return policy.#settle(found, true);
  }

  /**
   * The policy with the keys that follow, one after the other, on those it believes. A statement
   * that starts at no key it believes teaches nothing, nor does a second one about a key that is
   * already followed by another.
   */
  learn(rotations: readonly Rotation[]): Policy {
    const grown = new Policy();
    grown.logs.push(...this.logs);
    grown.rotations.push(...this.rotations);
    for (const [name, key] of this.witnesses) grown.witnesses.set(name, key);
    grown.#groups = this.#groups;
    grown.#quorum = this.#quorum;
    return grown.#settle(rotations, false);
  }

  #settle(found: readonly Rotation[], backwards: boolean): Policy {
    let rest = [...found];
    const leads = (one: Rotation) => this.#knows(one.old) || (backwards && this.#knows(one.new));
    for (let one = rest.find(leads); one !== undefined; one = rest.find(leads)) {
      const { old, new: next, note } = one;
      rest = rest.filter((other) => other.note !== note);
      if (this.rotations.some((known) => known.note === note)) continue;
      if (this.follower(old) === null && !this.#leads(next, old)) {
        this.rotations.push(one);
        for (const key of [old, next]) if (!this.#knows(key)) this.logs.push(key);
      } else if (backwards) throw new Malformed(`${old.name}: two keys follow one`);
    }
    return this;
  }

  /** The statement by which another key follows this one. */
  follower(key: Key): Rotation | null {
    return this.rotations.find(({ old }) => isSameKey(old, key)) ?? null;
  }

  #knows(key: Key): boolean {
    return this.logs.some((one) => isSameKey(one, key));
  }

  /** Whether a row of rotations leads from one key to another: it would be a circle. */
  #leads(key: Key, to: Key): boolean {
    const step = this.follower(key);
    return step !== null && (isSameKey(step.new, to) || this.#leads(step.new, to));
  }

  /**
   * The checkpoint in a note, if a log of this policy signed it and the quorum holds. A key for
   * promises opens none, whatever origin it is made to sign. A key that was given up counts under
   * what the quorum had cosigned before its end; where nobody is asked to cosign, nothing dates a
   * note: there it counts until `now` (POSIX seconds), or, without it, as in a note of its time.
   *
   * @throws {Malformed} if it is no checkpoint.
   * @throws {Unproven} if a signature or the quorum does not hold.
   */
  async open(whole: string, now: number | null = null): Promise<Opened> {
    const { checkpoint, signers, cosigned } = await this.#read(whole);
    if (this.#quorum !== NONE && !this.#counts(this.#quorum, cosigned)) {
      const [have, all] = [cosigned.size, this.witnesses.size];
      throw new Unproven(`only ${have} of ${all} witnesses have cosigned`);
    }
    const at = this.#quorum === NONE ? now : this.quorumTime(cosigned);
    this.#requireKept(signers, at);
    return { checkpoint, cosigned };
  }

  /**
   * The checkpoint in a note that its log has signed, whoever else has: nothing to believe, but what
   * the log can be held to. A key counts until it was given up, by `now` (POSIX seconds).
   *
   * @throws {Malformed} if it is no checkpoint.
   * @throws {Unproven} if the log has not signed it.
   */
  async signed(whole: string, now: number | null = null): Promise<Checkpoint> {
    const { checkpoint, signers } = await this.#read(whole);
    this.#requireKept(signers, now);
    return checkpoint;
  }

  async #read(whole: string): Promise<Opened & { signers: Key[] }> {
    const note = parseNote(whole);
    const checkpoint = parseCheckpoint(note.text);
    const logs = this.keysOf(checkpoint.origin);
    if (logs.length === 0) throw new Unproven(`the policy knows no log ${checkpoint.origin}`);
    const signed = await signaturesOf(note, [...logs, ...this.witnesses.values()]);
    const signers = signed.map(({ key }) => key).filter((key) => logs.includes(key));
    if (signers.length === 0) throw new Unproven("the log has not signed");
    const cosigned = new Map(
      [...this.witnesses].flatMap(([name, key]): [string, number][] => {
        const own = signed.find((one) => one.key === key);
        return own === undefined ? [] : [[name, own.time]];
      }),
    );
    return { checkpoint, signers, cosigned };
  }

  #requireKept(signers: readonly Key[], at: number | null): void {
    const isOver = (key: Key) => at !== null && at >= (this.follower(key)?.end ?? at + 1);
    if (signers.every(isOver)) throw new Unproven("its key was given up before that");
  }

  /**
   * When the quorum had cosigned (seconds since 1970): the latest time such that those who signed
   * then or later are enough. Null where the policy asks for nobody.
   */
  quorumTime(cosigned: ReadonlyMap<string, number>): number | null {
    if (this.#quorum === NONE) return null;
    const times = [...new Set(cosigned.values())].sort((a, b) => b - a);
    const enough = (time: number) =>
      this.#counts(this.#quorum, new Map([...cosigned].filter(([, one]) => one >= time)));
    return times.find(enough) ?? 0;
  }

  /**
   * Whether all cosignatures that satisfy this quorum satisfy that of `other` too, whatever its
   * witnesses are called there: a witness is its key. More than {@link MOST_TRIED} are not tried,
   * and the answer is no.
   */
  asksFor(other: Policy): boolean {
    if (other.#quorum === NONE) return true;
    if (this.#quorum === NONE) return false;
    // Who is not counted here may be away: the others have to be enough there.
    const counted = [...this.counted()];
    if (counted.length > MOST_TRIED) return false;
    for (let tried = 0; tried < 2 ** counted.length; tried += 1) {
      const names = counted.filter((_, at) => Math.floor(tried / 2 ** at) % 2 === 1);
      const present = new Map(names.map((name) => [name, 0]));
      if (!this.#counts(this.#quorum, present)) continue;
      const keys = names.flatMap((name) => this.witnesses.get(name) ?? []);
      const there = [...other.witnesses].filter(([, key]) =>
        keys.some((one) => isSameKey(one, key)),
      );
      if (!other.#counts(other.#quorum, new Map(there.map(([name]) => [name, 0])))) return false;
    }
    return true;
  }

  /** The witnesses that the quorum counts, by their names in this policy. */
  counted(name = this.#quorum): Set<string> {
    const group = this.#groups.get(name);
    if (group === undefined) return new Set(this.witnesses.has(name) ? [name] : []);
    return new Set(group.members.flatMap((one) => [...this.counted(one)]));
  }

  /** With which this log signs its checkpoints; those that were given up since are among them. */
  keysOf(origin: string): Key[] {
    return this.logs.filter(({ name }) => name === origin && !name.endsWith(PROMISES));
  }

  async #take(words: readonly string[]): Promise<void> {
    const [what, name = "", third, ...rest] = words;
    if (what === "log" && name !== "" && rest.length === 0) {
      this.logs.push(await keyOf(name, ED25519));
    } else if (what === "witness" && third !== undefined && rest.length < 2) {
      await this.#admit(name, third);
    } else if (what === "group" && third !== undefined && rest.length > 0) {
      this.#requireFresh(name);
      this.#groups.set(name, this.#group(third, rest));
    } else if (what === "quorum" && third === undefined && name !== "" && this.#quorum === "") {
      if (name !== NONE) this.#requireKnown(name);
      this.#quorum = name;
    } else {
      throw new Malformed("not understood");
    }
  }

  async #admit(name: string, vkey: string): Promise<void> {
    this.#requireFresh(name);
    const key = await keyOf(vkey, COSIGNATURE);
    const same = (one: Key) => one.name === key.name && equal(one.public, key.public);
    if ([...this.witnesses.values()].some(same)) throw new Malformed(`${key.name} counts twice`);
    this.witnesses.set(name, key);
  }

  #requireFresh(name: string): void {
    if (name === NONE || this.witnesses.has(name) || this.#groups.has(name)) {
      throw new Malformed(`${name} is taken`);
    }
  }

  #requireKnown(name: string): void {
    if (!this.witnesses.has(name) && !this.#groups.has(name)) {
      throw new Malformed(`nobody is called ${name}`);
    }
  }

  #group(needed: string, members: readonly string[]): Group {
    const used = new Set([...this.#groups.values()].flatMap((group) => group.members));
    for (const name of members) {
      this.#requireKnown(name);
      if (used.has(name)) throw new Malformed(`${name} counts twice`);
      used.add(name);
    }
    const words: Record<string, number> = { any: 1, all: members.length };
    const count = Object.hasOwn(words, needed) ? (words[needed] ?? 0) : fromDecimal(needed);
    if (!(count > 0 && count <= members.length)) {
      throw new Malformed("a group needs between one and all of its members");
    }
    return { needed: count, members };
  }

  #counts(name: string, present: ReadonlyMap<string, number>): boolean {
    const group = this.#groups.get(name);
    if (group === undefined) return present.has(name);
    return group.members.filter((one) => this.#counts(one, present)).length >= group.needed;
  }
}

async function keyOf(vkey: string, kind: Key["kind"]): Promise<Key> {
  const key = await parseKey(vkey);
  if (key.kind !== kind) throw new Malformed("a key of another kind");
  return key;
}
