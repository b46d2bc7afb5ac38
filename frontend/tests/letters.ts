/** Two central authorities and who drafts, each at a browser, over a server that can lie and lose. */

import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import type { Dossier } from "../src/api/dossiers";
import { ApiError, Unreachable } from "../src/api/errors";
import type { KeyBody, LetterBody, LetterReader, LetterRow, LettersTold } from "../src/api/letters";
import type { Audience } from "../src/audience";
import { b64u } from "../src/bytes";
import { publicKeyOf, signWith } from "../src/crypto/ed25519";
import { carriedBefore } from "../src/crypto/functions";
import { type IdentityKey, takeSeed } from "../src/crypto/identityKey";
import { sealingKeyOf } from "../src/crypto/sealingKey";
import { signingInput } from "../src/crypto/statements";
import type { Deps } from "../src/effects/deps";
import { stepsOf } from "../src/effects/dossiers/steps";
import type { InTurn } from "../src/effects/identity";
import { letterActs } from "../src/effects/letters/acts";
import type { Opened } from "../src/effects/opening";
import type { Backend } from "../src/store/backend";
import { storeKey } from "../src/store/seal";
import { SortedRecords } from "../src/store/sorted";
import { Vault } from "../src/store/vault";
import type { Directory } from "../src/verify/chain";
import { Enclosures } from "./enclosures";

export const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
export const NOW = Date.parse("2026-11-24T15:00:00Z");
export const NOTHING = { handling: null, number: 0 };
export const FOUND = {
  id: id(1),
  requesting_state: "SV",
  requested_state: "MX",
  letters: true,
  home_letters: true,
  proposal: null,
  moves: [
    { number: 1, issued: "2026-11-24T12:00:00Z" },
    {
      ...{ number: 2, person: id(12), act: "transmit", issued: "2026-11-24T13:00:00Z" },
      ...{ before: "authorised", after: "transmitted", version: 1, digest: "ab" },
      ...{ on: "2026-11-24", said: {}, form: 2 },
    },
  ],
} as unknown as Dossier;

/** What goes with a step of it, by what was signed of that. */
export async function leavesWith(number: number): Promise<{ number: number; leaves: string }> {
  const [leaves = ""] = await stepsOf(
    FOUND.id,
    FOUND.moves.filter((move) => move.number === number),
  );
  return { number, leaves };
}

export type Who = {
  person: string;
  name: string;
  state: string;
  role: string;
  seed: Uint8Array<ArrayBuffer>;
  key: Uint8Array;
  /** Of the one device of somebody who drafts, where it is none that opens anything. */
  history?: Uint8Array;
  device?: Device;
};
/** Keys of it under the names that the program has for them. */
export type Device = {
  device: string;
  signaturePrivate: Uint8Array<ArrayBuffer>;
  signaturePublic: Uint8Array;
  historyPrivate: Uint8Array;
  historyPublic: Uint8Array;
  /** It, or its owner, was taken out. */
  isRevoked?: boolean;
};
export async function someone(n: number, state: string, role = "central-authority"): Promise<Who> {
  const seed = new Uint8Array(32).fill(n);
  const key = await publicKeyOf(seed.slice());
  return { person: id(n), name: `name of ${n}`, state, role, seed, key };
}

/** Somebody with a device, as whoever drafts has one. */
export async function drafter(n: number, state: string, role = "liaison"): Promise<Who> {
  const signaturePrivate = new Uint8Array(32).fill(100 + n);
  const signaturePublic = await publicKeyOf(signaturePrivate.slice());
  const { kem } = new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes128Gcm(),
  });
  const pair = await kem.deriveKeyPair(new Uint8Array(32).fill(n).buffer);
  const [historyPrivate, historyPublic] = [
    new Uint8Array(await kem.serializePrivateKey(pair.privateKey)),
    new Uint8Array(await kem.serializePublicKey(pair.publicKey)),
  ];
  const keys = { signaturePrivate, signaturePublic, historyPrivate, historyPublic };
  return { ...(await someone(n, state, role)), device: { device: id(1000 + n), ...keys } };
}

/** All who are known, as a directory replayed from a log would tell. */
function directoryOf(people: readonly Who[], server: Server): Directory {
  const of = (person: string) => people.find((one) => one.person === person);
  const fieldsOf = ({ person, device, history }: Who) =>
    (device || history) && {
      person,
      device: device?.device ?? "",
      signature_key: b64u.encode(device?.signaturePublic ?? new Uint8Array(32)),
      history_key: b64u.encode(device?.historyPublic ?? history ?? new Uint8Array(32)),
    };
  const standing = (person: string) => {
    const one = of(person);
    if (one === undefined) return { ok: false, why: "no-designation" };
    const held = { roles: new Set([one.role]), functions: new Set(carriedBefore([one.role])) };
    const bound = { person, state: one.state, ...held, key: b64u.encode(one.key) };
    return { ok: true, late: undefined, bound };
  };
  return {
    person: standing,
    standing,
    sizeAt: () => server.entries,
    named: (person: string) => of(person) ?? null,
    names: (person: string) => new Set([of(person)?.name]),
    devicesOf: (person: string) => {
      const one = of(person);
      return (one && [fieldsOf(one)].filter((fields) => fields !== undefined)) ?? [];
    },
    /** One that is revoked was not when it signed. */
    device: ({ person }: { person: string }, { size }: { size?: number }) =>
      of(person)?.device?.isRevoked && size === undefined
        ? { ok: false, why: "device-revoked" }
        : { ok: true },
    stops: () => [],
    deviceNamed: (device: string) =>
      people.map(fieldsOf).find((fields) => fields?.device === device) ?? null,
    // What is in it grows in place.
    get size() {
      return server.entries;
    },
  } as unknown as Directory;
}

