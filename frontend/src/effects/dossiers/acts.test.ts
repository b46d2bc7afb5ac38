/** What a page signs of a request, and what it refuses to sign whatever the server shows it. */

import { describe, expect, test } from "vitest";
import {
  BEA,
  chain,
  directory,
  dossier,
  ELENA,
  FACTS,
  MARIO,
  NADIA,
  proposed,
  seeds,
  signed,
} from "../../../tests/moves";
import type { Dossier, MoveBody, NextMove } from "../../api/dossiers";
import { NOTHING_SAID } from "../../api/dossiers";
import { ApiError, Unreachable } from "../../api/errors";
import { b64u, hex, sha256, utf8 } from "../../bytes";
import { publicKeyOf, signWith } from "../../crypto/ed25519";
import { FORM, factsOf, movedBy, secondedBy } from "../../crypto/move";
import { signingInput } from "../../crypto/statements";
import type { Draft } from "../../rules/book";
import type { Directory } from "../../verify/chain";
import type { Deps } from "../deps";
import type { Opened } from "../opening";
import { dossierActs, type Tries } from "./acts";

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const seed = (n: number) => new Uint8Array(32).fill(n);
const [DEVICE, IDENTITY] = [seed(1), seed(2)];
const BODY = utf8.encode("a sealed draft");
const DIGEST = hex.encode(await sha256(BODY));
const READY = {
  id: id(1),
  requesting_state: "SV",
  requested_state: "MX",
  stage: "ready",
  version: 3,
  digest: DIGEST,
  disclosed: FACTS,
  number: 1,
  moves: [],
} as unknown as Dossier;
/** The draft of which the server was told these facts. */
const DRAFT = {
  ...FACTS,
  measures: FACTS.measures.map((type) => ({ type })),
  legal_basis: [],
  urgency: { level: "", deadline: "" },
  unknown: [],
} as unknown as Draft;
const AUTHORISE: NextMove = {
  act: "authorise",
  after: "authorised",
  side: "requesting",
  who: ["coordinator"],
};
const WITHDRAW: NextMove = { ...AUTHORISE, act: "withdraw", after: "withdrawn" };
const TRANSMIT: NextMove = {
  act: "transmit",
  after: "transmitted",
  side: "requesting",
  who: ["coordinator"],
};

type World = {
  /** What the server says of the draft. */
  row: { version: number; stage: string };
  verdict: { agrees: boolean; why?: string } | null;
  body: Uint8Array;
  isOpened: boolean;
  draft: Draft;
  /** What the server answers a step with, though it may have it. */
  fails: Error | null;
  directory: ReturnType<typeof directory>;
  /** Whose page it is: their State, their roles, the seeds of their keys. */
  state: string;
  roles: readonly string[];
  device: Uint8Array<ArrayBuffer>;
  identity: Uint8Array<ArrayBuffer>;
};
let ids = 100;
type Second = { step: string; issued: string; signature: string };

