/** What a page refuses to sign or to confirm, whatever the server shows it. */

import { describe, expect, test } from "vitest";
import type { Designation, DirectoryStanding } from "../../api/designations";
import { b64u, hex, sha256 } from "../../bytes";
import { canonical } from "../../canonical";
import { publicKeyOf, signWith } from "../../crypto/ed25519";
import { wordsOf } from "../../crypto/fingerprintWords";
import type { WireStatement } from "../../crypto/statements";
import { readStatement, type StatementType, signingInput } from "../../crypto/statements";
import type { Deps } from "../deps";
import type { Opened } from "../opening";
import { designationActs } from "./acts";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const seed = (n: number) => new Uint8Array(32).fill(n);
const OFFERED = await publicKeyOf(seed(7));
const WORDS = await wordsOf(OFFERED);
const FOUND = {
  ...{ id: id(1), person: id(2), serial: id(3), binding: null },
  key: b64u.encode(OFFERED),
} as unknown as Designation;

/** A coordinator's page, and what it sends by route. */
function page() {
  const sent: Record<string, unknown> = {};
  const routes = {
    bind: async (_id: string, statement: WireStatement) => {
      sent.bind = statement;
    },
    confirmStanding: async (digest: string) => {
      sent.confirm = digest;
    },
  };
  const identity = {
    signBody: async (type: StatementType, body: Uint8Array) => {
      const { key, signature } = await signWith(seed(9), signingInput(type, body));
      return { key: b64u.encode(key), signature: b64u.encode(signature) };
    },
  };
  const opened = { person: { id: id(9), state: "SV" }, identity } as unknown as Opened;
  const deps = {
    api: { designations: routes },
    clock: () => NOW,
    random: { uuid: () => id(8) },
  } as unknown as Deps;
  const acts = designationActs(deps, {
    guarded: (act) => act(),
    letting: (act) => act(),
    opened: async () => opened,
    watch: () => null,
  });
  return { acts, sent };
}

describe("a key is vouched for", () => {
  test("by whoever has heard its six words", async () => {
    const { acts, sent } = page();
    await acts.bind(FOUND, WORDS);
    const { type, fields } = await readStatement(sent.bind);
    expect([type, fields]).toMatchObject(["binding", { person: id(2), key: FOUND.key }]);
  });

  test.each([
    ["other words", WORDS.with(5, WORDS[0] ?? "")],
    ["the same in another order", [...WORDS].reverse()],
    ["five of them", WORDS.slice(0, 5)],
    ["none", []],
  ])("not with %s", async (_what, typed) => {
    const { acts, sent } = page();
    await expect(acts.bind(FOUND, typed)).rejects.toMatchObject({ code: "words-differ" });
    expect(sent).toEqual({});
  });

  test("not once another one was offered since they were heard", async () => {
    const { acts, sent } = page();
    const since = { ...FOUND, key: b64u.encode(await publicKeyOf(seed(6))) };
    await expect(acts.bind(since, WORDS)).rejects.toMatchObject({ code: "words-differ" });
    expect(sent).toEqual({});
  });
});

describe("a State's directory is confirmed", () => {
  const line = {
    ...{ id: id(1), name: "Ana Rivas", post: "Fiscal", office: "Fiscalía", roles: ["liaison"] },
    until: "2027-05-20T05:59:59Z",
  };
  const digest = async (people: readonly (typeof line)[]) =>
    hex.encode(await sha256(canonical(people)));
  const shown = (people: readonly (typeof line)[], name: string) =>
    ({ people, digest: name }) as unknown as DirectoryStanding;

  test("under the name of the list that is on the page", async () => {
    const { acts, sent } = page();
    const name = await digest([line]);
    await acts.confirmStanding(shown([{ ...line, until: "2027-05-20T05:59:59.000+00:00" }], name));
    expect(sent).toEqual({ confirm: name });
  });

  test.each([
    ["another name", [{ ...line, name: "Ana Díaz" }]],
    ["another role", [{ ...line, roles: ["coordinator"] }]],
    ["another end", [{ ...line, until: "2027-05-21T05:59:59Z" }]],
    ["somebody less", []],
    ["somebody more", [line, { ...line, id: id(2) }]],
  ])("not with %s on the page than its name says", async (_what, people) => {
    const { acts, sent } = page();
    const act = acts.confirmStanding(shown(people, await digest([line])));
    await expect(act).rejects.toMatchObject({ code: "standing-changed" });
    expect(sent).toEqual({});
  });
});
