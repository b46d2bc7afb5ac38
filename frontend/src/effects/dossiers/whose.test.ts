/** By what somebody signed, in the log as it is replayed: a term counts from its binding on. */

import { describe, expect, it } from "vitest";
import { dossier, type Known, seeds, signed } from "../../../tests/moves";
import { BOUND, FROM, gained, lost, OFFICERS, renewed, replayed, said } from "../../../tests/terms";
import {
  binding,
  good,
  hours,
  keyOf,
  LATER,
  type Log,
  revocation,
  seedOf,
  uuidOf,
} from "../../../tests/vectors/chain-links";
import type { MoveRow } from "../../api/dossiers";
import { isSound, judged } from "./judging";
import { whose } from "./whose";

/** What she gave herself out as in what she signed so many hours after the start. */
const byHer = async (hour: number) => ({
  issued: hours(hour),
  person: await uuidOf("ana"),
  state: "SV",
  name: "ana",
  device: await uuidOf("device of ana"),
  key: await keyOf("signature of ana"),
});

async function verdict(log: Log, hour: number, as = "signatory") {
  return whose(await byHer(hour), [as], await replayed(log));
}

describe("by what somebody signed", () => {
  it.each([
    ["before the new term's day", FROM - 10, "ok", "key"],
    ["between its day and its binding", FROM + 10, "ok", "key"],
    ["just before its binding", BOUND - 0.2, "ok", "ok"],
    ["just after it, by another clock", BOUND + 0.2, "ok", "ok"],
    ["after its binding", BOUND + 1, "key", "ok"],
  ])("is what their designation said then: %s", async (_when, hour, had, got) => {
    expect(await verdict(await lost(), hour)).toBe(had);
    expect(await verdict(await gained(), hour)).toBe(got);
  });

  it("is by roles as by functions", async () => {
    const log = await renewed({ roles: ["coordinator", "liaison"] }, { roles: ["liaison"] });
    await log.put("binding", "ana", await binding("SV", "ana"), ["olga"]);
    expect(await verdict(log, FROM + 10, "coordinator")).toBe("ok");
    expect(await verdict(log, BOUND + 1, "coordinator")).toBe("key");
    const up = await renewed({}, { roles: ["coordinator", "liaison"] });
    expect(await verdict(up, FROM + 10, "coordinator")).toBe("key");
    expect(await verdict(up, BOUND + 1, "coordinator")).toBe("ok");
  });

  it("is also what they were for some minutes between two others", async () => {
    const log = await renewed({}, { functions: ["signatory"] });
    const term = { ...(await said({})), from: hours(FROM), until: LATER };
    await log.add("designation", "ana 3", term, OFFICERS);
    const hands = await binding("SV", "ana", "ana", "ana 3");
    await log.at(BOUND + 0.1).add("binding", "ana 3", hands, ["cora"]);
    expect(await verdict(log, BOUND + 0.05)).toBe("ok");
    expect(await verdict(log, BOUND + 1)).toBe("key");
  });

  it("is the term before, where nobody vouched for a key in the next", async () => {
    const log = await renewed({ functions: ["signatory"] }, { functions: [] }, null);
    expect(await verdict(log, BOUND + 1)).toBe("ok");
  });

  it("counts from a first binding on, for clocks that are behind it", async () => {
    const log = (await good()).without("device", "cora");
    const rest = log.entries.splice(log.entries.findIndex(({ name }) => name === "binding ana"));
    log.entries.push(...rest.map((one) => ({ ...one, at: hours(24) })));
    const known = await replayed(log);
    expect(known.refused.size).toBe(0);
    const first = (hour: number) => verdict(log, hour, "liaison");
    expect([await first(23.8), await first(24), await first(25)]).toEqual(["ok", "ok", "ok"]);
    expect(await first(12)).toBe("key");
  });

  it("is judged by the stops and keys that are known now", async () => {
    const log = await good();
    await log.at(90).add("revocation", "ana", await revocation("ana", null), ["cora"]);
    expect(await verdict(log, 70, "liaison")).toBe("former");
    expect(await verdict(log, 95, "liaison")).toBe("key");
  });

  it("leaves a record as sound after a renewal as it was before", async () => {
    const { person, device, key, ...her } = await byHer(FROM + 10);
    seeds.set(person, new Uint8Array(await seedOf("signature of ana")));
    const step = await signed({ by: person, ...her, device, key, on: her.issued.slice(0, 10) });
    const record = dossier([step as MoveRow]);
    const known: Known = await replayed(await lost());
    expect(isSound(await judged(record, known, "SV"))).toBe(true);
    const none: Known = await replayed(await gained());
    expect(isSound(await judged(record, none, "SV"))).toBe(false);
  });
});
