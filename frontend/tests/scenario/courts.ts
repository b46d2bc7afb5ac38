/** Exports for a court in miniature: wishes, consents, and the log of acts that proves them. */

import type { Api } from "../../src/api/api";
import type { ExportRow, Proofs } from "../../src/api/exports";
import type { Entry } from "../../src/api/schema";
import { b64u, type Hash, hex, sha256 } from "../../src/bytes";
import { canonical, type Json } from "../../src/canonical";
import { KINDS } from "../../src/verify/court/thread";
import { commitmentTo } from "../../src/verify/tlog/event";
import { leafHash, nodeHash } from "../../src/verify/tlog/merkle";
import { toBase64 } from "../../src/verify/tlog/text";
import { signedNote } from "../vectors/log";
import { TLOG } from "../vectors/tlog";
import type { Authority } from "./authority";
import { refuse } from "./cases";

type Logged = { leaf: Uint8Array; payload: Uint8Array; salt: Uint8Array };
type Opening = NonNullable<Proofs["asked"]>;
type Row = ExportRow & { asked: number; agreed: number | null; made: number | null };

const CLEAR = /(?:"about":(\d+),)?"act":"([a-z-]+)"/;

/** Where the entries lie, and what stands in clear beside them. */
export type Threads = {
  log(thread: string): readonly Entry[];
  aadOf(entry: Entry): string;
  personOf(device: string): string;
};

export class Courts {
  readonly #rows: Row[] = [];
  readonly #log: Logged[] = [];
  readonly #places = new Map<string, number>();
  /** What the server says of an act, where it lies. */
  lies: (event: { kind: string; payload: Json }) => Json = ({ payload }) => payload;
  /** Whether it posts, and its answer is lost; whether what is posted never comes there. */
  loses = false;
  drops = false;
  /** What was dropped comes there after all, just before what is posted next. */
  isLate = false;
  late: { bundle: string; pdf: string } | null = null;

  constructor(
    private readonly authority: Authority,
    private readonly threads: Threads,
  ) {}

