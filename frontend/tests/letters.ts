/** Two central authorities and who drafts, each at a browser, over a server that can lie and lose. */

import type { Dossier } from "../src/api/dossiers";
import { ApiError, Unreachable } from "../src/api/errors";
import type { KeyBody, LetterBody, LetterReader, LetterRow, LettersTold } from "../src/api/letters";
import { b64u } from "../src/bytes";
import { publicKeyOf, signWith } from "../src/crypto/ed25519";
import { type IdentityKey, takeSeed } from "../src/crypto/identityKey";
import { sealingKeyOf } from "../src/crypto/sealingKey";
import { signingInput } from "../src/crypto/statements";
import type { Deps } from "../src/effects/deps";
import type { InTurn } from "../src/effects/identity";
import { letterActs } from "../src/effects/letters/acts";
import type { Opened } from "../src/effects/opening";
import type { Backend } from "../src/store/backend";
import { storeKey } from "../src/store/seal";
import { SortedRecords } from "../src/store/sorted";
import { Vault } from "../src/store/vault";
import type { Directory } from "../src/verify/chain";

export const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
export const NOW = Date.parse("2026-11-24T15:00:00Z");
export const NOTHING = { handling: null, number: 0 };
export const FOUND = {
  id: id(1),
  requesting_state: "SV",
  requested_state: "MX",
  letters: true,
  moves: [
    { number: 1, issued: "2026-11-24T12:00:00Z" },
    { number: 2, person: id(12), act: "transmit", issued: "2026-11-24T13:00:00Z" },
  ],
} as unknown as Dossier;

export type Who = {
  person: string;
  name: string;
  state: string;
  role: string;
  seed: Uint8Array<ArrayBuffer>;
  key: Uint8Array;
  /** Of the one device of somebody who drafts. */
  history?: Uint8Array;
};
export async function someone(n: number, state: string, role = "central-authority"): Promise<Who> {
  const seed = new Uint8Array(32).fill(n);
  const key = await publicKeyOf(seed.slice());
  return { person: id(n), name: `name of ${n}`, state, role, seed, key };
}

/** All who are known, as a directory replayed from a log would tell. */
function directoryOf(people: readonly Who[]): Directory {
  const of = (person: string) => people.find((one) => one.person === person);
  const standing = (person: string) => {
    const one = of(person);
    if (one === undefined) return { ok: false, why: "no-designation" };
    const bound = { state: one.state, roles: new Set([one.role]), key: b64u.encode(one.key) };
    return { ok: true, late: undefined, bound: { person, ...bound } };
  };
  return {
    person: standing,
    standing,
    named: (person: string) => of(person) ?? null,
    devicesOf: (person: string) => {
      const history = of(person)?.history;
      const key = b64u.encode(new Uint8Array(32));
      return history ? [{ signature_key: key, history_key: b64u.encode(history) }] : [];
    },
    device: () => ({ ok: true }),
    stops: () => [],
    isKeyOf: () => false,
    deviceNamed: () => null,
  } as unknown as Directory;
}

/** The server: it keeps what it is given, and can lose an answer. */
export class Server {
  rows: (Omit<LetterRow, "keys" | "held"> & { sealed: KeyBody[] })[] = [];
  bodies: string[] = [];
  readers: LetterReader[] = [];
  isDown = false;
  takesNothing = false;
  /** Whether each browser finds all steps of the record to be true. */
  isSound = true;
  /** It lists no letter, whatever it has. */
  hides = false;
  losesAnswers = 0;
  refuses: string | null = null;

  told(me: string): LettersTold {
    const letters = this.rows.map(({ sealed, ...row }) => ({
      ...row,
      keys: sealed.filter(({ person }) => person === me),
      held: sealed.map(({ key }) => key),
    }));
    return { readers: this.readers, letters: this.hides ? [] : letters };
  }

  routesOf(me: Who) {
    const up = (): void => {
      if (this.isDown) throw new Unreachable("down");
    };
    return {
      list: async () => {
        up();
        return this.told(me.person);
      },
      send: async (_: string, body: LetterBody) => {
        up();
        if (this.takesNothing) throw new Unreachable("lost");
        this.bodies.push(body.body);
        if (this.refuses !== null) {
          const status = this.refuses === "state-stopped" ? 403 : 409;
          throw new ApiError(this.refuses, status, "refused words", "", {});
        }
        if (body.keys.some(({ person }) => !this.readers.some((one) => one.person === person))) {
          throw new ApiError("letter-readers", 409, "", "", {});
        }
        const { keys, ...row } = body;
        const { person, name, state } = me;
        const at = "2026-11-24T15:00:01Z";
        if (!this.rows.some((one) => one.id === row.id)) {
          this.rows.push({ ...row, person, name, state, at, sealed: [...keys] });
        }
        if (this.losesAnswers-- > 0) throw new Unreachable("lost");
        return this.told(me.person);
      },
      share: async (_: string, keys: readonly (KeyBody & { letter: string })[]) => {
        for (const { letter, ...key } of keys) {
          this.rows.find((one) => one.id === letter)?.sealed.push(key);
        }
        return this.told(me.person);
      },
    };
  }
}

function memory(): Backend {
  const records = new SortedRecords();
  return {
    get: async (key) => records.get(key),
    range: async (range) => records.range(range),
    write: async ({ put, remove }) => {
      for (const record of put) records.put(record);
      for (const key of remove) records.remove(key);
    },
    close: async () => undefined,
  };
}

let ids = 100;
/** Somebody's browser; `disk` is that of the page before, after a reload. */
export async function browser(who: Who, server: Server, people: readonly Who[], disk = memory()) {
  const key = await storeKey(new Uint8Array(32).fill(1), new Uint8Array(32).fill(2));
  const vault = new Vault(disk, key);
  const inTurn: InTurn = async (task) => {
    const tx = await vault.begin();
    const result = await task(tx);
    await tx.persist();
    return result;
  };
  const made: IdentityKey = await takeSeed(who.seed.slice(), who.key);
  const identity = {
    key: b64u.encode(who.key),
    sealing: { key: b64u.encode(sealingKeyOf(who.key) as Uint8Array), opening: made.opening },
    signOther: async (label: string, body: Uint8Array) => {
      const input = signingInput(label as Parameters<typeof signingInput>[0], body);
      return b64u.encode((await signWith(who.seed.slice(), input)).signature);
    },
  };
  const opened = { person: { id: who.person, state: who.state }, vault, inTurn, identity };
  const deps = {
    api: { letters: server.routesOf(who) },
    clock: () => NOW,
    random: { uuid: () => id(++ids) },
  } as unknown as Deps;
  const acts = letterActs(deps, {
    sound: async () => server.isSound,
    guarded: (act) => act(),
    opened: async () => opened as unknown as Opened,
    desk: () => null,
    replayed: async () => directoryOf(people),
  });
  const read = (found = FOUND) => acts.read(found);
  const words = async () => (await read()).letters.map(({ letter }) => letter?.text ?? null);
  return { ...acts, read, words, disk };
}

export const reader = ({ person, name, state, role }: Who): LetterReader => ({
  person,
  name,
  state,
  central: role === "central-authority",
});

/** Two central authorities, each at a browser, and a third person who may come later. */
export type Scene = { server: Server; people: Who[]; all: () => [Who, Who, Who] };

export async function scene(): Promise<Scene> {
  const people = await Promise.all([someone(11, "SV"), someone(12, "MX"), someone(13, "MX")]);
  const server = new Server();
  server.readers = people.slice(0, 2).map(reader);
  return { server, people, all: () => people as [Who, Who, Who] };
}
