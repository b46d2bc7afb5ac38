/** What people are and were, by the directory's log replayed here, whatever the host says of them. */

import { beforeAll, describe, expect, it } from "vitest";
import { BOUND, FROM, gained, lost, renewed, replayed } from "../../tests/terms";
import { binding, hours, type Log, revocation, uuidOf } from "../../tests/vectors/chain-links";
import type { Person } from "../api/schema";
import type { DirectoryLog } from "./directory/log";
import { People } from "./people";

let ana: string;
beforeAll(async () => {
  ana = await uuidOf("ana");
});
const AFTER = BOUND + 2;

async function peopleOf(log: Log, hour = AFTER): Promise<People> {
  const directory = await replayed(log);
  const sleep = () => Promise.resolve();
  return new People({ directory } as DirectoryLog, () => Date.parse(hours(hour)), sleep);
}

/** As the host lists her. */
const listed = (id: string, functions: string[]) =>
  ({ id, name: "x", post: "x", functions, stopped: null }) as unknown as Person;

describe("the functions of somebody whom the host lists", () => {
  it("are those of their signed designation, whatever the host says", async () => {
    const people = await peopleOf(await lost());
    expect(people.shown(listed(ana, ["signatory"])).functions).toEqual(["focal-point"]);
    expect(people.shown(listed(ana, [])).functions).toEqual(["focal-point"]);
  });

  it("are those of the term in force, not of one that has not begun", async () => {
    const log = await lost();
    expect((await peopleOf(log, FROM - 1)).shown(listed(ana, [])).functions).toEqual(["signatory"]);
  });

  it("are none where nobody has signed any", async () => {
    const people = await peopleOf(await lost());
    const nobody = listed(await uuidOf("nobody"), ["focal-point", "signatory"]);
    expect(people.shown(nobody).functions).toEqual([]);
  });

  it("are in the list also while they are stopped: that stands beside it", async () => {
    const log = await lost();
    await log.at(BOUND + 1).add("revocation", "ana", await revocation("ana", null), ["cora"]);
    const people = await peopleOf(log);
    expect(people.shown(listed(ana, [])).functions).toEqual(["focal-point"]);
    expect(people.carries(ana, "focal-point")).toBe(false);
  });
});

describe("whether somebody carries a function", () => {
  it.each([
    ["before the next term is bound", BOUND - 1, true, false],
    ["from its binding on", BOUND, false, true],
  ])("is by the log as it was then: %s", async (_when, hour, before, after) => {
    const people = await peopleOf(await lost());
    const at = Date.parse(hours(hour));
    expect(people.carried(ana, "SV", "signatory", at)).toBe(before);
    expect(people.carried(ana, "SV", "focal-point", at)).toBe(after);
    expect(people.carried(ana, "MX", after ? "focal-point" : "signatory", at)).toBe(false);
  });

  it("is now by what is known now", async () => {
    const people = await peopleOf(await gained());
    expect(people.carries(ana, "signatory")).toBe(true);
    expect(people.carries(ana, "focal-point")).toBe(false);
    const over = await peopleOf(await gained(), 400 * 24);
    expect(over.carries(ana, "signatory")).toBe(false);
  });

  it("is not of a moment before anybody vouched for them, nor while they were stopped", async () => {
    const log = await renewed({ functions: ["signatory"] }, { functions: ["signatory"] });
    await log.at(BOUND + 1).add("revocation", "ana", await revocation("ana", null), ["cora"]);
    const people = await peopleOf(log);
    const then = [-1, BOUND, BOUND + 2].map((hour) => Date.parse(hours(hour)));
    const signs = then.map((at) => people.carried(ana, "SV", "signatory", at));
    expect(signs).toEqual([false, true, false]);
    expect(people.carried(ana, "SV", "signatory", Number.NaN)).toBe(false);
  });
});

describe("what somebody was when they signed something", () => {
  it("is by the term that counted then, whatever day a later one names", async () => {
    const both = { roles: ["coordinator", "liaison"] };
    const down = await renewed(both, { roles: ["liaison"] });
    await down.put("binding", "ana", await binding("SV", "ana"), ["olga"]);
    const rolesOf = async (log: Log, hour: number) => {
      const people = await peopleOf(log);
      const signer = await people.signer(
        ana,
        await uuidOf("device of ana"),
        Date.parse(hours(hour)),
      );
      return [...(signer?.roles ?? [])].sort();
    };
    expect(await rolesOf(down, FROM + 10)).toEqual(["coordinator", "liaison"]);
    expect(await rolesOf(down, BOUND + 1)).toEqual(["liaison"]);
    const up = await renewed({ roles: ["liaison"] }, both);
    expect(await rolesOf(up, FROM + 10)).toEqual(["liaison"]);
    expect(await rolesOf(up, BOUND + 1)).toEqual(["coordinator", "liaison"]);
  });
});
