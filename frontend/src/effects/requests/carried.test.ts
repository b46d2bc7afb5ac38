/** What a drafter sends along with documents for their own central authority: who signed that they were made. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import type { MakingRow } from "../../api/papers";
import type { VersionRow } from "../../api/schema";
import { b64u, sha256, utf8 } from "../../bytes";
import type { FileSaid } from "../../crypto/content";
import { publicKeyOf } from "../../crypto/ed25519";
import { MOST_MADE } from "../../crypto/letter";
import { commitToFile, saltOfFiles, signMade } from "../../crypto/papers";
import type { VersionKeyRecord } from "../../store/records";
import type { Core } from "../core";
import type { Sync } from "../sync";
import { Papers } from "./papers";
import type { Rows } from "./rows";
import { Versions } from "./versions";

const [REQUEST, PERSON] = ["r1", "p1"];
const SEED = new Uint8Array(32).fill(5);
const saltOf = (version: number) => new Uint8Array(32).fill(version);
const bodyOf = (version: number) => new Uint8Array(32).fill(100 + version);

let makings: MakingRow[] = [];
let numbers: number[] = [];
let missing: number[] = [];
const asked = { versions: vi.fn(), version: vi.fn(), documents: vi.fn() };
beforeEach(() => {
  [makings, numbers, missing] = [[], [1, 2, 3, 4, 5, 6], []];
  for (const one of Object.values(asked)) one.mockReset();
  asked.version.mockRejectedValue(new Error("no text is opened"));
});

async function papers(): Promise<Papers> {
  const key = await publicKeyOf(SEED.slice());
  const record = (version: number) =>
    ({ digest: bodyOf(version), salt: saltOf(version), seq: version }) as VersionKeyRecord;
  const kept = numbers.filter((version) => !missing.includes(version)).map(record);
  const rows = numbers.map((version) => ({ version, digest: bodyOf(version) }) as VersionRow);
  asked.versions.mockResolvedValue(rows);
  asked.documents.mockImplementation(async () => structuredClone(makings));
  const signer = { key, roles: new Set(["liaison"]), state: "SV", office: "o1" };
  const core = {
    api: asked,
    device: { state: "SV" },
    people: { signer: async (person: string) => (person === PERSON ? signer : null) },
    vault: { list: async () => kept.map((one) => ["k", one]) },
  } as unknown as Core;
  const at = { get: () => ({ circle: "c1" }) } as unknown as Rows;
  const sync = { catchUp: async () => undefined } as unknown as Sync;
  const versions = new Versions(core, sync, at);
  return new Papers(core, { rows: at, versions, attesting: {} as never });
}

/** That these files were made of a version, as it was signed and the server tells it. */
async function made(version: number, texts: readonly string[], over: Partial<MakingRow> = {}) {
  const salt = await saltOfFiles(saltOf(version));
  const files = await Promise.all(
    texts.map(async (text) => ({
      ...({ kind: "pdf", language: "es" } as const),
      commitment: await commitToFile(salt, utf8.encode(text)),
    })),
  );
  const said = { version, template: "", files, recipients: ["o2"] };
  const signature = await signMade({ request: REQUEST, letterhead: "", ...said }, SEED.slice());
  const at = `2026-11-24T14:00:${String(makings.length).padStart(2, "0")}.25Z`;
  const by = { id: `m${makings.length}`, person: PERSON, device: "d1", at };
  makings.push({ ...by, ...said, letterhead_digest: "", signature, ...over } as MakingRow);
}

async function carried(...texts: string[]) {
  const files = texts.map(async (text) => {
    const digest = await sha256(utf8.encode(text));
    return { id: `f ${text}`, sha256: b64u.encode(digest) } as FileSaid;
  });
  return (await papers()).carried(REQUEST, await Promise.all(files));
}

describe("what goes along", () => {
  it("is who signed it and the salt of that version's files, of what is among the files alone", async () => {
    await made(1, ["oficio", "oficio en francés"]);
    await made(2, ["another"]);
    expect(await carried("oficio", "anexo")).toEqual([
      expect.objectContaining({
        ...{ version: 1, person: PERSON, device: "d1", at: "2026-11-24T14:00:00Z" },
        salt: b64u.encode(await saltOfFiles(saltOf(1))),
        signature: b64u.encode(makings[0]?.signature ?? new Uint8Array()),
      }),
    ]);
  });

  it("is the newest of each file, and no more of them than a letter takes", async () => {
    await made(1, ["oficio"]);
    await made(1, ["oficio"]);
    expect((await carried("oficio")).map(({ at }) => at)).toEqual(["2026-11-24T14:00:01Z"]);
    const texts = numbers.map((version) => `of ${version}`);
    for (const [at, text] of texts.entries()) await made(at + 1, [text]);
    const all = await carried(...texts);
    expect(all.map(({ version }) => version)).toEqual([6, 5, 4, 3]);
    expect(all).toHaveLength(MOST_MADE);
  });

  it("asks for the versions once, however many documents were made, and opens none", async () => {
    for (const version of [1, 2, 2, 3]) await made(version, [`one of ${version}`]);
    await carried("nothing that was made");
    expect(asked.versions).toHaveBeenCalledOnce();
    expect(asked.version).not.toHaveBeenCalled();
  });

  it("is nothing, and nothing is asked for, where nothing was made by anybody who could", async () => {
    expect(await carried("oficio")).toEqual([]);
    await made(1, ["oficio"], { person: "somebody" });
    await made(1, ["oficio"], { recipients: ["others"] });
    expect(await carried("oficio")).toEqual([]);
    expect(asked.versions).not.toHaveBeenCalled();
  });

  it.each([
    ["has no key here", () => missing.push(2)],
    ["the server lists no more", () => numbers.splice(1, 1)],
  ])("is all the rest where a version %s", async (_what, happens) => {
    await made(1, ["oficio"]);
    await made(2, ["anexo"]);
    happens();
    expect((await carried("oficio", "anexo")).map(({ version }) => version)).toEqual([1]);
  });

  it("is nothing of a version that a host lists as another", async () => {
    await made(1, ["oficio"]);
    const told = await papers();
    const [first, second] = [bodyOf(1), bodyOf(2)];
    asked.versions.mockResolvedValue([
      { version: 1, digest: second },
      { version: 2, digest: first },
    ]);
    const digest = b64u.encode(await sha256(utf8.encode("oficio")));
    expect(await told.carried(REQUEST, [{ id: "f", sha256: digest } as FileSaid])).toEqual([]);
  });
});