/** The server: it keeps what it is given, and can lose an answer. */
export class Server {
  rows: (Omit<LetterRow, "keys" | "held" | "files"> & {
    sealed: KeyBody[];
    enclosures?: readonly string[];
    audience?: Audience;
  })[] = [];
  readonly files = new Enclosures();
  bodies: string[] = [];
  readers: LetterReader[] = [];
  /** Who reads what the requesting State's people write to each other, as it names them. */
  atHome: LetterReader[] = [];
  /** It shows what is for one audience as what is for the other. */
  mixes = false;
  isDown = false;
  takesNothing = false;
  #isSound = true;
  /** How much the directory's log has. */
  entries = 1;
  /** It lists no letter, whatever it has. */
  hides = false;
  losesAnswers = 0;
  refuses: string | null = null;
  /** The request whose letters it fails on. */
  breaks = "";
  /** What browsers reported as a fault, and how often they did what costs. */
  reported: unknown[] = [];
  did = { replayed: 0, judged: 0, turns: 0 };
  /** How often keys of letters were given to others. */
  shared = 0;

  /** Whether each browser finds all steps of the record to be true. */
  get isSound(): boolean {
    return this.#isSound;
  }

  /** By what is in the log from now on. */
  set isSound(is: boolean) {
    this.#isSound = is;
    this.entries += 1;
  }

  /** How many it tells at once, and how often it was asked for any. */
  page = 100;
  asked: (number | undefined)[] = [];
  /** What it tells instead. */
  tells: ((before?: number) => LettersTold) | null = null;

  told(me: string, audience: Audience = "both", before?: number): LettersTold {
    const rows = this.rows.filter((one) => this.mixes || (one.audience ?? "both") === audience);
    const all = rows.map(({ sealed, enclosures = [], audience: _, ...row }) => ({
      ...row,
      files: this.files.told(enclosures),
      keys: sealed.filter(({ person }) => person === me),
      held: sealed.map(({ key }) => key),
    }));
    const end = this.hides ? 0 : before === undefined ? all.length : before - 1;
    const first = Math.max(end - this.page, 0);
    const readers = audience === "home" ? this.atHome : this.readers;
    return { readers, first: first + 1, letters: all.slice(first, end) };
  }

  up = (): void => {
    if (this.isDown) throw new Unreachable("down");
  };

  routesOf(me: Who) {
    const { up } = this;
    return {
      list: async (_: string, audience: Audience, before?: number) => {
        up();
        this.asked.push(before);
        return this.tells?.(before) ?? this.told(me.person, audience, before);
      },
      send: async (request: string, body: LetterBody) => {
        up();
        if (request === this.breaks) throw new Error("broken");
        if (this.takesNothing) throw new Unreachable("lost");
        this.bodies.push(body.body);
        if (this.refuses !== null) {
          const status = this.refuses === "state-stopped" ? 403 : 409;
          throw new ApiError(this.refuses, status, "refused words", "", {});
        }
        const readers = body.audience === "home" ? this.atHome : this.readers;
        if (body.keys.some(({ person }) => !readers.some((one) => one.person === person))) {
          throw new ApiError("letter-readers", 409, "", "", {});
        }
        const { keys, ...row } = body;
        const { person, name, state } = me;
        const at = "2026-11-24T15:00:01Z";
        if (!this.rows.some((one) => one.id === row.id)) {
          this.rows.push({ ...row, person, name, state, at, sealed: [...keys] });
        }
        if (this.losesAnswers-- > 0) throw new Unreachable("lost");
        return this.told(me.person, body.audience);
      },
      share: async (
        _: string,
        audience: Audience,
        keys: readonly (KeyBody & { letter: string })[],
      ) => {
        this.shared += 1;
        for (const { letter, ...key } of keys) {
          this.rows.find((one) => one.id === letter)?.sealed.push(key);
        }
        return this.told(me.person, audience);
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
export async function browser(
  who: Who,
  server: Server,
  people: readonly Who[],
  disk = memory(),
  by: Partial<Parameters<typeof letterActs>[1]> = {},
) {
  const key = await storeKey(new Uint8Array(32).fill(1), new Uint8Array(32).fill(2));
  const vault = new Vault(disk, key);
  const inTurn: InTurn = async (task) => {
    server.did.turns += 1;
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
  const directory = directoryOf(people, server);
  const deps = {
    api: { letters: server.routesOf(who), enclosures: server.files.routesOf(who, server.up) },
    clock: () => NOW,
    random: { uuid: () => id(++ids) },
    report: (error: unknown) => void server.reported.push(error),
  } as unknown as Deps;
  const acts = letterActs(deps, {
    sound: async () => {
      server.did.judged += 1;
      return server.isSound;
    },
    guarded: (act) => act(),
    // Made anew whenever the page says who is here, over the one store (effects/client.ts).
    opened: async () => ({ ...opened }) as unknown as Opened,
    desk: () =>
      who.device
        ? { core: { device: who.device, tab: who.device.device, isOpenElsewhere: () => false } }
        : null,
    replayed: async () => {
      server.did.replayed += 1;
      return directory;
    },
    ...by,
  });
  const read = (found = FOUND, audience?: Audience) => acts.read(found, audience);
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
