import { beforeAll, describe, expect, test } from "vitest";
import { b64u } from "../../bytes";
import { canonical, type Json } from "../../canonical";
import { publicKeyOf } from "../../crypto/ed25519";
import { fingerprint } from "../../crypto/fingerprint";
import { readStatement, signStatement, type WireStatement } from "../../crypto/statements";
import { Directory } from "../../verify/chain";
import { checkNomination, type Nomination } from "./checking";
import { digestOfBody } from "./payload";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const FROM = "2026-11-01T00:00:00Z";
const UNTIL = "2027-06-01T00:00:00Z";
const seed = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const keyOf = async (n: number): Promise<string> => b64u.encode(await publicKeyOf(seed(n)));
const ROOT = 1;
const FIRST = { id: id(2), seed: 2, name: "Rosa Funes" };
const SECOND = { id: id(3), seed: 3, name: "Iván Luna" };
const COORDINATOR = { id: id(4), seed: 4, name: "Julia Mena" };
const NOMINEE = id(5);
const common = (serial: number, issued = FROM) => ({ serial: id(serial), issued, state: "SV" });
const consultation = [
  { agency_kind: "police", date: "2026-10-30", outcome: "objection", digest: null },
];

const fieldsOf = (person: string, role: string, name: string) => ({
  person,
  name,
  post: "Fiscal",
  roles: [role],
  office: id(90),
  agency: "Fiscalía General",
  scope: ["trafficking-in-persons"],
  languages: ["es"],
  from: FROM,
  until: UNTIL,
  urgent: false,
  consultation,
});

let directory: Directory;
let found: Nomination;

async function nominated(fields: { [key: string]: Json }, by = COORDINATOR): Promise<Nomination> {
  const wire = await signStatement("designation", fields, [seed(by.seed)]);
  const { serial: _serial, issued: _issued, ...listed } = fields;
  return {
    state: "SV",
    person: NOMINEE,
    drafts: "coordinator",
    fields: listed,
    body: wire.body,
    digest: await digestOfBody(b64u.decode(wire.body)),
    nominated_by: by,
    nomination: wire.signatures[0] ?? null,
    approvals: [],
  };
}

const body = {
  ...fieldsOf(NOMINEE, "liaison", "Ana Rivas"),
  ...common(50, "2026-11-20T11:00:00Z"),
};

beforeAll(async () => {
  const officers = [FIRST, SECOND];
  const made: WireStatement[] = [
    await signStatement(
      "state-root",
      { ...common(10), key: await keyOf(ROOT), previous: null, approval: "two-officers" },
      [seed(ROOT)],
    ),
  ];
  for (const [at, one] of officers.entries()) {
    const { id: person, name } = one;
    const fields = { person, name, post: "Oficial", key: await keyOf(one.seed) };
    const term = { from: FROM, until: UNTIL };
    made.push(
      await signStatement("officer", { ...common(20 + at), ...fields, ...term }, [seed(ROOT)]),
    );
  }
  const coordinator = fieldsOf(COORDINATOR.id, "coordinator", COORDINATOR.name);
  const hands = [seed(FIRST.seed), seed(SECOND.seed)];
  made.push(await signStatement("designation", { ...coordinator, ...common(30) }, hands));
  const key = await keyOf(COORDINATOR.seed);
  const words = [...(await fingerprint(b64u.decode(key)))];
  const binding = { ...common(31), person: COORDINATOR.id, key, words, designation: id(30) };
  made.push(await signStatement("binding", binding, [seed(FIRST.seed)]));
  const entries = [];
  for (const [index, wire] of made.entries()) {
    entries.push({ index, at: Date.parse(FROM), statement: await readStatement(wire) });
  }
  directory = new Directory(entries, { SV: await keyOf(ROOT) });
  found = await nominated(body);
});

const why = async (change: Partial<Nomination>): Promise<string[]> =>
  (await checkNomination({ ...found, ...change }, directory, NOW)).against.map((one) => one.why);

describe("an officer's page", () => {
  test("finds nothing against what a coordinator in force has signed", async () => {
    expect([...directory.refused]).toEqual([]);
    const checked = await checkNomination(found, directory, NOW);
    expect(checked.against).toEqual([]);
    expect(checked.verified).toEqual([COORDINATOR.name]);
    expect(checked.said?.consultation[0]?.outcome).toBe("objection");
  });

  test.each(["Julia Mena", "JULIA  MENA", "Mena, Júlia"])(
    "tells by itself that another person is called %s, whatever the server flags",
    async (name) => {
      const other = await nominated({ ...body, name });
      expect((await checkNomination(other, directory, NOW)).namesake).toBe(true);
      expect((await checkNomination(found, directory, NOW)).namesake).toBe(false);
    },
  );

  test("verifies the other officer's hand under the same bytes", async () => {
    const wire = await signStatement("designation", body, [seed(FIRST.seed)]);
    const [hand] = wire.signatures;
    const approvals = [{ officer: FIRST, key: hand?.key ?? "", signature: hand?.signature ?? "" }];
    const checked = await checkNomination({ ...found, approvals }, directory, NOW);
    expect(checked.verified).toEqual([COORDINATOR.name, FIRST.name]);
    const own = found.nomination?.signature ?? "";
    expect(
      await why({ approvals: [{ officer: FIRST, key: hand?.key ?? "", signature: own }] }),
    ).toEqual(["officer-signature"]);
    expect(await why({ approvals: [{ ...approvals[0], officer: SECOND }] as never })).toEqual([
      "officer-unknown",
    ]);
  });

  test("notices that the server shows another draft than was signed", async () => {
    expect(await why({ fields: { ...found.fields, name: "Otra Persona" } })).toEqual([
      "body-differs",
    ]);
    expect(await why({ fields: { ...found.fields, consultation: [] } })).toEqual(["body-differs"]);
    expect(await why({ digest: "0".repeat(64) })).toEqual(["digest-differs"]);
  });

  test("notices a nominator who is no coordinator, or not the one who signed", async () => {
    expect(await why({ nominated_by: FIRST })).toEqual(["nominator-unknown"]);
    expect(await why({ nomination: null })).toEqual(["nominator-signature"]);
    const forged = { key: found.nomination?.key ?? "", signature: b64u.encode(new Uint8Array(64)) };
    expect(await why({ nomination: forged })).toEqual(["nominator-signature"]);
    const own = await nominated({ ...body, person: COORDINATOR.id });
    const checked = await checkNomination({ ...own, person: COORDINATOR.id }, directory, NOW);
    expect(checked.against.map((one) => one.why)).toEqual(["nominator-nominee"]);
  });

  test("says nothing of bytes that are no designation", async () => {
    const other = b64u.encode(canonical({ v: 1 }));
    expect(await why({ body: other })).toEqual(["body-malformed"]);
    expect(await why({ body: null })).toEqual(["body-malformed"]);
  });
});
