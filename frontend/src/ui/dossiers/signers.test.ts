// @vitest-environment happy-dom
/** Who may sign what is ready, and what its page says where nobody who reads it may. */

import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import { drawn } from "../../../tests/ui/mounted";
import type { Dossier, Person, RequestView } from "../client";
import type { Hub } from "../hub.svelte";
import { t } from "../words";
import SignersPart from "./SignersPart.svelte";
import { isToSign, signersOf, signNext } from "./signers";

afterEach(cleanup);

const person = (id: string, functions: string[], change: Partial<Person> = {}): Person => ({
  ...{ id, name: id, state: "SV", office: "", telephone: "", post: "", languages: [] },
  ...{ roles: ["liaison"], status: "in-force", valid_until: null, fictional: true, stopped: null },
  functions,
  ...change,
});
const BEGAN = person("drafter", ["signatory"]);
const SIGNS = person("signs", ["signatory"]);
const OTHERS = [
  person("reads", ["focal-point"]),
  person("over", ["signatory"], { status: "expired" }),
  person("abroad", ["signatory"], { state: "MX" }),
];
const PEOPLE = [BEGAN, SIGNS, ...OTHERS];
const DIRECTORY = t("notes.inDirectory", { state: "SV" });
const request = (people: string[]) =>
  ({ id: "r1", requestingState: "SV", drafter: "drafter", people }) as unknown as RequestView;
const READY = [{ act: "authorise", after: "", side: "requesting" as const, who: [] }];
const ready = (may: string[] = [], change: Partial<Dossier> = {}) =>
  ({ next: READY, case_closed: false, may, ...change }) as Dossier;

function told(readers: string[], me = "reads", may: string[] = [], people = PEOPLE) {
  const { iWrote, besides, writers } = signersOf(people, request(readers), { may }, me);
  const ids = (all: readonly Person[]) => all.map(({ id }) => id);
  return { iWrote, besides: besides && ids(besides), writers: ids(writers) };
}

describe("who may sign where nobody who reads it may", () => {
  it("are signatories in force of the requesting State, but for whoever began it", () => {
    const known = { iWrote: false, besides: ["signs"], writers: ["drafter"] };
    expect(told(["drafter", "reads"])).toEqual(known);
  });

  it("is not asked while one of them reads it", () => {
    expect(told(["drafter", "signs"], "signs", ["authorise"]).besides).toBeNull();
    expect(told(["drafter", "signs"]).besides).toBeNull();
  });

  it("are not those who wrote in it, as each is told by the server", () => {
    const known = { iWrote: true, besides: [], writers: ["drafter", "signs"] };
    expect(told(["drafter", "signs"], "signs")).toEqual(known);
    expect(told(["drafter", "reads"], "drafter").iWrote).toBe(true);
  });

  it("are told before it is made ready: those who read it, but for who began it and who makes it so", () => {
    const next = (readers: string[], me = "reads") =>
      signNext(PEOPLE, request(readers), me).map(({ id }) => id);
    expect(next(["drafter", "signs", "over", "abroad"])).toEqual(["signs"]);
    expect(next(["drafter", "signs"], "signs")).toEqual([]);
    expect(next(["drafter"])).toEqual([]);
  });

  it("may be nobody", () => {
    const nobody = { iWrote: false, besides: [], writers: [] };
    expect(told(["reads"], "reads", [], OTHERS)).toEqual(nobody);
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

describe("the page of what is ready", () => {
  function shown(people: Person[], readers: string[], me = "reads", found = ready()) {
    const named = (ids: string[]) => people.filter(({ id }) => ids.includes(id));
    const hub = { view: { people, cases: [] }, me, people: named, stateName: (one: string) => one };
    drawn(SignersPart, hub as unknown as Hub, {
      ...{ found, draft: request(readers) },
    });
    const part = screen.queryByRole("region", { name: t("signers.title") });
    return part && [...part.querySelectorAll("p")].map((line) => line.textContent);
  }

  it.each([
    ["who could", PEOPLE, [t("signers.besides", { people: "signs" }), t("signers.letIn")]],
    [
      "that whoever began it is the only one",
      [BEGAN, ...OTHERS],
      [t("signers.onlyWriters", { people: "drafter" })],
    ],
    [
      "that nobody could, and which coordination proposes somebody",
      [...OTHERS, person("coord", [], { roles: ["coordinator"] })],
      [t("signers.nobody"), t("signers.askCoordination", { people: "coord" }), DIRECTORY],
    ],
    [
      "that nobody could, and that without a coordination the ministry names one",
      [...OTHERS, person("mfa", [], { roles: ["ministry"], office: "RREE", telephone: "+503 1" })],
      [t("signers.nobody"), t("signers.askMinistry"), "RREE · +503 1", DIRECTORY],
    ],
  ])("says %s, where nobody who reads it may", (_, people, lines) => {
    expect(shown(people, ["drafter", "reads"])).toEqual(lines);
  });

  it("opens there who reads the draft, where one of them is let in", async () => {
    shown(PEOPLE, ["drafter", "reads"]);
    await fireEvent.click(screen.getByRole("button", { name: t("signers.letIn") }));
    const dialog = screen.getByRole("dialog", { name: t("drafters.title") });
    expect(within(dialog).getByText("reads")).toBeTruthy();
  });

  it("tells a signatory who wrote in it why they do not sign it, whoever else does", () => {
    const people = [...PEOPLE, person("also", ["signatory"])];
    const readers = ["drafter", "signs", "also"];
    expect(shown(people, readers, "signs")).toEqual([t("signers.wrote")]);
  });

  it.each([
    ["while one of them reads it", ["drafter", "signs"], ready()],
    ["where it waits for no signature", ["drafter"], ready([], { next: [] })],
  ])("says nothing %s", (_, readers, found) => {
    expect(shown(PEOPLE, readers, "reads", found)).toBeNull();
  });
});
