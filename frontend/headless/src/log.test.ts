import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LogInHand, vkeyOfLog } from "../../tests/vectors/log";
import { type Told, watchLogs } from "./log";

let memory = "";
beforeEach(() => {
  memory = mkdtempSync(join(tmpdir(), "watching-"));
});
afterEach(() => rmSync(memory, { recursive: true }));

/** A server with one log, and a policy that knows another one of 2027. */
async function watched(now: string) {
  const log = await LogInHand.of(3);
  const policy = `log ${await vkeyOfLog("audit.example/2027")}\n${log.policyText}`;
  const body: Record<string, () => Promise<BodyInit>> = {
    "/policy": async () => log.policyText,
    "": async () => JSON.stringify([{ name: "acts", origin: log.origin }]),
    "/acts/checkpoint": () => log.note(3),
  };
  const fetch = async (url: string) => {
    const path = url.slice("http://log/api/log".length);
    const known = body[path] ?? (async () => (await log.read(path.slice("/acts/".length))).slice());
    return new Response(await known());
  };
  const said: Told[] = [];
  const clock = () => Date.parse(now);
  const out = (line: Told) => said.push(line);
  const code = await watchLogs({ policy, memory, url: "http://log", clock, fetch, out });
  return { code, said, holds: said.map(({ holds }) => holds) };
}

describe("a policy that holds the key of a log which the server has not", () => {
  it("is waited for as long as its year has not begun", async () => {
    const { code, holds, said } = await watched("2026-12-31T23:59:59Z");
    expect(said.map(({ why }) => why)).toContain("its year has not begun");
    expect([code, holds]).toEqual([0, [null, true]]);
  });

  it("decides nothing once it has", async () => {
    expect((await watched("2027-01-01T00:00:00Z")).code).toBe(2);
  });
});
