/** What a bundle holds: manifest, one line an entry, the table. Python: audit/bundles/form.py. */

import { utf8 } from "../../bytes";
import { canonical, fromCanonical, type Json } from "../../canonical";
import { Malformed } from "../tlog/refusal";
import { fromBase64 } from "../tlog/text";

export const PART = 1000; // entries in one file
export const [PAGE, POLICY, CHECKPOINT] = ["verify.html", "policy.txt", "checkpoint.txt"] as const;
export const [TABLE, MANIFEST] = ["entries.csv", "manifest.json"] as const;
/** What opened events name by digest: a line of canonical JSON each, whose SHA-256 that is. */
export const STATEMENTS = "statements.jsonl";
export const HEAD = "\ufeffindex,time,is,kind,actor,states,payload\r\n";

const FORMAT = "casehub-audit-bundle/1";
const LATEST = 253402300799; // the last second of 9999
const SALT = 32; // bytes
const STATE = /^[A-Z]{2}$/;
const HEX = /^[0-9a-f]{64}$/;

export type Condition = "opened" | "closed" | "erased" | "mark";

export type Filter = {
  /** First and last index, both included. */
  readonly first: number;
  readonly last: number;
  readonly state: string | null;
  /** An entry's seconds since 1970: since <= t < until. */
  readonly since: number | null;
  readonly until: number | null;
};

export type Listed = {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly packed: string;
};

export type Manifest = {
  readonly log: string;
  readonly size: number;
  readonly filter: Filter;
  readonly entries: number;
  readonly files: readonly Listed[];
};

/** One line; leaf and event as they were hashed. */
export type Entry = {
  readonly index: number;
  readonly is: Condition;
  readonly leaf: Uint8Array;
  readonly time: number;
  /** What an opened one commits to, base64. */
  readonly commitment: string;
  readonly proof: string;
  readonly opened: { bytes: Uint8Array; salt: Uint8Array<ArrayBuffer>; event: Event } | null;
};

export type Event = {
  readonly actor: string;
  readonly at: string;
  readonly kind: string;
  readonly states: readonly string[];
  readonly payload: Json;
};

/** The names of all files of a bundle, in order. */
export function namesOf(entries: number, statements = false): string[] {
  const parts = Array.from({ length: Math.ceil(entries / PART) }, (_, at) => partOf(at + 1));
  const readmes = ["es", "en", "fr"].map((language) => `README.${language}.txt`);
  const named = statements ? [STATEMENTS] : [];
  return [...readmes, PAGE, POLICY, CHECKPOINT, ...parts, TABLE, ...named, MANIFEST];
}

/** The digest by which an event names what was signed; null if it names nothing. */
export function namedIn({ payload }: Event): string | null {
  const said = isFields(payload) ? payload.digest : undefined;
  return typeof said === "string" && HEX.test(said) ? said : null;
}

export const partOf = (number: number): string =>
  `entries/${number.toString().padStart(6, "0")}.jsonl`;

/** Whether every entry of the range belongs to it, so that a gap can be seen. */
export const isWhole = ({ state, since, until }: Filter): boolean =>
  state === null && since === null && until === null;

type Fields = Readonly<Record<string, Json>>;

function fieldsOf(value: Json | undefined, names: readonly string[]): Fields {
  if (!isFields(value)) throw new Malformed("not an object");
  const own = Object.keys(value);
  if (own.length !== names.length || !names.every((name) => Object.hasOwn(value, name))) {
    throw new Malformed("other fields than there should be");
  }
  return value;
}

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const counts = (value: Json | undefined, least = 0, most = Number.MAX_SAFE_INTEGER): boolean =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;

const matches = (pattern: RegExp, value: Json | undefined): boolean =>
  typeof value === "string" && pattern.test(value);

const isTime = (value: Json | undefined): boolean => value === null || counts(value, 0, LATEST);

/** @throws {Malformed} if it is none. */
export function parseManifest(bytes: Uint8Array): Manifest {
  const body = fieldsOf(jsonOf(bytes), ["entries", "files", "filter", "format", "log", "size"]);
  const filter = fieldsOf(body.filter, ["first", "last", "state", "since", "until"]);
  const files = body.files;
  const sound =
    body.format === FORMAT &&
    typeof body.log === "string" &&
    counts(body.size, 1) &&
    counts(body.entries) &&
    counts(filter.first) &&
    counts(filter.last, filter.first as number, (body.size as number) - 1) &&
    isTime(filter.since) &&
    isTime(filter.until) &&
    (filter.state === null || matches(STATE, filter.state)) &&
    Array.isArray(files) &&
    files.every((one: Json) => {
      const said = fieldsOf(one, ["name", "size", "sha256", "packed"]);
      const hashes = matches(HEX, said.sha256) && matches(HEX, said.packed);
      return typeof said.name === "string" && counts(said.size) && hashes;
    });
  if (!sound) throw new Malformed("not a manifest");
  return body as unknown as Manifest;
}

function jsonOf(bytes: Uint8Array): Json {
  try {
    return fromCanonical(bytes);
  } catch {
    throw new Malformed("JSON in another spelling, or none");
  }
}

const CLOSED = ["index", "is", "leaf", "proof"];
const OPENED = [...CLOSED, "event", "salt"];
const CONDITIONS: readonly Json[] = ["opened", "closed", "erased", "mark"];

/** @throws {Malformed} if it is none. */
export function parseEntry(line: Uint8Array): Entry {
  const body = jsonOf(line);
  const is = isFields(body) ? body.is : undefined;
  const fields = fieldsOf(body, is === "opened" ? OPENED : CLOSED);
  const leaf = fields.leaf;
  if (!isFields(leaf)) throw new Malformed("not an entry");
  const event = leaf.k === "event";
  const sound =
    CONDITIONS.includes(is ?? null) &&
    counts(fields.index) &&
    typeof fields.proof === "string" &&
    counts(leaf.t, 0, LATEST) &&
    event === (is !== "mark") &&
    (!event || typeof leaf.c === "string");
  if (!sound) throw new Malformed("not an entry");
  return {
    index: fields.index as number,
    is: is as Condition,
    leaf: canonical(leaf),
    time: leaf.t as number,
    commitment: String(leaf.c),
    proof: fields.proof as string,
    opened: is === "opened" ? openedOf(fields.event, fields.salt) : null,
  };
}

function openedOf(event: Json | undefined, encoded: Json | undefined): Entry["opened"] {
  const sound =
    isFields(event) &&
    ["actor", "at", "kind"].every((name) => typeof event[name] === "string") &&
    isFields(event.payload) &&
    Array.isArray(event.states) &&
    event.states.every((one: Json) => typeof one === "string") &&
    typeof encoded === "string";
  if (!sound) throw new Malformed("not an entry");
  const salt = fromBase64(encoded);
  if (salt.length !== SALT) throw new Malformed("not an entry");
  return { bytes: canonical(event), salt, event: event as unknown as Event };
}

/** Seconds since 1970 as a person reads them: UTC. */
export const instant = (time: number): string =>
  new Date(time * 1000).toISOString().replace(".000Z", "Z");

/** An entry's line in the table. */
export function rowOf({ index, time, is, opened }: Entry): Uint8Array {
  const said = ["", "", "", ""];
  if (opened !== null) {
    const { kind, actor, states, payload } = opened.event;
    said.splice(0, 4, kind, actor, states.join(" "), utf8.decode(canonical(payload)));
  }
  return utf8.encode(`${[String(index), instant(time), is, ...said].map(cellOf).join(",")}\r\n`);
}

function cellOf(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[,"\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
