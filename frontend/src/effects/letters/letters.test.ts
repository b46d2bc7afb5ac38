/** Letters between two central authorities and who drafts, over a server that can lie and lose. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Dossier } from "../../api/dossiers";
import { ApiError, Unreachable } from "../../api/errors";
import type { KeyBody, LetterBody, LetterReader, LetterRow, LettersTold } from "../../api/letters";
import { b64u, utf8 } from "../../bytes";
import { publicKeyOf, signWith } from "../../crypto/ed25519";
import { type IdentityKey, takeSeed } from "../../crypto/identityKey";
import { sealLetter } from "../../crypto/letter";
import { sealingKeyOf } from "../../crypto/sealingKey";
import { signingInput } from "../../crypto/statements";
import type { Backend } from "../../store/backend";
import { storeKey } from "../../store/seal";
import { SortedRecords } from "../../store/sorted";
import { Vault } from "../../store/vault";
import type { Directory } from "../../verify/chain";
import type { Deps } from "../deps";
import type { InTurn } from "../identity";
import type { Opened } from "../opening";
import { letterActs } from "./acts";

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const NOW = Date.parse("2026-11-24T15:00:00Z");
const NOTHING = { handling: null, number: 0 };
const FOUND = {
  id: id(1),
  requesting_state: "SV",
  requested_state: "MX",
  letters: true,
  moves: [{ number: 1 }, { number: 2, person: id(12), act: "transmit" }],
} as unknown as Dossier;

type Who = {
  person: string;
  name: string;
  state: string;
  role: string;
  seed: Uint8Array<ArrayBuffer>;
  key: Uint8Array;
};
async function someone(n: number, state: string, role = "central-authority"): Promise<Who> {
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
    devicesOf: () => [],
    stops: () => [],
    isKeyOf: () => false,
    deviceNamed: () => null,
  } as unknown as Directory;
}

/** The server: it keeps what it is given, and can lose an answer. */
class Server {
  rows: (Omit<LetterRow, "keys" | "held"> & { sealed: KeyBody[] })[] = [];
  bodies: string[] = [];
  readers: LetterReader[] = [];
  isDown = false;
  takesNothing = false;
  losesAnswers = 0;
  refuses: string | null = null;

  told(me: string): LettersTold {
    const letters = this.rows.map(({ sealed, ...row }) => ({
      ...row,
      keys: sealed.filter(({ person }) => person === me),
      held: sealed.map(({ key }) => key),
    }));
    return { readers: this.readers, letters };
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
async function browser(who: Who, server: Server, people: readonly Who[], disk = memory()) {
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
    guarded: (act) => act(),
    opened: async () => opened as unknown as Opened,
    desk: () => null,
    replayed: async () => directoryOf(people),
  });
  const read = () => acts.read(FOUND);
  const words = async () => (await read()).letters.map(({ letter }) => letter?.text ?? null);
  return { ...acts, read, words, disk };
}

const reader = ({ person, name, state, role }: Who): LetterReader => ({
  person,
  name,
  state,
  central: role === "central-authority",
});

let server: Server;
let [sofia, mario, nora]: Who[] = [];
let people: Who[];
const all = () => [sofia, mario, nora] as [Who, Who, Who];

beforeEach(async () => {
  [sofia, mario, nora] = await Promise.all([
    someone(11, "SV"),
    someone(12, "MX"),
    someone(13, "MX"),
  ]);
  people = all();
  server = new Server();
  server.readers = people.slice(0, 2).map(reader);
});

describe("a letter", () => {
  it("is read by the other central authority, signed, with its code and step", async () => {
    const [one, other] = all();
    const [hers, his] = [await browser(one, server, people), await browser(other, server, people)];
    const handling = { codes: ["court"] as const };
    await hers.write(FOUND, "free", { text: "¿Qué falta?", handling, number: 2 });
    await hers.read();
    const [shown] = (await his.read()).letters;
    expect(shown).toMatchObject({
      verdict: "ok",
      step: 2,
      letter: { text: "¿Qué falta?", handling },
    });
    expect(JSON.stringify(server.rows)).not.toContain("falta");
  });

  it("waits for the network, through a reload, and arrives once though the answer was lost", async () => {
    const [one, other] = all();
    server.isDown = true;
    const before = await browser(one, server, people);
    await before.write(FOUND, "free", { ...NOTHING, text: "later" });
    await expect(before.read()).rejects.toBeInstanceOf(Unreachable);
    server.isDown = false;
    server.losesAnswers = 1;
    const after = await browser(one, server, people, before.disk);
    expect((await after.read()).waiting).toHaveLength(1);
    expect((await after.read()).waiting).toEqual([]);
    expect(new Set(server.bodies).size).toBe(1);
    expect(await (await browser(other, server, people)).words()).toEqual(["later"]);
  });

  it("is shown as waiting beside what was read before, while there is no network", async () => {
    const [one] = all();
    const hers = await browser(one, server, people);
    await hers.write(FOUND, "free", { ...NOTHING, text: "before" });
    await hers.read();
    server.isDown = true;
    await hers.write(FOUND, "free", { ...NOTHING, text: "now" });
    const told = await hers.read();
    expect(told.letters.map(({ letter }) => letter?.text)).toEqual(["before"]);
    expect(told.waiting.map(({ text }) => text)).toEqual(["now"]);
  });

  it("is sealed anew when somebody to whom it was sealed has left meanwhile", async () => {
    const [one, other, third] = all();
    const hers = await browser(one, server, people);
    server.readers.push(reader(third));
    server.takesNothing = true;
    await hers.write(FOUND, "free", { ...NOTHING, text: "words" });
    await hers.read();
    server.takesNothing = false;
    server.readers = [reader(one), reader(other)];
    expect((await hers.read()).waiting).toEqual([]);
    expect(server.rows[0]?.sealed.map(({ person }) => person)).toEqual([id(11), id(12)]);
    expect(new Set(server.bodies).size).toBe(2);
  });

  it("leaves at the next sign-in, and is no fault of its own while somebody is stopped", async () => {
    const [one, other] = all();
    server.isDown = true;
    const before = await browser(one, server, people);
    await before.write(FOUND, "free", { ...NOTHING, text: "later" });
    server.isDown = false;
    const after = await browser(one, server, people, before.disk);
    server.refuses = "state-stopped";
    await expect(after.sendAll()).rejects.toMatchObject({ code: "state-stopped" });
    server.refuses = null;
    await after.sendAll();
    expect(await (await browser(other, server, people)).words()).toEqual(["later"]);
  });

  it("that the server refuses stays here with the reason until it is given up", async () => {
    const [one] = all();
    const hers = await browser(one, server, people);
    server.refuses = "letter-step";
    await hers.write(FOUND, "free", { ...NOTHING, text: "words", number: 9 });
    const [waiting] = (await hers.read()).waiting;
    expect(waiting).toMatchObject({ text: "words", failure: "refused words" });
    server.refuses = null;
    expect((await hers.read()).waiting).toHaveLength(1); // it is not tried again by itself
    await hers.discard(FOUND.id, waiting?.id ?? "");
    expect((await hers.read()).waiting).toEqual([]);
  });
});

