/**
 * Who is who, by the part of the directory's log that an export carries: every leaf's hash, so that
 * its tree is that of a cosigned checkpoint, and what was signed about the people in it.
 *
 * What is left out cannot be seen to be missing: a stop that is not carried along stops nobody here.
 */

import { asHash, b64u, equal } from "../../bytes";
import { digestOf, readStatement, StatementMalformed } from "../../crypto/statements";
import { type AsOf, Directory, type Entry, type Roots } from "../chain";
import { Frontier } from "../tlog/entries";
import { openEvent } from "../tlog/event";
import { leafHash } from "../tlog/merkle";
import type { Policy } from "../tlog/policy";
import { Malformed, Unproven } from "../tlog/refusal";
import { fromBase64 } from "../tlog/text";
import type { DirectoryLine } from "./form";

/** Clocks of devices and of the server differ a little. */
const SKEW_MS = 300_000;

/** Somebody as they were designated when they did something. */
export type Known = {
  readonly person: string;
  readonly state: string;
  readonly name: string;
  readonly post: string;
  readonly roles: ReadonlySet<string>;
  readonly key: Uint8Array;
};

export class Register {
  readonly #directory: Directory;
  readonly #times: readonly { index: number; at: number }[];

  private constructor(
    entries: readonly Entry[],
    roots: Roots,
    /** When its quorum had cosigned it, in seconds; null where the policy asks for nobody. */
    readonly cosigned: number | null,
  ) {
    this.#directory = new Directory(entries, roots);
    this.#times = entries.map(({ index, at }) => ({ index, at }));
  }

  /**
   * @throws {Malformed} if a line is none, or no statement is what its event names.
   * @throws {Unproven} if the tree is not that of a checkpoint that satisfies the policy.
   */
  static async read(
    [head, ...rest]: readonly DirectoryLine[],
    policy: Policy,
    roots: Roots,
  ): Promise<Register> {
    if (head === undefined || !("note" in head)) throw new Malformed("no checkpoint");
    const { checkpoint, cosigned } = await policy.open(head.note);
    if (!checkpoint.origin.startsWith("dir.")) throw new Unproven("not the directory's log");
    if (rest.length !== checkpoint.size) throw new Unproven("another number of entries");
    const tree = new Frontier();
    const entries: Entry[] = [];
    for (const [index, line] of rest.entries()) {
      if ("note" in line) throw new Malformed("a second checkpoint");
      const leaf = "leaf" in line ? fromBase64(line.leaf) : null;
      await tree.append(leaf === null ? hashOf(line) : await leafHash(leaf));
      if (leaf !== null && "leaf" in line) entries.push(await opened(index, leaf, line));
    }
    if (!equal(await tree.root(), checkpoint.root)) throw new Unproven("another tree");
    return new Register(entries, roots, policy.quorumTime(cosigned));
  }

  /** Whose a device is, by the newest statement that names it; null if none is carried along. */
  ownerOf(device: string): { person: string; state: string } | null {
    const fields = this.#directory.deviceNamed(device);
    return fields && { person: fields.person, state: fields.state };
  }

  /** Of which State somebody is, as far as that is carried along. */
  stateOf(person: string): string | null {
    return this.#directory.named(person)?.state ?? null;
  }

  keyOf(person: string, device: string): Uint8Array | null {
    const fields = this.#directory.deviceNamed(device);
    return fields?.person === person ? b64u.decode(fields.signature_key) : null;
  }

  /** Whose device it was at that moment (ms), if the chain behind it held then; else null. */
  at(device: string, time: number): Known | null {
    const fields = this.#directory.deviceNamed(device);
    if (fields === null) return null;
    const { state, person, serial } = fields;
    const signatureKey = b64u.decode(fields.signature_key);
    const historyKey = b64u.decode(fields.history_key);
    const identity = { state, person, device, signatureKey, historyKey, serial };
    for (const as of this.#moments(time)) {
      const standing = this.#directory.standing(person, as);
      if (!this.#directory.device(identity, as).ok || !standing.ok) continue;
      const { name, post, roles } = standing.bound;
      return { person, state, name, post, roles, key: signatureKey };
    }
    return null;
  }

  /** As the log stood then; a device that was named a moment later, by a clock ahead, counts. */
  #moments(time: number): AsOf[] {
    return [0, SKEW_MS].map((more) => {
      const known = this.#times.filter(({ at }) => at <= time + more);
      return { now: time + more, size: (known.at(-1)?.index ?? -1) + 1 };
    });
  }
}

function hashOf(line: DirectoryLine) {
  if (!("hash" in line)) throw new Malformed("no hash");
  try {
    return asHash(fromBase64(line.hash));
  } catch {
    throw new Malformed("no hash");
  }
}

async function opened(
  index: number,
  leaf: Uint8Array,
  { payload, salt, statement }: Extract<DirectoryLine, { leaf: string }>,
): Promise<Entry> {
  const event = await openEvent(leaf, fromBase64(payload), fromBase64(salt));
  const { t } = JSON.parse(new TextDecoder().decode(leaf)) as { t?: unknown };
  if (typeof t !== "number" || (await digestOf(statement)) !== event.payload.digest) {
    throw new Unproven("another statement than its event names");
  }
  try {
    return { index, at: t * 1_000, statement: await readStatement(statement) };
  } catch (error) {
    if (error instanceof StatementMalformed) return { index, at: t * 1_000, statement: null };
    throw error;
  }
}
