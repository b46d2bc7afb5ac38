/**
 * C2SP signed notes: a text, an empty line, and one line for every signature.
 *
 * Two kinds of key: Ed25519 (0x01), which signs the text, and Ed25519 cosignature/v1 (0x04), with
 * which a witness signs the text and the time at which it saw it. Lines of other keys are skipped:
 * they are how the format grows. Python: audit/tlog/note.py.
 */

import { concat, equal, hex, sha256, utf8 } from "../../bytes";
import { verifies } from "../../crypto/ed25519";
import { Malformed, Unproven } from "./refusal";
import { fromBase64 } from "./text";

export const ED25519 = 0x01;
export const COSIGNATURE = 0x04;

const PUBLIC = 32; // bytes
const SIGNATURE = 64; // bytes
const ID = 4; // bytes
const TIME = 8; // bytes
const MOST_LINES = 100;
const LARGEST = 64 * 1024; // bytes of a whole note
const NAME = /^[^\s+]+$/u;
const LINE = /^— ([^\s+]+) (\S+)$/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\x00-\x09\x0b-\x1f]/;

/** A public key with its name; as text it is a `vkey`. */
export type Key = {
  readonly name: string;
  readonly kind: typeof ED25519 | typeof COSIGNATURE;
  /** 32 bytes. */
  readonly public: Uint8Array;
  /** Four bytes: a hint in signature lines, no security. */
  readonly id: Uint8Array;
};

/** @throws {Malformed} if it is no vkey, of a kind unknown here, or names another id than its own. */
export async function parseKey(text: string): Promise<Key> {
  const [name = "", id = "", ...rest] = text.split("+");
  const raw = fromBase64(rest.join("+")); // base64 may hold a plus itself
  const kind = raw[0];
  if (!NAME.test(name) || CONTROL.test(name)) throw new Malformed("not the name of a key");
  if (raw.length !== 1 + PUBLIC || (kind !== ED25519 && kind !== COSIGNATURE)) {
    throw new Malformed("not a key of a kind that is known here");
  }
  const own = (await sha256(utf8.encode(`${name}\n`), raw)).slice(0, ID);
  if (hex.encode(own) !== id) throw new Malformed("the key has another id");
  return { name, kind, public: raw.slice(1), id: own };
}

type Line = { readonly name: string; readonly id: Uint8Array; readonly signature: Uint8Array };

/** A signature that held: whose, and a witness's time in seconds since 1970 (0 for a log). */
export type Signed = { readonly key: Key; readonly time: number };

/** A note as it stands: nothing in it has been checked yet. */
export type Note = { readonly text: string; readonly lines: readonly Line[] };

/** @throws {Malformed} if it is no note. */
export function parseNote(whole: string): Note {
  if (CONTROL.test(whole) || utf8.encode(whole).length > LARGEST) {
    throw new Malformed("a note has no control characters, and an end");
  }
  const cut = whole.lastIndexOf("\n\n");
  if (cut < 0 || !whole.endsWith("\n")) {
    throw new Malformed("a note has a text, an empty line and signatures");
  }
  const lines = whole.slice(cut + 2, -1).split("\n");
  if (whole.length === cut + 2 || lines.length > MOST_LINES) {
    throw new Malformed("a note has at least one signature, and not too many");
  }
  return { text: whole.slice(0, cut + 1), lines: lines.map(parseLine) };
}

function parseLine(line: string): Line {
  const [, name, encoded] = LINE.exec(line) ?? [];
  if (name === undefined || encoded === undefined) throw new Malformed("not a signature line");
  const raw = fromBase64(encoded);
  if (raw.length <= ID) throw new Malformed("not a signature line");
  return { name, id: raw.slice(0, ID), signature: raw.slice(ID) };
}

/**
 * Who of `keys` signed; of two lines by one key the first counts.
 *
 * @throws {Unproven} if a line that claims to be by one of them does not hold: then nothing does.
 */
export async function signaturesOf(note: Note, keys: readonly Key[]): Promise<Signed[]> {
  const found = new Map<Key, Signed>();
  for (const { name, id, signature } of note.lines) {
    const key = keys.find((one) => one.name === name && equal(one.id, id));
    if (key === undefined || found.has(key)) continue;
    found.set(key, { key, time: await checked(key, note.text, signature) });
  }
  return [...found.values()];
}

async function checked(key: Key, text: string, signature: Uint8Array): Promise<number> {
  const timed = key.kind === COSIGNATURE;
  const bare = timed ? signature.slice(TIME) : signature;
  const time = timed && signature.length > TIME ? secondsOf(signature.slice(0, TIME)) : 0;
  if (bare.length !== SIGNATURE || (timed && time === 0)) {
    throw new Unproven(`the signature of ${key.name} is none`);
  }
  const message = timed ? utf8.encode(`cosignature/v1\ntime ${time}\n${text}`) : utf8.encode(text);
  if (!(await verifies(key.public, bare, message))) {
    throw new Unproven(`the signature of ${key.name} does not hold`);
  }
  return time;
}

function secondsOf(bytes: Uint8Array): number {
  const time = new DataView(concat(bytes).buffer).getBigUint64(0);
  if (time > BigInt(Number.MAX_SAFE_INTEGER)) throw new Unproven("a time beyond counting");
  return Number(time);
}
