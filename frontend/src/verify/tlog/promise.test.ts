import { describe, expect, it } from "vitest";
import { RECEIPTS } from "../../../tests/vectors/receipts";
import { TLOG } from "../../../tests/vectors/tlog";
import { leafHash } from "./merkle";
import { Policy } from "./policy";
import { noteOf, originsOf, parsePromise, parsePromises, verifyPromise } from "./promise";
import { Malformed, Unproven } from "./refusal";
import { fromBase64, toBase64 } from "./text";

const policy = await Policy.parse(
  `log ${TLOG.log.vkey}\nlog ${RECEIPTS.promise_vkey}\nquorum none\n`,
);
const [first] = RECEIPTS.events;
const line = first?.promise ?? "";

describe("a promise", () => {
  it.each(RECEIPTS.events)("is the log's word for the entry: $promise", async (one) => {
    const promised = parsePromise(one.promise);
    await verifyPromise(promised, policy);
    expect(promised.hash).toBe(toBase64(await leafHash(fromBase64(one.leaf))));
    expect(noteOf(promised)).toBe(one.note);
  });

  it("comes with others in one header, or there is none", () => {
    const header = RECEIPTS.events.map(({ promise }) => promise).join(", ");
    expect(parsePromises(header).map(({ event }) => event)).toEqual([100, 101, 102]);
    expect(parsePromises("")).toEqual([]);
  });

  it.each([
    ["the time", { time: 1 }],
    ["the hash", { hash: otherHash() }],
    ["the log", { origin: "audit.example/2027" }],
  ])("of which %s was changed is nobody's word", async (_, change) => {
    const bent = { ...parsePromise(line), ...change };
    await expect(verifyPromise(bent, policy)).rejects.toThrow(Unproven);
  });

  it("signed by the log's other key is none", async () => {
    const strangers = await Policy.parse(`log ${TLOG.log.vkey}\nquorum none\n`);
    await expect(verifyPromise(parsePromise(line), strangers)).rejects.toThrow(Unproven);
  });

  it.each([
    "",
    "1 audit.example 2",
    `${line} more`,
    line.replace("audit.example", "audit example"),
    line.replace(/^100/, "0100"),
    line.replace(/\d+ audit/, "-1 audit"),
  ])("is not %j", (text) => {
    expect(() => parsePromise(text)).toThrow(Malformed);
  });

  it("has a key that is no log to follow", () => {
    expect(originsOf(policy)).toEqual([RECEIPTS.origin]);
  });
});

function otherHash(): string {
  return parsePromise(RECEIPTS.events[1]?.promise ?? "").hash;
}
