/** An export as one file: packed where it is made, unpacked and checked where it is read. */

import { hex, sha256 } from "../../bytes";
import {
  type Member,
  membersOf,
  NotABundle,
  packed,
  packedOf,
  STORED,
  unpacked,
} from "../bundle/zip";
import {
  type Code,
  checkMade,
  emptyVerdict,
  examine,
  isListed,
  type Own,
  type Verdict,
} from "./check";
import * as form from "./form";

/** Contents by name, of all that the manifest lists. */
export type Contents = Readonly<Record<(typeof form.LISTED)[number], Uint8Array>>;

/** The list of what an export holds: the log names its SHA-256. */
export async function manifestOf(contents: Contents): Promise<Uint8Array> {
  const files = await Promise.all(
    form.LISTED.map(async (name) => {
      const content = contents[name];
      return { name, size: content.length, sha256: hex.encode(await sha256(content)) };
    }),
  );
  return form.written({ format: form.FORMAT, files });
}

/** The whole file. `made`: the receipt of the act that says so. */
export function packExport(contents: Contents, manifest: Uint8Array, made: Uint8Array): Blob {
  const files = form.LISTED.map((name): [string, Uint8Array] => [name, contents[name]]);
  return packed([...files, [form.MANIFEST, manifest], [form.MADE, made]]);
}

/** Whether a file holds an export for a court, and no auditors' bundle, by the names in it. */
export async function isExport(file: Blob): Promise<boolean> {
  try {
    const members = await membersOf(file);
    return members.some(({ name }) => name === form.MADE || name === form.PDF);
  } catch (error) {
    if (error instanceof NotABundle) return false;
    throw error;
  }
}

/**
 * @throws {Malformed} if the reader's own policy or roots are none.
 * @throws {TooLarge} if a file in it cannot be read here.
 */
export async function checkExport(file: Blob, own: Own): Promise<Verdict> {
  const contents = await unpackedAll(file);
  if (contents === null) return failed("archive", null);
  const content = (name: string) => contents.get(name) ?? new Uint8Array();
  let manifest: form.Manifest;
  try {
    manifest = form.parseManifest(content(form.MANIFEST));
  } catch {
    return failed("manifest", form.MANIFEST);
  }
  const wrong = await isListed(manifest, contents);
  if (wrong !== null) return failed("file", wrong);
  let [policy, roots, made] = ["", "", ""];
  try {
    [policy, roots, made] = [
      form.textOf(content(form.POLICY)),
      form.textOf(content(form.ROOTS)),
      form.textOf(content(form.MADE)),
    ];
  } catch {
    return failed("format", null);
  }
  const verdict = await examine(
    {
      acts: content(form.WISH),
      directory: content(form.DIRECTORY),
      entries: content(form.ENTRIES),
      policy,
      roots,
    },
    own,
  );
  await checkMade(verdict, made, content(form.MANIFEST), content(form.PDF));
  return verdict;
}

function failed(code: Code, at: string | null): Verdict {
  const verdict = emptyVerdict();
  verdict.findings.push({ code, at });
  return verdict;
}

async function unpackedAll(file: Blob): Promise<Map<string, Uint8Array> | null> {
  try {
    const members = await membersOf(file);
    if (members.map(({ name }) => name).join("\n") !== form.NAMES.join("\n")) return null;
    const contents = new Map<string, Uint8Array>();
    for (const one of members) {
      if (one.method !== STORED) return null;
      contents.set(one.name, await content(file, one));
    }
    return contents;
  } catch (error) {
    if (error instanceof NotABundle) return null;
    throw error;
  }
}

const content = async (file: Blob, one: Member) => unpacked(one, await packedOf(file, one));