  async #record(kind: string, actor: string, at: string, said: Json): Promise<number> {
    const event = { actor, at, kind, payload: said, states: [], v: 1 };
    const payload = canonical({ ...event, payload: this.lies({ kind, payload: said }) });
    const salt = crypto.getRandomValues(new Uint8Array(32));
    const c = toBase64(await commitmentTo(payload, salt));
    const t = Math.floor(Date.parse(at) / 1_000);
    this.#log.push({ leaf: canonical({ c, g: [], k: "event", t, v: 1 }), payload, salt });
    return this.#log.length - 1;
  }

  /** The act of an entry, in the log as soon as somebody asks for it. */
  async #entry(thread: string, entry: Entry): Promise<number> {
    const name = `${thread} ${entry.seq}`;
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const [, about, act] = CLEAR.exec(this.threads.aadOf(entry)) ?? [];
    const { seq, epoch, device, at, body } = entry;
    const digest = hex.encode(await sha256(body));
    const said = { thread, seq, epoch, device, digest };
    const actor = this.threads.personOf(device);
    const kind =
      entry.kind === "commit"
        ? "messaging.commit.accepted"
        : (KINDS[act ?? ""] ?? "messaging.message.accepted");
    const more = entry.kind === "commit" ? { added: [], removed: [] } : {};
    const on = about === undefined ? {} : { about: Number(about) };
    const place = await this.#record(kind, actor, at, { ...said, ...more, ...on });
    this.#places.set(name, place);
    return place;
  }

  async #opening(place: number | null): Promise<Opening | null> {
    const one = place === null ? undefined : this.#log[place];
    if (one === undefined || place === null) return null;
    const hashes = await Promise.all(this.#log.map(({ leaf }) => leafHash(leaf)));
    const root = await rootOf(hashes);
    const head = `${TLOG.log.name}\n${hashes.length}\n${toBase64(root)}\n`;
    const path = (await pathTo(place, hashes)).map(toBase64).join("\n");
    const proof = `c2sp.org/tlog-proof@v1\nindex ${place}\n${path}${path && "\n"}\n${await signedNote(head)}`;
    const said = { leaf: one.leaf, payload: one.payload, salt: one.salt };
    const [leaf, payload, salt] = Object.values(said).map(toBase64);
    return {
      event: place,
      leaf: leaf ?? "",
      payload: payload ?? "",
      salt: salt ?? "",
      log: "acts",
      proof,
    };
  }

  routes(person: string): Partial<Api> {
    const state = this.authority.stateOf(person);
    const own = (id: string) => {
      const row = this.#rows.find((one) => one.id === id);
      if (row === undefined) throw new Error("no such export");
      return row;
    };
    const now = () => new Date().toISOString();
    return {
      exports: async () => this.#rows.map((row) => shape(row)),
      askExport: async (thread, body) => {
        const row: Row = {
          id: crypto.randomUUID(),
          circle: thread,
          person,
          state,
          messages: 0,
          step: body.foreign ? "consent" : "ready",
          asked_at: now(),
          lapses_at: now(),
          consent: null,
          refused_at: null,
          reason: "",
          made_at: null,
          bundle: "",
          pdf: "",
          box: body.foreign ? b64u.decode(body.box) : null,
          key: body.keys[0] ? b64u.decode(body.keys[0].key) : null,
          ...{ client_id: body.client_id, first: body.first, last: body.last },
          ...{ foreign: body.foreign, wish: body.wish },
          ...{ asked: 0, agreed: null, made: null },
        };
        const messages = this.threads
          .log(thread)
          .filter(({ seq, kind }) => kind === "message" && seq >= row.first && seq <= row.last);
        const said = {
          ...{ export: row.id, thread, first: row.first, last: row.last },
          messages: messages.length,
        };
        const event = { ...said, wish: row.wish, foreign: row.foreign };
        row.asked = await this.#record("custody.export.asked", person, row.asked_at, event);
        this.#rows.unshift(row);
        return shape(row);
      },
      agreeToExport: async (id, { wish, at, signature }) => {
        const row = own(id);
        const raw = b64u.decode(signature);
        const signed = hex.encode(await sha256(raw));
        const event = { export: id, wish, signed };
        row.agreed = await this.#record("custody.export.agreed", person, now(), event);
        const device = this.devices.get(person) ?? "";
        row.consent = { person, device, at, signature: raw };
        row.step = "ready";
        return shape(row);
      },
      exportProofs: async (id, after) => {
        const row = own(id);
        const entries = this.threads
          .log(row.circle ?? "")
          .filter(({ seq }) => seq > after && seq >= row.first && seq <= row.last)
          .slice(0, 50);
        const places: [number, number][] = [];
        for (const one of entries) places.push([one.seq, await this.#entry(row.circle ?? "", one)]);
        const proven = await Promise.all(
          places.map(async ([seq, place]) => ({
            seq,
            ...((await this.#opening(place)) as Opening),
          })),
        );
        return {
          asked: await this.#opening(row.asked),
          agreed: await this.#opening(row.agreed),
          made: await this.#opening(row.made),
          entries: proven,
        };
      },
      exportMade: async (id, bundle, pdf) => {
        const row = own(id);
        if (this.drops) {
          this.late = { bundle, pdf };
          throw Object.assign(new Error("lost"), { code: "unreachable" });
        }
        if (row.made === null) {
          const first = (this.isLate && this.late) || { bundle, pdf };
          const said = { export: id, thread: row.circle ?? "", wish: row.wish, ...first };
          row.made = await this.#record("custody.export.made", person, now(), said);
          Object.assign(row, { made_at: now(), ...first, step: "made" });
        }
        if (row.bundle !== bundle) refuse("export-over");
        if (this.loses) throw Object.assign(new Error("lost"), { code: "unreachable" });
        return shape(row);
      },
    };
  }

  /** The device of each person who consents. */
  readonly devices = new Map<string, string>();
}

function shape({ asked: _a, agreed: _b, made: _c, ...row }: Row): ExportRow {
  return { ...row };
}

const largest = (size: number): number => 2 ** Math.ceil(Math.log2(size) - 1);

async function rootOf(hashes: readonly Hash[]): Promise<Hash> {
  const [only] = hashes;
  if (only !== undefined && hashes.length === 1) return only;
  const cut = largest(hashes.length);
  return nodeHash(await rootOf(hashes.slice(0, cut)), await rootOf(hashes.slice(cut)));
}

/** RFC 6962 section 2.1.1, from the leaf's sibling upwards. */
async function pathTo(place: number, hashes: readonly Hash[]): Promise<Hash[]> {
  if (hashes.length === 1) return [];
  const cut = largest(hashes.length);
  const [left, right] = [hashes.slice(0, cut), hashes.slice(cut)];
  return place < cut
    ? [...(await pathTo(place, left)), await rootOf(right)]
    : [...(await pathTo(place - cut, right)), await rootOf(left)];
}
