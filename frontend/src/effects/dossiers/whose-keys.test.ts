/** By whose key, in the log as it was then: what was stopped signs nothing, and what came later takes nothing. */

import { describe, expect, it } from "vitest";
import { OFFICERS, replayed } from "../../../tests/terms";
import {
  binding,
  designation,
  designationThree,
  type Fields,
  good,
  hours,
  keyOf,
  type Log,
  revocation,
  uuidOf,
} from "../../../tests/vectors/chain-links";
import { type Whose, whose } from "./whose";

/** Ana, a liaison who signs for her State, with a device; and Cena of its central authority, with none. */
async function both(): Promise<Log> {
  const log = await good();
  const ana = { ...(await designationThree("SV", "ana", ["liaison"])), functions: ["signatory"] };
  await log.put("designation", "ana", ana, OFFICERS);
  const cena = await designation("SV", "cena", ["central-authority"]);
  await log.at(0).add("designation", "cena", cena, OFFICERS);
  await log.add("binding", "cena", await binding("SV", "cena"), ["cora"]);
  return log;
}

/** What Ana signed so many hours after the start by her device, and Cena by her key, or by another. */
async function verdicts(log: Log, hour: number, keys = { ana: "signature of ana", cena: "cena" }) {
  const known = await replayed(log);
  expect(known.refused.size).toBe(0);
  const signed = async (name: "ana" | "cena", device: string | null) => ({
    ...{ issued: hours(hour), person: await uuidOf(name), state: "SV", name },
    ...{ device: device && (await uuidOf(device)), key: await keyOf(keys[name]) },
  });
  return {
    ana: whose(await signed("ana", "device of ana"), ["signatory"], known),
    cena: whose(await signed("cena", null), ["central-authority"], known),
  };
}

const stop = async (log: Log, hour: number, name: string, of: string | null = null) =>
  log.at(hour).add("revocation", `${name} ${hour}`, await revocation(name, of), ["cora"]);

const back = async (log: Log, hour: number, name: string, from: number) => {
  const revokes = await log.digest("revocation", `${name} ${from}`);
  const fields: Fields = { state: "SV", person: await uuidOf(name), revokes };
  await log.at(hour).add("reinstatement", `${name} ${from}`, fields, ["cora", "olga"]);
};

const oneHandStops = (log: Log, hour: number) =>
  log.at(hour).add("state-stop", "s", { state: "SV", reason: "prueba" }, ["olga"]);

describe("a device that was ended", () => {
  it.each<[string, number, Whose]>([
    ["long before", 40, "former"],
    ["just before it", 59.9, "former"],
    ["just after, by a clock that is behind", 60.1, "former"],
    ["an hour after", 61, "key"],
    ["months after", 2400, "key"],
  ])("at hour 60 signs what is dated %s: %d", async (_, hour, verdict) => {
    const log = await both();
    await stop(log, 60, "ana", "device of ana");
    expect((await verdicts(log, hour)).ana).toBe(verdict);
  });
});

describe("a key that was replaced", () => {
  it.each<[number, Whose]>([
    [40, "former"],
    [61, "key"],
  ])("at hour 60 signs at hour %d by itself and by its devices", async (hour, verdict) => {
    const log = await both();
    for (const name of ["ana", "cena"]) {
      const key = await binding("SV", name, `${name} new`, name);
      await log.at(60).add("binding", `${name} 2`, key, ["cora", "olga", "omar"]);
    }
    expect(await verdicts(log, hour)).toEqual({ ana: verdict, cena: verdict });
  });

  it("is no device's, whatever its person became", async () => {
    const log = await both();
    await stop(log, 30, "cena");
    expect(
      (await verdicts(log, 70, { ana: "signature of ana", cena: "signature of ana" })).cena,
    ).toBe("key");
    const changed = await good();
    const term = { ...(await designation("SV", "ana", ["central-authority"])), from: hours(60) };
    await changed.at(60).add("designation", "ana 2", term, OFFICERS);
    await changed.add("binding", "ana 2", await binding("SV", "ana", "ana", "ana 2"), ["cora"]);
    const known = await replayed(changed);
    const by = { issued: hours(70), person: await uuidOf("ana"), state: "SV", name: "ana" };
    const as = (key: string) => whose({ ...by, device: null, key }, ["central-authority"], known);
    expect(as(await keyOf("signature of ana"))).toBe("key");
    expect(as(await keyOf("ana"))).toBe("ok");
  });
});