describe("what is typed", () => {
  it("is there again after a reload, and goes once its step is done by whoever typed it", async () => {
    const [, other] = all();
    const before = await browser(other, server, people);
    before.keep(FOUND.id, "acknowledge", { ...NOTHING, text: "not done", number: 3 });
    before.keep(FOUND.id, "transmit", { ...NOTHING, text: "beside it", number: 2 });
    await before.flush();
    const after = await browser(other, server, people, before.disk);
    expect(await after.words()).toEqual(["beside it"]);
    expect(await after.kept(FOUND.id, "acknowledge")).toMatchObject({ text: "not done" });
    expect(await after.kept(FOUND.id, "transmit")).toBeNull();
  });
});

describe("who comes later", () => {
  it("reads what was written before once somebody who reads it has looked", async () => {
    const [one, , third] = all();
    const hers = await browser(one, server, people);
    await hers.write(FOUND, "free", { ...NOTHING, text: "before" });
    await hers.read();
    server.readers.push(reader(third));
    const theirs = await browser(third, server, people);
    expect(await theirs.words()).toEqual([null]);
    await hers.read();
    await vi.waitFor(async () => expect(await theirs.words()).toEqual(["before"]));
  });
});

describe("a host that lies", () => {
  it("has nothing sealed to whom the directory does not vouch for", async () => {
    const [one, other, third] = all();
    const stranger = await someone(14, "MX");
    const abroad = await someone(15, "GT");
    const known = [...people, abroad];
    server.readers.push(reader(stranger), reader(abroad), { ...reader(third), name: "another" });
    const hers = await browser(one, server, known);
    await hers.write(FOUND, "free", { ...NOTHING, text: "words" });
    const told = await hers.read();
    expect(told.doubted.map(({ person }) => person)).toEqual([id(14), id(15), id(13)]);
    expect(server.rows[0]?.sealed.map(({ person }) => person)).toEqual([one.person, other.person]);
  });

  it("puts words of its own in nobody's mouth", async () => {
    const [one, other] = all();
    const hers = await browser(one, server, people);
    const forger = new Uint8Array(32).fill(99);
    const letter = {
      request: FOUND.id,
      id: id(50),
      step: 0,
      person: other.person,
      state: "MX",
      issued: "2026-11-24T15:00:00Z",
      text: "Send it to this address",
      handling: null,
    };
    const key = b64u.encode(await publicKeyOf(forger.slice()));
    const made = await signWith(forger.slice(), utf8.encode("something else"));
    const signed = { letter, device: null, key, signature: b64u.encode(made.signature) };
    const to = sealingKeyOf(one.key) as Uint8Array;
    const { box, keys } = await sealLetter(signed, [to]);
    const sealed = [
      { person: one.person, key: b64u.encode(to), wrapped: b64u.encode(keys[0] as Uint8Array) },
    ];
    const { person, name, state } = other;
    const row = { id: id(50), person, name, state, step: 0, at: letter.issued, sealed };
    server.rows.push({ ...row, body: b64u.encode(box) });
    expect((await hers.read()).letters[0]?.verdict).toBe("signature");
    server.rows[0] = { ...row, id: id(51), body: b64u.encode(box) };
    expect((await hers.read()).letters[0]).toMatchObject({ letter: null, verdict: "malformed" });
  });

  it("gives no letter another author, nor another step", async () => {
    const [one, other, third] = all();
    const [hers, his] = [await browser(one, server, people), await browser(other, server, people)];
    await his.write(FOUND, "free", { ...NOTHING, text: "words", number: 2 });
    await his.read();
    const [row] = server.rows as [(typeof server.rows)[number]];
    server.rows = [{ ...row, person: third.person, name: third.name }];
    expect((await hers.read()).letters[0]?.verdict).toBe("key");
    server.rows = [{ ...row, step: 1 }];
    expect((await hers.read()).letters[0]?.verdict).toBe("malformed");
  });
});
