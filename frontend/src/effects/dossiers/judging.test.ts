import { describe, expect, it } from "vitest";
import {
  AT,
  BEA,
  chain,
  directory,
  dossier,
  FACTS,
  type Known,
  LIAISON,
  MARIO,
  SOFIA,
  signed,
  type Told,
} from "../../../tests/moves";
import { type MoveRow, NOTHING_SAID, type Said } from "../../api/dossiers";
import { factsOf } from "../../crypto/move";
import type { AsOf } from "../../verify/chain";
import { APART_MS } from "../directory/then";
import { isAboutTheSame, isSound, judged } from "./judging";
import { arrowOf, byWriting } from "./table";

async function verdicts(moves: MoveRow[], known: Known = directory(), reader = "SV") {
  return (await judged(dossier(moves), known, reader)).moves;
}

describe("a record", () => {
  it("is sound where each step was signed by whoever takes it, one after the other", async () => {
    const found = await judged(dossier(await chain()), directory(), "SV");
    expect(found.moves).toEqual(["ok", "ok", "ok"]);
    expect(isSound(found)).toBe(true);
  });

  it("shows which signature is of something else", async () => {
    const moves = await chain();
    const other = { ...moves[2], on: "2026-11-25" } as MoveRow;
    expect(await verdicts([...moves.slice(0, 2), other])).toEqual(["ok", "ok", "signature"]);
  });

  it.each([
    ["of a liaison who is no signatory", { by: LIAISON }],
    ["under another name", { by: BEA, name: "somebody else" }],
    ["for the other State", { by: BEA, state: "MX" }],
    ["with no device", { by: BEA, device: null }],
  ])("believes no authorisation %s", async (_, changes) => {
    expect((await verdicts(await chain([changes])))[0]).toBe("key");
  });

  it.each([
    ["the central authority", SOFIA, {}, "ok"],
    ["a coordinator", BEA, {}, "ok"],
    ["an officer with a device", SOFIA, { device: "22222222-2222-4222-8222-222222222222" }, "key"],
    ["a coordinator without one", BEA, { device: null }, "key"],
    ["a liaison alone", LIAISON, {}, "key"],
  ])("of a withdrawal of what was authorised believes %s: %#", async (_, by, changes, verdict) => {
    const [authorised] = (await chain()) as [MoveRow];
    const step = { number: 2, act: "withdraw", before: "authorised", after: "withdrawn" };
    const last = await signed({ ...step, by, ...changes });
    expect(await verdicts([authorised, last])).toEqual(["ok", verdict]);
  });

  it.each([
    ["a liaison whose designation says so", LIAISON, ["signatory"], "ok"],
    ["a coordinator whose designation does not say so", BEA, ["focal-point"], "key"],
  ])("of an authorisation believes %s: %#", async (_, by, functions, verdict) => {
    const known = directory();
    const standing = (person: string, as: { now: number }) => {
      const found = known?.standing(person, as);
      return found?.ok && person === by && Math.abs(as.now - Date.parse(AT)) <= APART_MS
        ? { ...found, bound: { ...found.bound, functions: new Set(functions) } }
        : found;
    };
    const found = await verdicts(await chain([{ by }]), directory({ standing } as Told));
    expect(found[0]).toBe(verdict);
  });

  it("believes nobody who was not in office when they signed", async () => {
    const known = directory();
    for (const late of ["designation-expired", "designation-not-yet"] as const) {
      const standing = (person: string, as: { now: number }) => ({
        ...known?.standing(person, as),
        late,
      });
      const found = await verdicts(await chain(), directory({ standing } as Told));
      expect(found).toEqual(["key", "key", "key"]);
    }
  });

  it.each([
    ["a stop", "person-revoked", undefined],
    ["another key", undefined, "another"],
  ] as const)("tells %s that came later from one that came before", async (_, late, key) => {
    const known = directory();
    const changed = (before: boolean) => (person: string, as: AsOf) => {
      const found = known?.standing(person, as);
      if (!found?.ok || (!before && as.size !== undefined)) return found;
      return { ...found, late, bound: { ...found.bound, key: key ?? found.bound.key } };
    };
    const seen = (before: boolean) => directory({ standing: changed(before) } as Told);
    expect((await verdicts(await chain(), seen(false)))[1]).toBe("former");
    expect((await verdicts(await chain(), seen(true)))[1]).toBe("key");
  });

  it("believes nothing that it cannot look up, and signs nothing after it", async () => {
    const found = await judged(dossier(await chain()), null, "SV");
    expect(found.moves).toEqual(["unchecked", "unchecked", "unchecked"]);
    expect(isSound(found)).toBe(false);
  });

  it.each([
    ["a step that is kept back", [0, 2]],
    ["the first one kept back", [1, 2]],
    ["one told twice", [0, 0]],
    ["another order", [1, 0]],
  ])("shows %s", async (_, kept) => {
    const moves = await chain();
    const shown = kept.map((place) => moves[place] as MoveRow);
    expect(await verdicts(shown)).toContain("order");
  });

  it("says of each of two steps that have one number what it is", async () => {
    const [first, second, third] = (await chain()) as [MoveRow, MoveRow, MoveRow];
    const again = await signed({ ...second, by: SOFIA });
    const found = await judged(dossier([first, again, again, third]), directory(), "SV");
    expect(found.moves).toEqual(["ok", "ok", "order", "ok"]);
    expect(isSound(found)).toBe(false);
  });

  it("shows a step that is not in the table, or not from there", async () => {
    const moves = await chain([{}, { after: "executed" }]);
    expect((await verdicts(moves))[1]).toBe("order");
    const elsewhere = await chain([{}, {}, { act: "begin", before: "acknowledged" }]);
    expect((await verdicts(elsewhere))[2]).toBe("order");
  });

  it("shows a step that goes on from where nothing was interrupted", async () => {
    const moves = await chain();
    const asked = { by: MARIO, number: 4, before: "acknowledged", after: "information_requested" };
    const given = { number: 5, act: "give-information", before: "information_requested" };
    const all = await Promise.all([
      signed({ ...asked, act: "ask-information" }),
      signed({ ...given, after: "in_execution" }),
    ]);
    expect((await verdicts([...moves, ...all])).slice(3)).toEqual(["ok", "order"]);
  });

  it("shows what was sent and is not what was authorised", async () => {
    const moves = await chain([{}, { digest: "cd" }]);
    expect((await verdicts(moves))[1]).toBe("order");
  });

  it("goes on about nothing but what was authorised", async () => {
    const found = dossier(await chain(), { version: 1, digest: "ab" });
    expect(isAboutTheSame(found, "begin")).toBe(true);
    expect(isAboutTheSame({ ...found, digest: "cd" }, "begin")).toBe(false);
    expect(isAboutTheSame({ ...found, version: 2 }, "authorise")).toBe(true);
  });

  it("shows a day before that of the step which it follows", async () => {
    expect((await verdicts(await chain([{}, { on: "2026-11-23" }])))[1]).toBe("order");
  });

  it("shows a day that has begun nowhere when it is signed", async () => {
    expect((await verdicts(await chain([{ on: "2026-11-25" }])))[0]).toBe("ok");
    expect((await verdicts(await chain([{ on: "2026-11-26" }])))[0]).toBe("order");
  });

  it("takes the evening before of a State in which midnight comes later", async () => {
    const moves = await chain([{}, {}, { on: "2026-11-25" }]);
    const told = { number: 4, act: "withdraw", before: "acknowledged", after: "withdrawn" };
    const last = await signed({ ...told, on: "2026-11-24" });
    const found = (requested_state: string) =>
      judged(dossier([...moves, last], { requested_state }), directory(), "SV");
    expect((await found("PA")).moves[3]).toBe("ok");
    expect((await found("MX")).moves[3]).toBe("order");
  });

  it("shows one signed before the step which it follows, but for clocks that go apart", async () => {
    const late = { issued: "2026-11-24T14:45:00Z" };
    expect((await verdicts(await chain([{}, late])))[1]).toBe("ok");
    const before = { issued: "2026-11-24T14:44:59Z" };
    expect((await verdicts(await chain([{}, before])))[1]).toBe("order");
  });

  it("shows a stage to which its steps do not lead", async () => {
    const found = dossier(await chain(), { stage: "executed" });
    const seen = await judged(found, directory(), "SV");
    expect([seen.stands, isSound(seen)]).toEqual([false, false]);
  });

  it("takes what was written between two steps as written, at home", async () => {
    const [sent] = await chain();
    const drafts = dossier([sent as MoveRow], { stage: "draft" });
    expect((await judged(drafts, directory(), "SV")).stands).toBe(false);
    expect((await judged(dossier([], { stage: "ready" }), directory(), "SV")).stands).toBe(true);
    expect((await judged(dossier([], { stage: "ready" }), directory(), "MX")).stands).toBe(false);
  });

  it("lets the other State's review be missing, and nothing else", async () => {
    const moves = await chain([{ number: 2 }, { number: 3 }, { number: 4 }]);
    expect(await verdicts(moves, directory(), "MX")).toEqual(["ok", "ok", "ok"]);
    expect((await verdicts(moves, directory(), "SV"))[0]).toBe("order");
    const gap = await chain([{}, {}, { number: 4 }]);
    expect((await verdicts(gap, directory(), "MX"))[2]).toBe("order");
  });

  it("lets it be missing again once it was sent back, and not while it is there", async () => {
    const moves = await chain();
    const anew = { by: BEA, version: 2, digest: "cd" };
    const back = { by: MARIO, number: 4, act: "return", before: "acknowledged", after: "returned" };
    const after = await Promise.all([signed(back), signed({ ...anew, number: 6 })]);
    expect((await verdicts([...moves, ...after], directory(), "MX"))[4]).toBe("ok");
    const without = await signed({ ...anew, number: 5 });
    expect((await verdicts([...moves, without], directory(), "MX"))[3]).toBe("order");
  });

  it("shows a step that was signed about other facts than are shown", async () => {
    const moves = await chain();
    for (const told of [{ measures: ["service"] }, { urgency: "urgent" }, { law_date: "" }]) {
      const found = dossier(moves, { disclosed: { ...FACTS, ...told } });
      const seen = await judged(found, directory(), "MX");
      expect(seen.moves).toEqual(["signature", "signature", "signature"]);
    }
    const old = dossier(await chain([{ form: 1 }, { form: 1 }, { form: 1 }]), {
      disclosed: { ...FACTS, measures: ["service"] },
    });
    expect(isSound(await judged(old, directory(), "MX"))).toBe(true);
  });

  it("is sound as it was signed, whatever acts need since, until it is gone back to an earlier form", async () => {
    const refused = {
      ...{ by: MARIO, number: 4, act: "refuse", before: "acknowledged", after: "refused" },
      said: { ...NOTHING_SAID, codes: ["R05"], consulted: true },
    };
    const forms = async (first: number, second: number, third: number, fourth: number) => {
      const steps = await chain([{ form: first }, { form: second }, { form: third }]);
      return verdicts([...steps, await signed({ ...refused, form: fourth })], directory(), "MX");
    };
    expect(await forms(1, 1, 2, 2)).toEqual(["ok", "ok", "ok", "ok"]);
    expect(await forms(2, 2, 2, 3)).toEqual(["ok", "ok", "ok", "order"]); // conditions lack
    expect(await forms(2, 3, 3, 2)).toEqual(["ok", "ok", "ok", "order"]);
    expect(await forms(3, 2, 2, 2)).toEqual(["ok", "order", "ok", "ok"]);
    expect((await forms(0, 1, 1, 1))[0]).toBe("order");
    expect((await forms(4, 4, 4, 4))[0]).toBe("order");
  });

  it("goes on where it was after a part was refused, with what is left", async () => {
    const part = { ...NOTHING_SAID, codes: ["R05"], consulted: true, terms: "no-answer" };
    const steps = [
      { act: "begin", before: "acknowledged", after: "in_execution" },
      {
        ...{ act: "refuse-part", before: "in_execution", after: "in_execution" },
        said: { ...part, measures: [0] },
      },
      {
        ...{ act: "execute", before: "in_execution", after: "executed" },
        said: { ...NOTHING_SAID, measures: [1] },
      },
    ];
    const told = await Promise.all(
      steps.map((one, place) => signed({ by: MARIO, number: 4 + place, ...one })),
    );
    const moves = [...(await chain()), ...told];
    // What is left is never coercive: the one hand that refused the rest does it.
    expect((await verdicts(moves, directory(), "MX")).slice(3)).toEqual(["ok", "ok", "ok"]);
    const elsewhere = await signed({ by: MARIO, number: 5, ...steps[1], after: "refused" });
    expect((await verdicts([...moves.slice(0, 4), elsewhere], directory(), "MX"))[4]).toBe("order");
  });

  it("does not stand between other States than its steps are signed for", async () => {
    const moves = await chain();
    for (const told of [{ requested_state: "PA" }, { requesting_state: "PA" }]) {
      const seen = await judged(dossier(moves, told), directory(), "PA");
      expect([seen.stands, isSound(seen)]).toEqual([false, false]);
    }
    // Nothing that is signed is about a version that came after.
    const newer = dossier(moves, { version: 2, requested_state: "PA" });
    expect((await judged(newer, directory(), "SV")).stands).toBe(true);
  });

  it("shows a step about other facts of the version that was authorised, whichever are shown", async () => {
    const other = { disclosed: await factsOf({ ...FACTS, measures: ["service"] }) };
    const found = dossier(await chain([{}, {}, other]), { version: 2 });
    expect((await judged(found, directory(), "MX")).moves).toEqual(["ok", "ok", "order"]);
    const first = dossier(await chain([{ form: 1 }, { form: 1 }, other]), { version: 2 });
    expect((await judged(first, directory(), "MX")).moves).toEqual(["ok", "ok", "ok"]);
  });

  it("takes what one State recorded of the other with proof alone", async () => {
    const proof: Said = { ...NOTHING_SAID, proof: "ef" };
    const recorded = { by: SOFIA, side: "requested" } as const;
    const whole = await chain([{}, {}, { ...recorded, said: proof }]);
    expect((await verdicts(whole))[2]).toBe("ok");
    expect((await verdicts(await chain([{}, {}, recorded])))[2]).toBe("key");
  });
});

describe("the table", () => {
  it("knows what a step leads to, whatever the server offers", () => {
    const next = { act: "acknowledge", after: "acknowledged", side: "requested" } as const;
    const before = "transmitted";
    expect(arrowOf({ ...next, before })?.who).toEqual(["central-authority"]);
    expect(arrowOf({ ...next, before, after: "executed" })).toBeNull();
    expect(arrowOf({ ...next, before: "authorised" })).toBeNull();
  });

  it("knows where writing leads", () => {
    expect(byWriting("returned", "ready")).toBe(true);
    expect(byWriting("authorised", "draft")).toBe(false);
    expect(byWriting("closed", "closed")).toBe(true);
  });
});
