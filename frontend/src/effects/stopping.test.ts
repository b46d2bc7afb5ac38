/** Stops as a page makes them outside the demo: signed where the key is, and made in any case. */

import { describe, expect, test } from "vitest";
import type { Api } from "../api/api";
import type { SessionInfo } from "../api/schema";
import type { StateAccess } from "../api/stops";
import { b64u } from "../bytes";
import { canonical } from "../canonical";
import { publicKeyOf, signWith } from "../crypto/ed25519";
import {
  readStatement,
  type StatementType,
  signingInput,
  signStatement,
  type WireStatement,
} from "../crypto/statements";
import type { Signer } from "./identity";
import { ANONYMOUS } from "./sessions";
import { stoppingActs } from "./stopping";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const HOUR = 3_600_000;
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const seed = (n: number) => new Uint8Array(32).fill(n);
const ANA = { id: id(1), state: "SV" };
const STOP = id(7);

async function signerOf(secret: Uint8Array): Promise<Signer> {
  const signBody = async (type: StatementType, body: Uint8Array) => {
    const { key, signature } = await signWith(secret, signingInput(type, body));
    return { key: b64u.encode(key), signature: b64u.encode(signature) };
  };
  return {
    key: b64u.encode(await publicKeyOf(secret)),
    signBody,
    signStatement: async (type, fields) => {
      const head = { serial: crypto.randomUUID(), issued: "2026-11-20T12:00:00Z", state: "SV" };
      const body = canonical({ ...head, ...fields, v: 1 });
      return { type, body: b64u.encode(body), signatures: [await signBody(type, body)] };
    },
  };
}

const SESSION = { ...ANONYMOUS, state: "full", person: { id: id(9), state: "SV" } } as SessionInfo;
type Sent = { [route: string]: WireStatement | null };

/** A page with this key, of somebody of El Salvador; what it sends by route. */
function page(signer: Signer | null, stop: StateAccess["stop"] = null, opening = null) {
  const sent: Sent = {};
  const keep = (route: string) => async (_of: string, body: { statement: unknown }) => {
    sent[route] = body.statement as WireStatement | null;
    return { code: "SV", stop: null };
  };
  const api = {
    suspend: keep("suspend"),
    dismiss: keep("dismiss"),
    revokeDevice: keep("device"),
    stopState: keep("stop"),
    confirmStateStop: keep("confirm"),
    liftState: keep("lift"),
    stateAccess: async () => ({ code: "SV", stop }),
  } as unknown as Api;
  const after = (_ms: number, run: () => void) => {
    run();
    return () => undefined;
  };
  const acts = stoppingActs(
    { api, clock: () => NOW, timers: { after } },
    {
      session: () => SESSION,
      guarded: (act) => act(),
      learned: async () => undefined,
      signer: () => signer,
      opening: () => opening,
    },
  );
  return { acts, sent };
}

/** How the stop of El Salvador stands. */
const standing = (statement: WireStatement | null, lift: WireStatement | null = null) =>
  ({ id: STOP, reason: "drill", statement, lift }) as unknown as StateAccess["stop"];

const stated = (type: StatementType, fields: object, by: number, issued = "2026-11-20T11:00:00Z") =>
  signStatement(type, { serial: id(20), issued, state: "SV", ...fields }, [seed(by)]);

describe("whoever holds their key and stops", () => {
  test("a person, signs that they are suspended", async () => {
    const { acts, sent } = page(await signerOf(seed(1)));
    await acts.suspend(ANA);
    const { type, fields, signers } = await readStatement(sent.suspend);
    expect(type).toBe("revocation");
    expect(fields).toMatchObject({
      ...{ state: "SV", person: ANA.id, device: null },
      ...{ kind: "suspended", reason: "other" },
    });
    expect(signers.size).toBe(1);
  });

  test("a person for good, signs that, and not why: all States read it", async () => {
    const { acts, sent } = page(await signerOf(seed(1)));
    await acts.dismiss(ANA, "left-post");
    const { fields } = await readStatement(sent.dismiss);
    expect(fields).toMatchObject({ kind: "removed", reason: "other" });
  });

  test("a device, their own or another's, signs that", async () => {
    const { acts, sent } = page(await signerOf(seed(1)));
    await acts.revokeDevice(id(3), { id: id(9), state: "SV" }, "device-lost");
    const { fields } = await readStatement(sent.device);
    expect(fields).toMatchObject({ kind: "device", person: id(9), device: id(3) });
  });

  test("their State, signs that", async () => {
    const { acts, sent } = page(await signerOf(seed(1)));
    await acts.stopState("SV");
    const { type, fields, signers } = await readStatement(sent.stop);
    expect([type, fields.state, signers.size]).toEqual(["state-stop", "SV", 1]);
  });
});

describe("a stop is made unsigned", () => {
  test("by whoever holds no key", async () => {
    const { acts, sent } = page(null);
    await acts.suspend(ANA);
    await acts.stopState("SV");
    expect(sent).toEqual({ suspend: null, stop: null });
  });

  test("of somebody of another State", async () => {
    const { acts, sent } = page(await signerOf(seed(1)));
    await acts.suspend({ id: id(1), state: "MX" });
    await acts.stopState("MX");
    expect(sent).toEqual({ suspend: null, stop: null });
  });

  test("where signing fails", async () => {
    const signer = await signerOf(seed(1));
    const broken = { ...signer, signStatement: () => Promise.reject(new Error("gone")) };
    const { acts, sent } = page(broken);
    await acts.suspend(ANA);
    await acts.stopState("SV");
    expect(sent).toEqual({ suspend: null, stop: null });
  });

  test("where the store does not open in time", async () => {
    const never = new Promise<void>(() => undefined) as unknown as null;
    const { acts, sent } = page(null, null, never);
    await acts.suspend(ANA);
    expect(sent).toEqual({ suspend: null });
  });
});

