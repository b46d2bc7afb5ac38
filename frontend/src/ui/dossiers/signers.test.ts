import { describe, expect, it } from "vitest";
import type { Dossier, Person, RequestView } from "../client";
import { isToSign, signersBesides } from "./signers";

const person = (id: string, functions: string[], change: Partial<Person> = {}): Person => ({
  ...{ id, name: id, state: "SV", office: "", telephone: "", post: "", languages: [] },
  ...{ roles: ["liaison"], status: "in-force", valid_until: null, fictional: true, stopped: null },
  functions,
  ...change,
});
const PEOPLE = [
  person("drafter", ["signatory"]),
  person("reads", ["focal-point"]),
  person("signs", ["signatory"]),
  person("over", ["signatory"], { status: "expired" }),
  person("abroad", ["signatory"], { state: "MX" }),
];
const request = (people: string[]) =>
  ({ requestingState: "SV", drafter: "drafter", people }) as unknown as RequestView;
const besides = (people: string[]) => signersBesides(PEOPLE, request(people))?.map(({ id }) => id);

describe("who may sign where nobody who reads it may", () => {
  it("are signatories in force of the requesting State, but for whoever began it", () => {
    expect(besides(["drafter", "reads"])).toEqual(["signs"]);
  });

  it("is not asked while one of them reads it", () => {
    expect(besides(["drafter", "signs"])).toBeUndefined();
  });

  it("may be nobody", () => {
    const few = PEOPLE.filter(({ id }) => id !== "signs");
    expect(signersBesides(few, request(["drafter"]))).toEqual([]);
  });

  it.each([
    [["authorise", "withdraw"], false, true],
    [["transmit"], false, false],
    [["authorise"], true, false],
  ])("is asked of what waits to be signed: %j, closed %s", (acts, case_closed, is) => {
    const next = acts.map((act) => ({ act, after: "", side: "requesting" as const, who: [] }));
    expect(isToSign({ next, case_closed } as unknown as Dossier)).toBe(is);
  });
});
