/** The directory's log in miniature: signed, in files, opened; by a server that may lie. */

import type { Api } from "../../src/api/api";
import { ApiError } from "../../src/api/errors";
import { Feed, type LogApi } from "../../src/api/log";
import type { DirectoryPage } from "../../src/api/schema";
import { b64u, concat, hex, sha256, utf8 } from "../../src/bytes";
import { canonical, fromCanonical } from "../../src/canonical";
import { publicKeyOf } from "../../src/crypto/ed25519";
import { digestOf, type WireStatement } from "../../src/crypto/statements";
import { commitmentTo } from "../../src/verify/tlog/event";
import { leafHash } from "../../src/verify/tlog/merkle";
import { toBase64 } from "../../src/verify/tlog/text";
import { pathOf } from "../../src/verify/tlog/tiles";
import { cosigned, quorumOfOne, signedNote } from "../vectors/log";
import { naiveRoot, TLOG } from "../vectors/tlog";

type Said = DirectoryPage["entries"][number];
type Entry = { leaf: Uint8Array; hash: ReturnType<typeof leafHash>; said: Said };

const ORIGIN = "dir.casehub.example";
const WIDTH = 256;

export class DirectoryInHand {
  readonly entries: Entry[] = [];
  /** When the newest entry was made, in milliseconds. */
  last = 0;
  /** Persons to whom the server shows only so many entries. */
  readonly shown = new Map<string, number>();
  /** When its one witness last cosigned it, in milliseconds; null where nobody is asked. */
  witnessed: number | null = null;
  /** What the server hands out in place of what an entry says. */
  lies: (said: Entry["said"], person: string) => Entry["said"] | null = (said) => said;
  /** A further log of the same host: its line in the policy, and what is answered of its entries. */
  acts: { vkey: string; receipts: LogApi["receipts"] } | null = null;
  readonly #notes = new Map<number, Promise<string>>();

  /** Enter a statement when it was signed, or after what was entered before. */
  async push(statement: WireStatement): Promise<void> {
    const { issued } = fromCanonical(b64u.decode(statement.body)) as { issued: string };
    this.last = Math.max(this.last, Date.parse(issued));
    const at = Math.floor(this.last / 1_000);
    const payload = canonical({
      actor: "",
      at: new Date(at * 1_000).toISOString(),
      kind: "directory.statement.entered",
      payload: { digest: await digestOf(statement) },
      states: [],
      v: 1,
    });
    const salt = crypto.getRandomValues(new Uint8Array(32));
    const c = toBase64(await commitmentTo(payload, salt));
    const leaf = canonical({ c, g: [], k: "event", t: at, v: 1 });
    const said = {
      index: this.entries.length,
      salt: b64u.encode(salt),
      payload: b64u.encode(payload),
    };
    const entered = { ...said, statement: structuredClone(statement) as never };
    this.entries.push({ leaf, hash: leafHash(leaf), said: entered });
  }

  /** Everything that was entered, as it travels. */
  get statements(): WireStatement[] {
    return this.entries.flatMap(({ said }) => (said.statement as WireStatement | null) ?? []);
  }

  /** What the server answers one person. */
  api(person: string): { publicLog: LogApi } & Pick<Api, "directoryLog"> {
    const size = () => this.shown.get(person) ?? this.entries.length;
    return {
      publicLog: {
        feed: new Feed(),
        list: async () => [{ name: "dir", origin: ORIGIN, size: size() }],
        policy: async () => policyText(this.witnessed !== null, this.acts?.vkey),
        checkpoint: async () => {
          const note = await this.#note(size());
          return this.witnessed === null ? note : cosigned(note, this.witnessed);
        },
        file: async (_log, path) => this.#file(path),
        receipts: async (events) => this.acts?.receipts(events) ?? [],
      },
      directoryLog: async (after) => {
        const said = this.entries.slice(after, size()).map((one) => this.lies(one.said, person));
        return { size: size(), entries: said.filter((one) => one !== null) };
      },
    };
  }

  #note(size: number): Promise<string> {
    const known = this.#notes.get(size);
    if (known !== undefined) return known;
    const made = this.#hashes(size)
      .then(naiveRoot)
      .then((root) => signedNote(`${ORIGIN}\n${size}\n${toBase64(root)}\n`, ORIGIN));
    this.#notes.set(size, made);
    return made;
  }

  #hashes(size: number) {
    return Promise.all(this.entries.slice(0, size).map(({ hash }) => hash));
  }

  async #file(path: string): Promise<Uint8Array> {
    for (let held = 1; held <= Math.min(WIDTH, this.entries.length); held += 1) {
      if (path === pathOf(0, 0, held)) return concat(...(await this.#hashes(held)));
      if (path !== pathOf(null, 0, held)) continue;
      const some = this.entries.slice(0, held).map(({ leaf }) => {
        return concat(Uint8Array.of(leaf.length >> 8, leaf.length & 255), leaf);
      });
      return concat(...some);
    }
    throw new ApiError("not-found", 404, "", "", {});
  }
}

async function policyText(witnessed: boolean, further?: string): Promise<string> {
  const key = await publicKeyOf(hex.decode(TLOG.log.seed));
  const id = (await sha256(utf8.encode(`${ORIGIN}\n`), Uint8Array.of(1), key)).slice(0, 4);
  const vkey = `${ORIGIN}+${hex.encode(id)}+${toBase64(concat(Uint8Array.of(1), key))}`;
  const more = further === undefined ? "" : `log ${further}\n`;
  return `log ${vkey}\n${more}${witnessed ? await quorumOfOne() : "quorum none\n"}`;
}
