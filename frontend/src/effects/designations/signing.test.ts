import { describe, expect, test } from "vitest";
import type { Designation, Reinstatement } from "../../api/designations";
import { b64u, utf8 } from "../../bytes";
import { publicKeyOf } from "../../crypto/ed25519";
import { fingerprint } from "../../crypto/fingerprint";
import { readStatement, signStatement } from "../../crypto/statements";
import { bindingBody, prepareNomination, reinstatementBody } from "./signing";

const seed = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const COMMON = { serial: id(9), now: Date.parse("2026-11-20T12:00:00.900Z"), state: "SV" };
const FIELDS = {
  state: "SV",
  person: id(1),
  name: "Ana Rivas",
  post: "Fiscal",
  roles: ["liaison"],
  office: id(2),
  agency: "Fiscalía",
  scope: ["trafficking-in-persons"],
  languages: ["es"],
  from: "2026-11-20T06:00:00Z",
  until: "2027-05-20T05:59:59Z",
  urgent: false,
  consultation: [],
};
const draft = { person: id(1), fields: FIELDS, serial: id(9), key: null, binding: null };
const asked = (change: object): Designation => ({ ...draft, ...change }) as unknown as Designation;

describe("a nomination", () => {
  test("is the draft's own words, a serial and the second, in canonical JSON", async () => {
    const { body, digest, said } = await prepareNomination(asked({}), COMMON);
    const text = utf8.decode(b64u.decode(body));
    expect(JSON.parse(text)).toEqual({
      ...FIELDS,
      v: 1,
      serial: id(9),
      issued: "2026-11-20T12:00:00Z",
    });
    expect(text.startsWith('{"agency":"Fiscalía","consultation":[],"from":')).toBe(true);
    expect(said.name).toBe("Ana Rivas");
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test("of a draft that says no designation is not made", async () => {
    const fields = { ...FIELDS, name: "Ana\u202eRivas" };
    await expect(prepareNomination(asked({ fields }), COMMON)).rejects.toThrow("fields");
  });
});

describe("a binding", () => {
  test("names the offered key, its words and the designation", async () => {
    const public_ = await publicKeyOf(seed(7));
    const key = b64u.encode(public_);
    const body = await bindingBody(asked({ key }), COMMON);
    const { fields } = await readStatement({ type: "binding", body, signatures: [] });
    const words = [...(await fingerprint(public_))];
    expect(fields).toMatchObject({ person: id(1), key, designation: id(9), words });
  });

  test("is not made of no key", async () => {
    await expect(bindingBody(asked({}), COMMON)).rejects.toThrow("key-missing");
  });
});

describe("a second hand", () => {
  const revokes = "a".repeat(64);
  const stopped = (change: object): Reinstatement =>
    ({ person: id(1), revokes, first: null, ...change }) as unknown as Reinstatement;
  const first = async (said: object) => {
    const fields = { serial: id(8), issued: "2026-11-20T11:00:00Z", state: "SV", person: id(1) };
    const wire = await signStatement("reinstatement", { ...fields, revokes, ...said }, [seed(3)]);
    return { body: wire.body, ...wire.signatures[0] };
  };

  test("goes under exactly the bytes of the first", async () => {
    const one = await first({});
    expect(await reinstatementBody(stopped({ first: one }), COMMON)).toBe(one.body);
  });

  test("does not go under another stop, person or State, nor under a forged first", async () => {
    for (const said of [{ revokes: "b".repeat(64) }, { person: id(4) }, { state: "MX" }]) {
      const one = await first(said);
      await expect(reinstatementBody(stopped({ first: one }), COMMON)).rejects.toThrow(
        "payload-changed",
      );
    }
    const forged = { ...(await first({})), signature: b64u.encode(new Uint8Array(64)) };
    await expect(reinstatementBody(stopped({ first: forged }), COMMON)).rejects.toThrow(
      "payload-changed",
    );
  });
});
