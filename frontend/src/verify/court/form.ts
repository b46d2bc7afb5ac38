/**
 * What an export for a court holds, file by file, in one spelling (docs/court-export.md).
 *
 * Everything that is checked lies in `wish.json`, `directory.jsonl` and `entries.jsonl`; the PDF
 * is for reading. `manifest.json` lists them all, and the log names its SHA-256.
 */

import * as v from "valibot";
import { b64u, MalformedBytes, utf8 } from "../../bytes";
import { canonical, fromCanonical, type Json, NotCanonical } from "../../canonical";
import { Uuid } from "../../crypto/identity";
import { Malformed } from "../tlog/refusal";

export const FORMAT = "casehub-court-export/1";
export const [WISH, DIRECTORY, ENTRIES] = [
  "wish.json",
  "directory.jsonl",
  "entries.jsonl",
] as const;
export const [POLICY, ROOTS, PAGE, PDF] = [
  "policy.txt",
  "roots.json",
  "verify.html",
  "thread.pdf",
] as const;
export const [MANIFEST, MADE] = ["manifest.json", "made.txt"] as const;
export const READMES = ["README.es.txt", "README.en.txt", "README.fr.txt"] as const;
/** Those that the manifest lists, in their order; after them stand the manifest and `made.txt`. */
export const LISTED = [...READMES, PAGE, POLICY, ROOTS, WISH, DIRECTORY, ENTRIES, PDF] as const;
export const NAMES: readonly string[] = [...LISTED, MANIFEST, MADE];

/** Why an entry's words do not leave, by the word of whoever made the export. */
export const HELD = [
  "code", // restricted, and its author has given no leave for this
  "quotes", // it quotes what is restricted
  "carries", // it brings what is restricted from another thread
  "withdrawn",
  "unsigned", // this device keeps not what proves it, or what changed it
  "unreadable",
  "beside", // a title, a draft's key: not said in the thread
  "outside", // it changes what lies before the range
] as const;
export type Held = (typeof HELD)[number];

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Bytes = v.pipe(
  v.string(),
  v.rawTransform<string, Uint8Array>(({ dataset, addIssue, NEVER }) => {
    try {
      return b64u.decode(dataset.value);
    } catch {
      addIssue({ message: "not base64url" });
      return NEVER;
    }
  }),
);
/** What was said as the thread's log holds it, what opens it, and what its signature covers besides. */
const Inner = v.strictObject({
  body: Bytes,
  opener: Bytes,
  leaf: Count,
  tree: Bytes,
  transcript: Bytes,
});

const EntryShape = v.strictObject({
  seq: v.pipe(Count, v.minValue(1)),
  kind: v.picklist(["commit", "message"]),
  epoch: Count,
  device: Uuid,
  /** The sender's own id for it. */
  id: Uuid,
  /** A C2SP tlog-proof that carries the entry and the event (casehub's receipts). */
  receipt: v.string(),
  /** Null where the words do not leave; then `held` says why. */
  inner: v.nullable(Inner),
  held: v.nullable(v.picklist(HELD)),
});
export type EntryLine = v.InferOutput<typeof EntryShape>;

const Wire = v.strictObject({
  type: v.string(),
  body: v.string(),
  signatures: v.array(v.strictObject({ key: v.string(), signature: v.string() })),
});
const DirectoryShape = v.union([
  v.strictObject({ note: v.string() }),
  v.strictObject({ hash: v.string() }),
  v.strictObject({ leaf: v.string(), payload: v.string(), salt: v.string(), statement: Wire }),
]);
export type DirectoryLine = v.InferOutput<typeof DirectoryShape>;

const ActsShape = v.strictObject({
  format: v.literal(FORMAT),
  wish: v.unknown(),
  signature: Bytes,
  asked: v.string(),
  /** The chain value before the first entry (docs/wire.md). */
  chain: Bytes,
  consent: v.nullable(v.strictObject({ said: v.unknown(), signature: Bytes, agreed: v.string() })),
});
export type Acts = v.InferOutput<typeof ActsShape>;

const ManifestShape = v.strictObject({
  format: v.literal(FORMAT),
  files: v.array(v.strictObject({ name: v.string(), size: Count, sha256: v.string() })),
});
export type Manifest = v.InferOutput<typeof ManifestShape>;

const RootsShape = v.record(
  v.pipe(v.string(), v.regex(/^[A-Z]{2}$/)),
  v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/)),
);

const parsed = <Shape extends v.GenericSchema>(shape: Shape, bytes: Uint8Array) => {
  try {
    return v.parse(shape, fromCanonical(bytes)) as v.InferOutput<Shape>;
  } catch (error) {
    if (error instanceof v.ValiError || error instanceof NotCanonical) {
      throw new Malformed("not what the format says");
    }
    throw error;
  }
};

/** @throws {Malformed} if it is none. */
export const parseManifest = (bytes: Uint8Array): Manifest => parsed(ManifestShape, bytes);
export const parseActs = (bytes: Uint8Array): Acts => parsed(ActsShape, bytes);
export const parseEntry = (bytes: Uint8Array): EntryLine => parsed(EntryShape, bytes);
export const parseDirectory = (bytes: Uint8Array): DirectoryLine => parsed(DirectoryShape, bytes);

/** State code to root key. A reader's own may be written by hand. @throws {Malformed} */
export function parseRoots(text: string): Readonly<Record<string, string>> {
  try {
    return v.parse(RootsShape, JSON.parse(text));
  } catch {
    throw new Malformed("not a list of root keys");
  }
}

/** Bytes become base64url; undefined does not occur. */
const plain = (value: unknown): Json => {
  if (value instanceof Uint8Array) return b64u.encode(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
  }
  return value as Json;
};
export const written = (value: Acts | Manifest | EntryLine | DirectoryLine): Uint8Array =>
  canonical(plain(value));

/** Values as lines of a file. */
export function lines(values: readonly (EntryLine | DirectoryLine)[]): Uint8Array<ArrayBuffer> {
  return utf8.encode(values.map((one) => `${utf8.decode(written(one))}\n`).join(""));
}

/** @throws {Malformed} if it does not end with a whole line. */
export function linesOf(content: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  let start = 0;
  for (let end = content.indexOf(10); end >= 0; end = content.indexOf(10, start)) {
    found.push(content.subarray(start, end));
    start = end + 1;
  }
  if (start !== content.length) throw new Malformed("a file that ends within a line");
  return found;
}

/** @throws {Malformed} */
export function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    if (error instanceof MalformedBytes) throw new Malformed("not UTF-8");
    throw error;
  }
}
