/** Which steps a browser believes of two hands alone, and whose hand it takes for the second. */

import { describe, expect, it } from "vitest";
import {
  AT,
  BEA,
  chain,
  directory,
  dossier,
  ELENA,
  FACTS,
  LIAISON,
  MARIO,
  NADIA,
  proposed,
  SOFIA,
  seconded,
  signed,
  type Told,
} from "../../../tests/moves";
import { type Dossier, type MoveRow, NOTHING_SAID, type Said } from "../../api/dossiers";
import moves from "../../api/moves.json";
import { factsOf } from "../../crypto/move";
import type { AsOf } from "../../verify/chain";
import { isSound, judged, judgedProposal } from "./judging";
import { isFromBefore } from "./seconds";
import { takesTwo } from "./table";

const BEGUN = { by: MARIO, number: 4, act: "begin", before: "acknowledged", after: "in_execution" };
const PART = { act: "answer-part", before: "in_execution", after: "partially_executed" };
const ALL = { act: "execute", before: "in_execution", after: "executed" };
const saying = (said: Partial<Said>): Said => ({ ...NOTHING_SAID, ...said });
const [ACCOUNTS, SERVICE] = [0, 1];

const executed = (wish: Parameters<typeof signed>[0] = {}) =>
  signed({
    by: MARIO,
    number: 5,
    ...ALL,
    said: saying({ measures: [ACCOUNTS, SERVICE] }),
    ...wish,
  });

async function running(changes: Parameters<typeof chain>[0] = []): Promise<MoveRow[]> {
  return [...(await chain(changes)), await signed(BEGUN)];
}

/** What is found of the last step after a request has begun to be executed. */
async function last(move: MoveRow, changes: Partial<Dossier> = {}) {
  const found = dossier([...(await running()), move], changes);
  return (await judged(found, directory(), "SV")).moves.at(-1);
}

describe("a step that takes two", () => {
  it.each([
    ["an officer of the same central authority", NADIA],
    ["a coordinator of that State, by their device", ELENA],
  ])("is believed with the hand of %s under it", async (_, by) => {
    const found = dossier([...(await running()), await seconded(await executed(), by)]);
    const seen = await judged(found, directory(), "SV");
    expect([seen.moves.at(-1), isSound(seen)]).toEqual(["ok", true]);
  });

  it.each([
    ["a coercive measure", ALL, { measures: [ACCOUNTS, SERVICE] }, "hand"],
    ["a part of them", PART, { measures: [ACCOUNTS] }, "hand"],
    ["evidence", PART, { measures: [SERVICE], evidence: ["ab"] }, "hand"],
    ["neither", PART, { measures: [SERVICE] }, "ok"],
    ["a measure that is none", ALL, { measures: [7] }, "order"],
    ["no measure, so that none is coercive", ALL, { measures: [] }, "order"],
    ["the mild ones alone of several", ALL, { measures: [SERVICE] }, "order"],
  ])("is not believed of one alone: %s", async (_, step, said, verdict) => {
    expect(await last(await executed({ ...step, said: saying(said) }))).toBe(verdict);
  });

  it.each([
    ["acknowledge", "transmitted", "acknowledged", 3],
    ["begin", "acknowledged", "in_execution", 4],
  ])(
    "hands nothing over by an act that hands nothing over: %s",
    async (act, from, after, number) => {
      const step = { by: MARIO, number, act, before: from, after };
      const steps = (await chain()).slice(0, number - 1);
      for (const [evidence, verdict] of [
        [[], "ok"],
        [["ab"], "order"],
      ] as const) {
        const move = await signed({ ...step, said: saying({ evidence: [...evidence] }) });
        expect((await judged(dossier([...steps, move]), directory(), "SV")).moves.at(-1)).toBe(
          verdict,
        );
      }
    },
  );

  it("answers what is left alone: a part of it, or all", async () => {
    const part = await executed({ ...PART, said: saying({ measures: [SERVICE] }) });
    const rest = { ...ALL, before: "partially_executed", number: 6 };
    for (const [measures, verdict] of [
      [[ACCOUNTS, SERVICE], "order"],
      [[ACCOUNTS], "ok"],
    ] as const) {
      const whole = await executed({ ...rest, said: saying({ measures: [...measures] }) });
      const found = dossier([...(await running()), part, await seconded(whole)]);
      expect((await judged(found, directory(), "SV")).moves.at(-1)).toBe(verdict);
    }
  });

  it("is none where one State records with proof what another did", async () => {
    const proof = saying({ measures: [ACCOUNTS, SERVICE], proof: "ef" });
    const recorded = await executed({ by: SOFIA, side: "requested", said: proof });
    expect(await last(recorded)).toBe("ok");
  });

  it("leaves the record unsound, so that nothing is signed after it", async () => {
    const found = dossier([...(await running()), await executed()]);
    expect(isSound(await judged(found, directory(), "SV"))).toBe(false);
  });

  it("are these by the server's table", () => {
    const asked = { requesting_state: "SV", disclosed: { measures: ["search_seizure"] } };
    const said = saying({ measures: [0], evidence: ["ab"] });
    const acts = [...new Set(moves.arrows.map(([act]) => String(act)))];
    const two = acts.flatMap((act) =>
      (["requesting", "requested"] as const).flatMap((side) =>
        ["SV", "MX"].flatMap((state) =>
          takesTwo({ act, side, state, said }, asked) ? [[act, side, state]] : [],
        ),
      ),
    );
    // Evidence takes two by whatever act it is handed over; its acts are the table's matter.
    expect(two).toEqual(acts.map((act) => [act, "requested", "MX"]));
    const bare = (act: string, measures: number[]) =>
      takesTwo({ act, side: "requested", state: "MX", said: saying({ measures }) }, asked);
    expect(acts.filter((act) => bare(act, [0]))).toEqual(["answer-part", "execute"]);
    expect(acts.filter((act) => bare(act, []))).toEqual(["answer-part", "execute"]);
  });
});