/** A page with a device and an identity key, and what it sent. */
function page(changes: Partial<World> = {}) {
  const world: World = {
    row: { version: 3, stage: "ready" },
    verdict: { agrees: true },
    body: BODY,
    isOpened: true,
    draft: DRAFT,
    fails: null,
    directory: null,
    state: "SV",
    roles: [],
    device: DEVICE,
    identity: IDENTITY,
    ...changes,
  };
  const sent: MoveBody[] = [];
  const doors: string[] = [];
  const put: Second[] = [];
  const declined: object[] = [];
  const answer = (asked: string) => ({ ...READY, id: asked });
  const routes = {
    move: async (asked: string, body: MoveBody) => {
      sent.push(body);
      doors.push("move");
      if (world.fails) throw world.fails;
      return answer(asked);
    },
    propose: async (asked: string, body: MoveBody) => {
      sent.push(body);
      doors.push("propose");
      return answer(asked);
    },
    confirm: async (asked: string, body: Second) => {
      put.push(body);
      return answer(asked);
    },
    decline: async (asked: string, body: object) => {
      declined.push(body);
      return answer(asked);
    },
  };
  const requests = {
    rows: {
      refresh: async () => undefined,
      get: (request: string) => ({ id: request, ...world.row }),
      onRung: () => () => undefined,
    },
    versions: { open: async () => (world.isOpened ? { draft: world.draft } : null) },
    attesting: { check: async () => undefined, verdict: () => world.verdict },
  };
  const identity = {
    signOther: async (label: string, body: Uint8Array) => {
      const input = signingInput(label as Parameters<typeof signingInput>[0], body);
      return b64u.encode((await signWith(world.identity, input)).signature);
    },
  };
  const deps = {
    api: { dossiers: routes, version: async () => ({ body: world.body }) },
    clock: () => Date.parse("2026-11-24T15:00:00Z"),
    random: { uuid: () => id(++ids) },
  } as unknown as Deps;
  const acts = dossierActs(deps, {
    guarded: (act) => act(),
    letting: (act) => act(),
    opened: async () => ({ identity, person: { id: MARIO } }) as unknown as Opened,
    state: () => world.state,
    roles: () => world.roles,
    desk: () =>
      ({ core: { device: { signaturePrivate: world.device } }, requests }) as unknown as ReturnType<
        Parameters<typeof dossierActs>[1]["desk"]
      >,
    replayed: async () => world.directory as Directory | null,
  });
  const move = (found: Dossier = READY, next: NextMove = AUTHORISE) =>
    acts.move(found, next, "2026-11-24", NOTHING_SAID);
  return { world, move, sent, doors, put, declined, acts, hashes: acts.hashes };
}

/** Whether what was sent is signed by this key, about the request as it was shown. */
async function isSignedBy(key: Uint8Array, body: MoveBody, next: NextMove, found = READY) {
  const about = { request: found.id, before: found.stage, after: next.after, form: FORM };
  const moved = { ...body, ...about, disclosed: await factsOf(found.disclosed) };
  return movedBy(await publicKeyOf(key), moved, b64u.decode(body.signature));
}

describe("a step is signed", () => {
  test("by the device of whoever drafts, about what it has fetched and opened", async () => {
    const { move, sent } = page();
    await move();
    const [body] = sent as [MoveBody];
    expect([body.version, body.digest, body.number]).toEqual([3, DIGEST, 1]);
    expect(await isSignedBy(DEVICE, body, AUTHORISE)).toBe(true);
  });

  test("by the key that this build's table names, whatever the server says", async () => {
    const { move, sent } = page();
    await move(READY, { ...AUTHORISE, who: ["central-authority"] });
    expect(await isSignedBy(DEVICE, sent[0] as MoveBody, AUTHORISE)).toBe(true);
  });

  test("by the identity key of a central authority, which has no device", async () => {
    const { move, sent } = page({ directory: directory() });
    const [authorised] = await chain();
    const found = dossier(authorised ? [authorised] : [], { version: 1, digest: "ab", number: 2 });
    await move(found, TRANSMIT);
    expect(await isSignedBy(IDENTITY, sent[0] as MoveBody, TRANSMIT, found)).toBe(true);
  });

  test.each([
    ["a coordinator by the device", ["coordinator"], DEVICE],
    ["an officer of the central authority by the identity key", ["central-authority"], IDENTITY],
  ])("where either may take it, by %s", async (_, roles, key) => {
    const { move, sent } = page({ directory: directory(), roles });
    const authorised = await signed({ by: BEA, version: 3, digest: DIGEST });
    const found = dossier([authorised], { version: 3, digest: DIGEST, number: 2 });
    await move(found, WITHDRAW);
    expect(await isSignedBy(key, sent[0] as MoveBody, WITHDRAW, found)).toBe(true);
  });
});

