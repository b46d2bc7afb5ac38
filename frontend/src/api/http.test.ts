import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ApiError, isExpected, isPassing, Malformed, Unreachable } from "./errors";
import { makeCall } from "./http";
import { makeRoutes } from "./routes";

type Sent = { url: string; init: RequestInit };

function server(answer: () => Response | Promise<Response>, csrf: string | null = "token") {
  const sent: Sent[] = [];
  const deps = {
    base: "http://x",
    fetch: async (url: string, init: RequestInit) => {
      sent.push({ url, init });
      return answer();
    },
    csrf: () => csrf,
    language: () => "fr",
  };
  return { sent, deps, call: makeCall(deps) };
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const shape = v.object({ ok: v.boolean() });

describe("a call", () => {
  it("sends the token, the language and the body, and parses the answer", async () => {
    const { call, sent } = server(() => json({ ok: true, later: 1 }));
    expect(await call("POST", "/thing", shape, { a: 1 })).toEqual({ ok: true });
    expect(sent[0]?.url).toBe("http://x/api/thing");
    expect(sent[0]?.init).toMatchObject({
      method: "POST",
      body: '{"a":1}',
      headers: { "X-CSRFToken": "token", "Accept-Language": "fr" },
    });
  });

  it("sends no token where nothing changes", async () => {
    const { call, sent } = server(() => json({ ok: true }));
    await call("GET", "/thing", shape);
    expect(sent[0]?.init.headers).not.toHaveProperty("X-CSRFToken");
  });

  it("turns a refusal into its code, words and parameters", async () => {
    const body = { code: "stale-epoch", message: "m", do: "d", params: { epoch: 3 } };
    const { call } = server(() => json(body, 409));
    const error = await call("GET", "/thing", shape).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ ...body, status: 409 });
    expect(isPassing(error)).toBe(false);
  });

  it.each([
    ["no network", () => Promise.reject(new TypeError("failed")), Unreachable, true],
    ["a proxy's page", () => new Response("<html>", { status: 502 }), Unreachable, true],
    ["a page that is no JSON", () => new Response("<html>"), Malformed, false],
    ["another shape", () => json({ ok: "yes" }), Malformed, false],
    ["a refusal without a code", () => json({ detail: "?" }, 400), ApiError, false],
    ["too many calls", () => json({ code: "too-many" }, 429), ApiError, true],
  ])("knows %s", async (_what, answer, kind, passing) => {
    const error = await server(answer)
      .call("GET", "/thing", shape)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(kind);
    expect(isPassing(error)).toBe(passing);
  });
});

describe("the routes", () => {
  it("carry bytes as base64url both ways", async () => {
    const chain = "AP8";
    const { deps, sent } = server(() => json({ seq: 1, epoch: 2, chain }));
    const bytes = Uint8Array.of(0, 255);
    const answer = await makeRoutes(deps).commit("t", {
      client_id: "c",
      epoch: 1,
      commit: bytes,
      group_info: bytes,
    });
    expect(answer).toEqual({ seq: 1, epoch: 2, chain: bytes });
    const body = JSON.parse(String(sent[0]?.init.body));
    expect(body).toEqual({ client_id: "c", epoch: 1, commit: "AP8", group_info: "AP8" });
  });
});

describe("what a program meets while it works by itself", () => {
  it.each([
    ["sign-in-needed", true],
    ["removal-pending", true],
    ["not-found", false],
    ["mls-refused", false],
  ])("%s is expected: %s", (code, expected) => {
    expect(isExpected(new ApiError(code, 409, "", "", {}))).toBe(expected);
  });
});