const hour = (hours: number) =>
  new Date(Date.parse(AT) + hours * 3_600_000).toISOString().replace(".000", "");

describe("a second hand", () => {
  it.each([
    ["of whoever signed first", MARIO, {}],
    ["of the same person by another account", NADIA, { name: `NAME of ${MARIO}` }],
    ["under another name than the directory's", NADIA, { name: "somebody" }],
    ["of the other State", SOFIA, {}],
    ["of the other State as if of this one", SOFIA, { state: "MX" }],
    ["of somebody who coordinates the other State", BEA, {}],
    ["of a liaison", LIAISON, { state: "MX" }],
    ["of a coordinator with no device", ELENA, { device: null }],
    ["of an officer by a device", NADIA, { device: "44444444-4444-4444-8444-444444444444" }],
    ["three days and more after the first", NADIA, { issued: hour(72.3) }],
    ["before the first", NADIA, { issued: hour(-0.3) }],
  ])("counts for nothing: %s", async (_, by, changes) => {
    expect(await last(await seconded(await executed(), by, changes))).toBe("hand");
  });

  it("is no other person's who has the name of the first, whatever account they came back with", async () => {
    const move = await executed({ name: "María Paz" });
    for (const [name, verdict] of [
      ["MARIA  PAZ", "hand"],
      ["Paz, María", "hand"],
      ["М\u0430r\u00eda Paz", "hand"],
      ["María Paz Solís", "ok"],
    ]) {
      const names = (one: string) => new Set([one === NADIA ? String(name) : "María Paz"]);
      const known = directory({ names });
      const rest = (await running()).map((one) => ({ ...one, name: "María Paz" }));
      const found = dossier([...rest, await seconded(move, NADIA, { name: name ?? "" })]);
      expect((await judged(found, known, "SV")).moves.at(-1)).toBe(verdict);
    }
  });

  it("is another person's whose name has become the first one's since", async () => {
    const move = await seconded(await executed(), NADIA, { name: `name of ${MARIO}` });
    const names = (person: string) => new Set([`name of ${person === NADIA ? MARIO : person}`]);
    const today = directory({ names });
    const standing = directory()?.standing as NonNullable<Told["standing"]>;
    const known = { ...today, standing } as typeof today;
    const found = dossier([...(await running()), move]);
    expect((await judged(found, known, "SV")).moves.at(-1)).toBe("ok");
    expect((await judged(found, today, "SV")).moves.at(-1)).toBe("hand");
  });

  it("is judged by the names of then, whatever day a later term says that it began", async () => {
    const move = await seconded(await executed(), NADIA, { name: "Nadia" });
    const names = (person: string) => new Set([person === NADIA ? "Nadia" : `name of ${person}`]);
    const known = directory({ names });
    const before = (person: string, as: { now: number }) => {
      const found = known?.standing(person, as);
      return found?.ok ? { ...found, bound: { ...found.bound, name: `name of ${MARIO}` } } : found;
    };
    const standing = (person: string, { now, size = 9 }: { now: number; size?: number }) =>
      size < 9 ? before(person, { now }) : known?.standing(person, { now });
    const found = dossier([...(await running()), move]);
    for (const [size, verdict] of [
      [8, "hand"],
      [9, "ok"],
    ] as const) {
      const then = directory({ names, standing, sizeAt: () => size } as Told);
      expect((await judged(found, then, "SV")).moves.at(-1)).toBe(verdict);
    }
  });

  it("is under a first hand that counts still, and was not stopped between, lifted or not", async () => {
    const move = await seconded(await executed(), NADIA, { issued: hour(2) });
    const found = dossier([...(await running()), move]);
    for (const [at, verdict] of [
      [-1, "ok"],
      [1, "hand"],
      [3, "ok"],
    ] as const) {
      const stops = (person: string) => (person === MARIO ? [Date.parse(hour(at))] : []);
      expect((await judged(found, directory({ stops }), "SV")).moves.at(-1)).toBe(verdict);
    }
    const standing = (person: string, as: { now: number }) => ({
      ...directory()?.standing(person, as),
      ...(person === MARIO && as.now > Date.parse(AT) && { late: "designation-expired" }),
    });
    const over = directory({ standing } as Told);
    expect((await judged(found, over, "SV")).moves.at(-1)).toBe("hand");
  });

  it("counts for three days, and for two hours where it is urgent", async () => {
    const late = await seconded(await executed(), NADIA, { issued: hour(71) });
    expect(await last(late)).toBe("ok");
    const disclosed = { ...FACTS, urgency: "urgent" };
    const about = { disclosed: await factsOf(disclosed) };
    const steps = [...(await chain([about, about, about])), await signed({ ...BEGUN, ...about })];
    for (const [hours, verdict] of [
      [71, "hand"],
      [2, "ok"],
    ] as const) {
      const move = await seconded(await executed(about), NADIA, { issued: hour(hours) });
      const found = dossier([...steps, move], { disclosed });
      expect((await judged(found, directory(), "SV")).moves.at(-1)).toBe(verdict);
    }
  });

  it("is under what was signed first, and nothing else", async () => {
    const { second } = await seconded(await executed());
    const other = await executed({
      said: saying({ measures: [ACCOUNTS, SERVICE], evidence: ["cd"] }),
    });
    expect(await last({ ...other, second })).toBe("hand");
  });

  it("is under the first one's hand, and nobody else's over the same", async () => {
    const { second } = await seconded(await executed(), ELENA);
    expect(await last({ ...(await executed({ by: NADIA })), second })).toBe("hand");
  });

  it("is looked at where it was not asked for, too", async () => {
    const mild = await executed({ ...PART, said: saying({ measures: [SERVICE] }) });
    expect(await last(await seconded(mild, MARIO))).toBe("hand");
  });

  it("tells that its key or access has ended since", async () => {
    const move = await seconded(await executed());
    const key = "another".padEnd(43, "A");
    const known = directory();
    const standing = (person: string, as: AsOf) => {
      const found = known?.standing(person, as);
      const isSince = person === NADIA && as.size === undefined;
      return isSince && found?.ok ? { ...found, bound: { ...found.bound, key } } : found;
    };
    const changed = directory({ standing } as Parameters<typeof directory>[0]);
    const found = dossier([...(await running()), move]);
    expect((await judged(found, changed, "SV")).moves.at(-1)).toBe("former");
  });

  it("comes before the step that follows", async () => {
    const part = await executed({ ...PART, said: saying({ measures: [ACCOUNTS] }) });
    const first = await seconded(part, NADIA, { issued: hour(3) });
    const rest = {
      ...ALL,
      before: "partially_executed",
      number: 6,
      said: saying({ measures: [1] }),
    };
    for (const [hours, verdict] of [
      [2, "order"],
      [3, "ok"],
    ] as const) {
      const found = [...(await running()), first, await executed({ ...rest, issued: hour(hours) })];
      expect((await judged(dossier(found), directory(), "SV")).moves.at(-1)).toBe(verdict);
    }
  });
});