describe("a step of which the answer was lost", () => {
  const triesOf = () => {
    const told: string[] = [];
    const onSigned = async (step: string) => void told.push(step);
    return { told, tries: { unanswered: null, onSigned } as Tries };
  };

  test("is sent again as it was signed, and something else is another", async () => {
    const { acts, sent, world } = page({ fails: new Unreachable("lost") });
    const { told, tries } = triesOf();
    const move = (on: string) => acts.move(READY, AUTHORISE, on, NOTHING_SAID, tries);
    await expect(move("2026-11-24")).rejects.toThrow("lost");
    await expect(move("2026-11-24")).rejects.toThrow("lost");
    world.fails = null;
    await move("2026-11-23");
    expect(sent[1]).toEqual(sent[0]);
    expect(sent[2]?.client_id).not.toBe(sent[0]?.client_id);
    expect([told[0] === told[1], told[1] === told[2]]).toEqual([true, false]);
  });

  test("is signed anew once it is refused: the server does not have it", async () => {
    const refused = new ApiError("statement-stale", 409, "", "", {});
    const { acts, sent, world } = page({ fails: refused });
    const { tries } = triesOf();
    const move = () => acts.move(READY, AUTHORISE, "2026-11-24", NOTHING_SAID, tries);
    await expect(move()).rejects.toBe(refused);
    world.fails = null;
    await move();
    expect(sent[1]?.client_id).not.toBe(sent[0]?.client_id);
  });

  test("is known in the record by what was signed, done or waiting, and nobody else's", async () => {
    const { acts } = page();
    const [, , mine] = await chain();
    const move = mine as Awaited<ReturnType<typeof signed>>;
    const waiting = await proposed(move);
    const none = dossier([]);
    const held = [
      await acts.holds(dossier([move]), waiting.step),
      await acts.holds({ ...none, proposal: waiting }, waiting.step),
      await acts.holds(dossier([{ ...move, person: NADIA }]), waiting.step),
      await acts.holds({ ...none, proposal: { ...waiting, person: NADIA } }, waiting.step),
      await acts.holds(none, waiting.step),
    ];
    expect(held).toEqual([true, true, false, false, false]);
  });
});

describe("evidence", () => {
  test("is named by the hash of each file, the same one once", async () => {
    const files = ["acta", "oficio", "acta"].map((text) => new Blob([text]));
    const of = async (text: string) => hex.encode(await sha256(utf8.encode(text)));
    expect(await page().hashes(files)).toEqual([await of("acta"), await of("oficio")]);
  });
});

describe("nothing is signed", () => {
  test.each([
    ["of other bytes than the server names", { body: utf8.encode("another") }, "version-untrue"],
    ["of what this device cannot read", { isOpened: false }, "version-key-missing"],
    [
      "of other facts than the draft has",
      { draft: { ...DRAFT, measures: [{ type: "service" }] } as unknown as Draft },
      "version-untrue",
    ],
  ])("%s", async (_, changes, code) => {
    const { move, sent } = page(changes);
    await expect(move()).rejects.toMatchObject({ code });
    await expect(move(READY, WITHDRAW)).rejects.toMatchObject({ code });
    expect(sent).toEqual([]);
  });

  test("along no line of the table", async () => {
    const { move, sent } = page();
    const far = { ...AUTHORISE, after: "transmitted" };
    await expect(move(READY, far)).rejects.toMatchObject({ code: "move-not-here" });
    expect(sent).toEqual([]);
  });

  test("after a record that is not true", async () => {
    const { move, sent } = page();
    const found = { ...READY, stage: "authorised" }; // nobody authorised it
    const next = { ...AUTHORISE, act: "transmit", after: "transmitted" };
    await expect(move(found, next)).rejects.toMatchObject({ code: "record-untrue" });
    expect(sent).toEqual([]);
  });
});