describe("somebody who was stopped", () => {
  it.each<[string, number, Whose, Whose]>([
    ["before", 15, "ok", "former"],
    ["meanwhile", 25, "key", "key"],
    ["once they are back, whose old devices stay ended", 35, "ok", "key"],
  ])("and is back signed nothing meanwhile: %s", async (_, hour, cena, ana) => {
    const log = await both();
    for (const name of ["ana", "cena"]) await stop(log, 20, name);
    for (const name of ["ana", "cena"]) await back(log, 30, name, 20);
    expect(await verdicts(log, hour)).toEqual({ cena, ana });
  });

  it("again, loses nothing of what they signed between", async () => {
    const log = await both();
    await stop(log, 20, "cena");
    await back(log, 30, "cena", 20);
    expect((await verdicts(log, 40)).cena).toBe("ok");
    await stop(log, 60, "cena");
    expect((await verdicts(log, 40)).cena).toBe("former");
  });

  it("after an hour in which their State was, loses nothing of what they signed after that", async () => {
    const log = await both();
    await oneHandStops(log, 20);
    expect(await verdicts(log, 40)).toEqual({ ana: "ok", cena: "ok" });
    await stop(log, 60, "cena");
    await stop(log, 60, "ana", "device of ana");
    expect(await verdicts(log, 40)).toEqual({ ana: "former", cena: "former" });
    expect(await verdicts(log, 20.5)).toEqual({ ana: "key", cena: "key" });
  });
});

describe("clocks that go apart", () => {
  it.each<[number, Whose]>([
    [79.9, "ok"],
    [80.1, "former"],
    [81, "key"],
  ])("take what is dated at hour %d of a term that ends at hour 80", async (hour, verdict) => {
    const log = await both();
    const until = { ...(await designation("SV", "cena", ["central-authority"])), until: hours(80) };
    await log.put("designation", "cena", until, OFFICERS);
    await log.put("binding", "cena", await binding("SV", "cena"), ["cora"]);
    expect((await verdicts(log, hour)).cena).toBe(verdict);
  });
});

describe("a name", () => {
  it("that was given later takes nothing from what was signed by the one before", async () => {
    const log = await both();
    const term = await designation("SV", "cena", ["central-authority"]);
    const later = { ...term, name: "Cena Segunda", from: hours(90) };
    await log.at(90).add("designation", "cena 2", later, OFFICERS);
    await log.add("binding", "cena 2", await binding("SV", "cena", "cena", "cena 2"), ["cora"]);
    const known = await replayed(log);
    const by = { person: await uuidOf("cena"), state: "SV", device: null };
    const key = await keyOf("cena");
    const named = (name: string, hour: number) =>
      whose({ ...by, key, name, issued: hours(hour) }, ["central-authority"], known);
    expect(known.refused.size).toBe(0);
    expect(named("cena", 40)).toBe("ok");
    expect(named("Cena Segunda", 91)).toBe("ok");
    expect(named("Cena Tercera", 91)).toBe("key");
  });
});

describe("a log that took over from another", () => {
  it("has of what was signed before it what it says of that day, and no more", async () => {
    const log = await both();
    log.entries.splice(
      0,
      log.entries.length,
      ...log.entries.map((one) => ({ ...one, at: hours(60) })),
    );
    expect(await verdicts(log, 40)).toEqual({ ana: "ok", cena: "ok" });
    expect(await verdicts(log, -1)).toEqual({ ana: "key", cena: "key" });
    await stop(log, 70, "ana", "device of ana");
    await stop(log, 70, "cena");
    expect(await verdicts(log, 40)).toEqual({ ana: "former", cena: "former" });
  });
});