describe("a record from before", () => {
  const old = { form: 1 };

  it("is read as it was signed, and says so of what took one hand then", async () => {
    const steps = await chain([old, old, old]);
    const begun = await signed({ ...BEGUN, ...old });
    const done = await executed(old);
    const found = dossier([...steps, begun, done]);
    const seen = await judged(found, directory(), "SV");
    expect([...new Set(seen.moves), isSound(seen)]).toEqual(["ok", true]);
    expect(found.moves.map((move) => isFromBefore(move, found))).toEqual([
      ...[false, false, false, false],
      true,
    ]);
  });

  it("goes on with steps as they are signed now", async () => {
    const steps = await running([old, old, old]);
    const found = dossier([...steps, await seconded(await executed())]);
    expect(isSound(await judged(found, directory(), "SV"))).toBe(true);
    const alone = dossier([...steps, await executed()]);
    expect((await judged(alone, directory(), "SV")).moves.at(-1)).toBe("hand");
  });

  it("is none any more once a step was signed as they are now: nobody goes back to one hand", async () => {
    expect(await last(await executed(old))).toBe("order");
    expect(await last(await seconded(await executed(old)))).toBe("order");
  });

  it.each([0, 4])("has no form %i", async (form) => {
    expect(await last(await executed({ form }))).toBe("order");
  });
});