describe("the second who stops a State", () => {
  test("signs the bytes of the first, and sends both hands", async () => {
    const first = await stated("state-stop", { reason: "drill" }, 1);
    const { acts, sent } = page(await signerOf(seed(2)), standing(first));
    await acts.confirmStateStop("SV", STOP);
    const { body, signers } = await readStatement(sent.confirm);
    expect([body, signers.size]).toEqual([first.body, 2]);
  });

  test("signs alone where the first did not", async () => {
    const { acts, sent } = page(await signerOf(seed(2)), standing(null));
    await acts.confirmStateStop("SV", STOP);
    const { fields, signers } = await readStatement(sent.confirm);
    expect([fields.state, signers.size]).toEqual(["SV", 1]);
  });

  test("adds no hand to another stop than they were shown, and confirms", async () => {
    const first = await stated("state-stop", { reason: "drill" }, 1);
    const { acts, sent } = page(await signerOf(seed(2)), standing(first));
    await acts.confirmStateStop("SV", id(6));
    expect(sent).toEqual({ confirm: null });
  });

  test("adds no hand to what nobody has signed, though it says who did", async () => {
    const first = await stated("state-stop", { reason: "drill" }, 1);
    const [hand] = first.signatures;
    const forged = b64u.encode(new Uint8Array(64));
    const unsigned = { ...first, signatures: [{ key: hand?.key ?? "", signature: forged }] };
    const { acts, sent } = page(await signerOf(seed(2)), standing(unsigned));
    await acts.confirmStateStop("SV", STOP);
    expect(sent).toEqual({ confirm: null });
  });

  test.each([
    ["of another State", "state-stop", { state: "MX", reason: "drill" }],
    ["that is no stop", "state-lift", { stops: id(20) }],
  ] as const)(
    "adds no hand to what is shown them %s, and confirms",
    async (_what, type, fields) => {
      const { acts, sent } = page(await signerOf(seed(2)), standing(await stated(type, fields, 1)));
      await acts.confirmStateStop("SV", STOP);
      expect(sent).toEqual({ confirm: null });
    },
  );
});

describe("a State's signed stop", () => {
  const stop = () => stated("state-stop", { reason: "drill" }, 1);

  test("is lifted by one who signs so, and a second who signs the same", async () => {
    const signed = await stop();
    const one = page(await signerOf(seed(1)), standing(signed));
    await one.acts.liftState("SV", STOP);
    const first = await readStatement(one.sent.lift);
    expect([first.type, first.fields]).toMatchObject(["state-lift", { stops: id(20) }]);
    const two = page(await signerOf(seed(2)), standing(signed, one.sent.lift));
    await two.acts.liftState("SV", STOP);
    const both = await readStatement(two.sent.lift);
    expect([both.body, both.signers.size]).toEqual([first.body, 2]);
  });

  test("is asked for without a hand if another one holds by now", async () => {
    const { acts, sent } = page(await signerOf(seed(1)), standing(await stop()));
    await acts.liftState("SV", id(6));
    expect(sent).toEqual({ lift: null });
  });

  test("is said anew by whoever said the first word, and their hand counts once", async () => {
    const lift = await stated("state-lift", { stops: id(20) }, 1);
    const { acts, sent } = page(await signerOf(seed(1)), standing(await stop(), lift));
    await acts.liftState("SV", STOP);
    const { body, signers } = await readStatement(sent.lift);
    expect(body).not.toBe(lift.body);
    expect([sent.lift?.signatures.length, signers.size]).toEqual([1, 1]);
  });

  test("is said anew once the first word is too old", async () => {
    const old = new Date(NOW - 72 * HOUR).toISOString().replace(".000", "");
    const lift = await stated("state-lift", { stops: id(20) }, 1, old);
    const { acts, sent } = page(await signerOf(seed(2)), standing(await stop(), lift));
    await acts.liftState("SV", STOP);
    const { body, signers } = await readStatement(sent.lift);
    expect(body).not.toBe(lift.body);
    expect(signers.size).toBe(1);
  });

  test.each([
    ["another stop", { stops: id(21) }],
    ["another State's", { state: "MX", stops: id(20) }],
  ])("is not lifted with words about %s", async (_what, fields) => {
    const lift = await stated("state-lift", fields, 1);
    const { acts, sent } = page(await signerOf(seed(2)), standing(await stop(), lift));
    await expect(acts.liftState("SV", STOP)).rejects.toMatchObject({ code: "payload-changed" });
    expect(sent).toEqual({});
  });

  test("is asked for unsigned without a key: the server says where to do it", async () => {
    const { acts, sent } = page(null, standing(await stop()));
    await acts.liftState("SV", STOP);
    expect(sent).toEqual({ lift: null });
  });
});

test("a State's unsigned stop is lifted by its id, as two persons agree to who sign nothing", async () => {
  const { acts, sent } = page(await signerOf(seed(1)), standing(null));
  await acts.liftState("SV", STOP);
  expect(sent).toEqual({ lift: null });
});
