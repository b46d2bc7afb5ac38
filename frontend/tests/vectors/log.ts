/** A log in memory with its files and its key: what a server hands out, honest or not. */

import { concat, type Hash, hex, sha256, u64, utf8 } from "../../src/bytes";
import { publicKeyOf, signWith } from "../../src/crypto/ed25519";
import { leafHash } from "../../src/verify/tlog/merkle";
import { Policy } from "../../src/verify/tlog/policy";
import { toBase64 } from "../../src/verify/tlog/text";
import { fullPath, pathOf, Tiles } from "../../src/verify/tlog/tiles";
import { naiveRoot, TLOG } from "./tlog";

const WIDTH = 256;

/** Signs as the log of the vectors does, whatever it is given. */
export async function signedNote(text: string, name = TLOG.log.name): Promise<string> {
  const { key, signature } = await signWith(hex.decode(TLOG.log.seed), utf8.encode(text));
  const id = (await sha256(utf8.encode(`${name}\n`), Uint8Array.of(1), key)).slice(0, 4);
  return `${text}\n— ${name} ${toBase64(concat(id, signature))}\n`;
}

const WITNESS_SEED = new Uint8Array(32).fill(7);

async function witnessKey(): Promise<{ raw: Uint8Array; id: Uint8Array }> {
  const raw = concat(Uint8Array.of(4), await publicKeyOf(WITNESS_SEED));
  return { raw, id: (await sha256(utf8.encode("w.example\n"), raw)).slice(0, 4) };
}

/** The vkey of a witness; each number has its own key. */
export const vkeyOfWitness = (name: string, number: number): Promise<string> =>
  vkeyOf(4, name, number);

/** The vkey of a log that signs nothing here. */
export const vkeyOfLog = (name: string): Promise<string> => vkeyOf(1, name, 1);

async function vkeyOf(kind: number, name: string, number: number): Promise<string> {
  const key = await publicKeyOf(new Uint8Array(32).fill(number));
  const raw = concat(Uint8Array.of(kind), key);
  const id = (await sha256(utf8.encode(`${name}\n`), raw)).slice(0, 4);
  return `${name}+${hex.encode(id)}+${toBase64(raw)}`;
}

/** The lines of a policy that asks for one witness. */
export async function quorumOfOne(): Promise<string> {
  const { raw, id } = await witnessKey();
  return `witness XX w.example+${hex.encode(id)}+${toBase64(raw)}\nquorum XX\n`;
}

/** A signed note with that witness's line; `at` in milliseconds. */
export async function cosigned(note: string, at: number): Promise<string> {
  const { id } = await witnessKey();
  const seconds = Math.floor(at / 1_000);
  const body = note.slice(0, note.indexOf("\n\n") + 1);
  const said = utf8.encode(`cosignature/v1\ntime ${seconds}\n${body}`);
  const { signature } = await signWith(WITNESS_SEED, said);
  return `${note}— w.example ${toBase64(concat(id, u64(seconds), signature))}\n`;
}

export class LogInHand {
  readonly origin = TLOG.log.name;

  private constructor(
    readonly policy: Policy,
    readonly policyText: string,
    readonly entries: readonly Uint8Array[],
    readonly leaves: readonly Hash[],
  ) {}

  /** Entries "entry 0" and so on; those after `from` are others than in the vectors. */
  static async of(size: number, { from = size }: { from?: number } = {}): Promise<LogInHand> {
    const entries = Array.from({ length: size }, (_, at) =>
      utf8.encode(at < from ? `entry ${at}` : `other ${at}`),
    );
    return LogInHand.from(entries);
  }

  static async from(entries: readonly Uint8Array[], more = ""): Promise<LogInHand> {
    const text = `log ${TLOG.log.vkey}\n${more}quorum none\n`;
    const leaves = await Promise.all(entries.map(leafHash));
    return new LogInHand(await Policy.parse(text), text, entries, leaves);
  }

  async note(size: number): Promise<string> {
    const root = await naiveRoot(this.leaves.slice(0, size));
    return signedNote(`${this.origin}\n${size}\n${toBase64(root)}\n`);
  }

  /** Any tile of levels 0 and 1, and any bundle of entries. */
  readonly read = async (path: string): Promise<Uint8Array> => {
    const size = this.leaves.length;
    for (let number = 0; number * WIDTH < size; number += 1) {
      const width = Math.min(size - number * WIDTH, WIDTH);
      for (let held = 1; held <= width; held += 1) {
        if (path === pathOf(null, number, held)) {
          const entries = this.entries.slice(number * WIDTH, number * WIDTH + held);
          return concat(
            ...entries.flatMap((one) => [Uint8Array.of(one.length >> 8, one.length & 0xff), one]),
          );
        }
        if (path !== pathOf(0, number, held)) continue;
        return concat(...this.leaves.slice(number * WIDTH, number * WIDTH + held));
      }
    }
    const whole = Math.floor(size / WIDTH);
    const roots = Array.from({ length: whole }, (_, at) =>
      naiveRoot(this.leaves.slice(at * WIDTH, (at + 1) * WIDTH)),
    );
    if (path === pathOf(1, 0, whole)) return concat(...(await Promise.all(roots)));
    return new Uint8Array();
  };

  path(old: number): Promise<Hash[]> {
    return fullPath(old, new Tiles(this.leaves.length, this.read));
  }
}