describe("what is proposed", () => {
  const NOW = Date.parse(AT);
  async function found(
    wish: Parameters<typeof signed>[0] = {},
    changes: object = {},
    { now = NOW, known = directory() } = {},
  ) {
    const proposal = { ...(await proposed(await executed(wish))), ...changes };
    const record = dossier(await running(), { proposal, version: 1, digest: "ab", number: 5 });
    return judgedProposal(record, known, now);
  }

  it("is whose it says, and follows from the record", async () => {
    expect(await found()).toBe("ok");
    expect(await judgedProposal(dossier(await running()), directory(), NOW)).toBeNull();
  });

  it.each([
    ["three days and more after it, whenever the server says that it lapses", 72.3, "hand"],
    ["within three days", 71, "ok"],
    ["by a clock that was long before it", -0.3, "hand"],
  ])("is looked at by this browser's clock: %s", async (_, hours, verdict) => {
    const lapses_at = hour(1000);
    expect(await found({}, { lapses_at }, { now: NOW + hours * 3_600_000 })).toBe(verdict);
  });

  it("waits for two hours where it is urgent", async () => {
    const disclosed = { ...FACTS, urgency: "urgent" };
    const about = { disclosed: await factsOf(disclosed) };
    const steps = [...(await chain([about, about, about])), await signed({ ...BEGUN, ...about })];
    const proposal = { ...(await proposed(await executed(about))), lapses_at: hour(1000) };
    const told = { proposal, disclosed, version: 1, digest: "ab", number: 5 };
    const at = (hours: number) =>
      judgedProposal(dossier(steps, told), directory(), NOW + hours * 3_600_000);
    expect([await at(2), await at(3)]).toEqual(["ok", "hand"]);
  });

  it("is void once its first hand is, whatever the server says", async () => {
    const stopped = (at: number) => {
      const stops = (person: string) => (person === MARIO ? [NOW + at * 3_600_000] : []);
      return found({}, { stopped: false }, { known: directory({ stops }), now: NOW + 7_200_000 });
    };
    expect([await stopped(-1), await stopped(1)]).toEqual(["ok", "hand"]);
    const standing = (person: string, as: { now: number }) => ({
      ...directory()?.standing(person, as),
      ...(as.now > NOW && { late: "designation-expired" }),
    });
    const known = directory({ standing } as Told);
    expect(await found({}, {}, { known, now: NOW + 3_600_000 })).toBe("hand");
  });

  it("is not looked up where there is no directory", async () => {
    expect(await found({}, {}, { known: null })).toBe("unchecked");
  });

  it.each([
    ["of other bytes than those named", {}, { step: "ab".repeat(32) }, "signature"],
    ["changed after it was signed", {}, { on: "2026-11-25" }, "signature"],
    ["by somebody who does no such step", { by: ELENA }, {}, "key"],
    ["as another step", { number: 6 }, {}, "order"],
    ["from another stage", { before: "partially_executed", act: "begin" }, {}, "order"],
    ["about another version", { version: 2 }, {}, "order"],
  ])("is shown %s", async (_, wish, changes, verdict) => {
    expect(await found(wish, changes)).toBe(verdict);
  });
});
