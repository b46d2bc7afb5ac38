/**
 * What people sign of letterheads and of documents they made, and how a file is committed to.
 *
 * Python: casehub/papers/statements.py.
 */
import { b64u, concat, hex, sha256, utf8 } from "../bytes";
import { canonical, type Json } from "../canonical";
import { signWith, verifies } from "./ed25519";

/** An office's letterhead, its `number`-th; `body` is what is printed. */
export type Headed = {
  readonly office: string;
  readonly number: number;
  readonly body: Uint8Array;
};

export type FileMade = {
  readonly kind: "docx" | "pdf";
  readonly language: "es" | "en" | "fr";
  /** 32 bytes; see {@link commitToFile}. */
  readonly commitment: Uint8Array;
};

/** Documents made of one version of a request. */
export type Made = {
  readonly request: string;
  readonly version: number;
  /** SHA-256 of the letterhead's body in hexadecimal, "" for none. */
  readonly letterhead: string;
  /** Of the Word file that it was poured into, in hexadecimal ({@link commitToTemplate}), "" for none. */
  readonly template: string;
  readonly files: readonly FileMade[];
  /** Ids of offices, sorted. */
  readonly recipients: readonly string[];
};

export const digestText = async (bytes: Uint8Array): Promise<string> =>
  hex.encode(await sha256(bytes));

/**
 * The salt of a version's files, 32 bytes: whoever reads the draft has it from the version's own,
 * and whoever is given it learns nothing of that one.
 */
export const saltOfFiles = (ofVersion: Uint8Array): Promise<Uint8Array> =>
  sha256(utf8.encode("casehub/document-salt/1\0"), ofVersion);

/** 32 bytes that say which file was meant, to whoever has the file and the salt. */
export async function commitToFile(salt: Uint8Array, file: Uint8Array): Promise<Uint8Array> {
  return commitToDigest(salt, await sha256(file));
}

/** The same of a file of which only the SHA-256 is here. */
export const commitToDigest = (salt: Uint8Array, digest: Uint8Array): Promise<Uint8Array> =>
  sha256(utf8.encode("casehub/document/1\0"), salt, digest);

/**
 * 32 bytes that say which Word template was used, to whoever has it and the salt: a template is often
 * last week's letter, and whoever has a letter must not find out by its digest where it was used.
 */
export async function commitToTemplate(salt: Uint8Array, file: Uint8Array): Promise<Uint8Array> {
  return sha256(utf8.encode("casehub/document-template/1\0"), salt, await sha256(file));
}

async function headed({ office, number, body }: Headed): Promise<Uint8Array<ArrayBuffer>> {
  const digest = b64u.encode(await sha256(body));
  return signed("letterhead", { v: 1, office, number, digest });
}

function made({ request, version, letterhead, template, files, recipients }: Made) {
  return signed("documents", {
    v: 1,
    request,
    version,
    letterhead,
    template,
    files: files.map(({ kind, language, commitment }) => ({
      kind,
      language,
      commitment: b64u.encode(commitment),
    })),
    recipients: [...recipients],
  });
}

const signed = (kind: string, body: Json): Uint8Array<ArrayBuffer> =>
  concat(utf8.encode(`casehub/${kind}/1\0`), canonical(body));

/** 64 bytes, by the device's signature key (an Ed25519 seed). */
export async function signHeaded(given: Headed, seed: Uint8Array): Promise<Uint8Array> {
  return (await signWith(seed, await headed(given))).signature;
}

/** Whether the signature is that of the device's public key, 32 bytes. */
export async function headedBy(
  key: Uint8Array,
  given: Headed,
  signature: Uint8Array,
): Promise<boolean> {
  return verifies(key, signature, await headed(given));
}

/** 64 bytes, by the device's signature key (an Ed25519 seed). */
export async function signMade(given: Made, seed: Uint8Array): Promise<Uint8Array> {
  return (await signWith(seed, made(given))).signature;
}

/** Whether the signature is that of the device's public key, 32 bytes. */
export function madeBy(key: Uint8Array, given: Made, signature: Uint8Array): Promise<boolean> {
  return verifies(key, signature, made(given));
}
