import { describe, expect, it } from "vitest";
import { STAGES } from "../../effects/requests/stages";
import type { Card, Standing } from "../client";
import { reachedOf, turnAt, turnState } from "./duty";

const card = (id: string, over: Partial<Card> = {}): Card =>
  ({
    id,
    name: id,
    state: "MX",
    roles: ["central-authority"],
    functions: [],
    status: "in-force",
    duty: false,
    ...over,
  }) as Card;
const CENTRAL = ["central-authority"];

describe("the turn", () => {
  it.each([
    ["draft", "requesting", ["liaison", "coordinator"]],
    ["informal_consultation", "requested", ["focal-point"]],
    ["ready", "requesting", ["signatory"]],
    ["authorised", "requesting", CENTRAL],
    ["transmitted", "requested", CENTRAL],
    ["acknowledged", "requested", CENTRAL],
    ["information_requested", "requesting", CENTRAL],
    ["in_execution", "requested", CENTRAL],
    ["postponed", "requested", CENTRAL],
    ["executed", "requesting", ["liaison", "coordinator"]],
  ])("at %s is of the %s State", (stage, side, who) => {
    expect(turnAt(stage)).toEqual({ side, who });
  });

  it("is somebody's at each stage but the last", () => {
    expect(STAGES.filter((stage) => turnAt(stage) === null)).toEqual(["closed"]);
  });

  it("is of one of the two States", () => {
    const between = { requesting_state: "SV", requested_state: "MX" };
    expect(turnState({ side: "requested", who: [] }, between)).toBe("MX");
    expect(turnState({ side: "requesting", who: [] }, between)).toBe("SV");
  });
});

describe("whom one reaches of a State", () => {
  it("is by what their designation says, where that is a function", () => {
    const people = [
      card("asked", { roles: ["liaison"], functions: ["focal-point"] }),
      card("signs", { roles: ["coordinator"], functions: ["signatory"] }),
    ];
    const reached = reachedOf("MX", ["focal-point"], {
      ...{ people, standings: new Map(), isAtWork: () => true },
    });
    expect(reached.map(({ card: { id } }) => id)).toEqual(["asked"]);
  });

  const none = new Map<string, Standing>();
  const ids = (people: Card[], standings: ReadonlyMap<string, Standing> = none) =>
    reachedOf("MX", CENTRAL, { people, standings, isAtWork: ({ id }) => id === "at work" }).map(
      ({ card: { id }, deputy }) => (deputy === null ? id : `${id}: ${deputy.id}`),
    );

  it("are those whose turn it is and those on duty, these first", () => {
    const people = [
      card("away"),
      card("at work"),
      card("liaison", { roles: ["liaison"] }),
      card("on duty", { roles: ["liaison"], duty: true }),
      card("abroad", { state: "GT", duty: true }),
    ];
    expect(ids(people)).toEqual(["on duty", "at work", "away"]);
  });

  it("is the one who stands in for somebody suspended, as it was signed", () => {
    const signed = (deputy: string) =>
      new Map<string, Standing>([
        ["stopped", { level: "unverified", why: "person-revoked", deputy }],
      ]);
    const people = [
      card("stopped", { status: "suspended" }),
      card("deputy", { roles: ["liaison"] }),
      card("deputy abroad", { state: "GT" }),
      card("other", { status: "suspended" }),
    ];
    expect(ids(people, signed("deputy"))).toEqual(["stopped: deputy"]);
    expect(ids(people, signed("deputy abroad"))).toEqual([]);
    expect(ids(people, signed("other"))).toEqual([]);
    expect(ids(people)).toEqual([]);
  });

  it.each([
    ["has the function too", ["focal-point"], ["deputy: ", "stopped: deputy"]],
    ["has another one", ["signatory"], []],
    ["has none", [], []],
  ])("is for a function nobody's deputy but one who %s", (_, functions, reached) => {
    const people = [
      card("stopped", { status: "suspended", roles: ["liaison"], functions: ["focal-point"] }),
      card("deputy", { roles: ["liaison"], functions }),
    ];
    const standings = new Map<string, Standing>([
      ["stopped", { level: "unverified", why: "person-revoked", deputy: "deputy" }],
    ]);
    const asked = { people, standings, isAtWork: () => false };
    const found = reachedOf("MX", ["focal-point"], asked);
    const named = found.map(({ card: { id }, deputy }) => `${id}: ${deputy?.id ?? ""}`);
    expect(named).toEqual(reached);
  });
});