describe("nobody authorises", () => {
  test.each([
    ["what nobody called ready", { verdict: null }, "attestation-ready"],
    [
      "what was called ready and is not as it was signed",
      { verdict: { agrees: false, why: "attestation-disclosed" } },
      "attestation-disclosed",
    ],
    [
      "another version than is ready",
      { row: { version: 4, stage: "ready" } },
      "move-version-behind",
    ],
    ["what is being written on", { row: { version: 3, stage: "draft" } }, "move-version-behind"],
  ])("%s", async (_, changes, code) => {
    const { move, sent } = page(changes);
    await expect(move()).rejects.toMatchObject({ code });
    expect(sent).toEqual([]);
  });

  test("and withdraws it all the same", async () => {
    const { move, sent } = page({ verdict: null });
    await move(READY, WITHDRAW);
    expect(await isSignedBy(DEVICE, sent[0] as MoveBody, WITHDRAW)).toBe(true);
  });
});

describe("what takes two", () => {
  const EXECUTE: NextMove = {
    act: "execute",
    after: "executed",
    side: "requested",
    who: ["central-authority"],
  };
  const PART: NextMove = { ...EXECUTE, act: "answer-part", after: "partially_executed" };
  const SAID = { ...NOTHING_SAID, measures: [0, 1] };
  const BEGUN = { by: MARIO, act: "begin", before: "acknowledged", after: "in_execution" };
  const HERE = { state: "MX", roles: ["central-authority"], directory: directory() } as const;

  async function running(changes: Partial<Dossier> = {}): Promise<Dossier> {
    const steps = [...(await chain()), await signed({ ...BEGUN, number: 4 })];
    return dossier(steps, { version: 1, digest: "ab", number: 5, ...changes });
  }
  async function waiting(changes: object = {}): Promise<Dossier> {
    const step = { by: MARIO, number: 5, before: "in_execution", said: SAID } as const;
    const move = await signed({ ...step, act: "execute", after: "executed" });
    return running({ proposal: { ...(await proposed(move)), ...changes } });
  }

  test("is proposed, and what does not is done", async () => {
    const { acts, doors, sent } = page({ ...HERE, identity: seeds.get(MARIO) as typeof IDENTITY });
    await acts.move(await running(), EXECUTE, "2026-11-24", SAID);
    await acts.move(await running(), PART, "2026-11-24", { ...SAID, measures: [1] });
    expect([doors, sent.length]).toEqual([["propose", "move"], 2]);
  });

  test.each([
    ["an officer, by the identity key", NADIA, ["central-authority"]],
    ["a coordinator, by their device", ELENA, ["coordinator"]],
  ])("is confirmed by %s", async (_, who, roles) => {
    const key = seeds.get(who) as typeof IDENTITY;
    const other = new Uint8Array(32).fill(9);
    const isOfficer = who === NADIA;
    const [device, identity] = isOfficer ? [other, key] : [key, other];
    const { acts, put } = page({ ...HERE, roles, device, identity });
    const found = await waiting();
    await acts.confirm(found);
    const [{ step, issued, signature }] = put as [Second];
    expect(step).toBe(found.proposal?.step);
    const first = { first: MARIO, signature: found.proposal?.signature ?? "" };
    const seconded = { request: found.id, number: 5, step, issued, ...first };
    expect(await secondedBy(await publicKeyOf(key), seconded, b64u.decode(signature))).toBe(true);
  });

  test("is not confirmed where its first hand is not what it says, or the record is untrue", async () => {
    const { acts, put, world } = page(HERE);
    const untrue = await waiting();
    for (const found of [
      await waiting({ signature: "A".repeat(86) }),
      await waiting({ step: "cd".repeat(32) }),
      { ...untrue, stage: "executed" },
    ]) {
      await expect(acts.confirm(found)).rejects.toMatchObject({ code: "record-untrue" });
    }
    await expect(acts.confirm(await running())).rejects.toMatchObject({ code: "second-over" });
    world.directory = directory({ stops: () => [Date.parse("2026-11-24T15:00:00Z")] });
    await expect(acts.confirm(await waiting())).rejects.toMatchObject({ code: "second-over" });
    expect(put).toEqual([]);
  });

  test("is declined by a code, about what the page shows", async () => {
    const { acts, declined } = page(HERE);
    const found = await waiting();
    await acts.decline(found, "not-done");
    expect(declined).toEqual([{ step: found.proposal?.step, reason: "not-done" }]);
  });
});
