import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { makeApi } from "./api";
import { ApiError } from "./errors";
import { makeCall } from "./http";
import { Pace } from "./pace";

const over = (kind: string) =>
  new Response(JSON.stringify({ code: "too-many", message: "m", do: "d", params: { kind } }), {
    status: 429,
  });
const good = () => new Response('{"ok":true}');
const shape = v.object({ ok: v.boolean() });

/** A server that answers as it is told, and a clock that goes on when it is asked to. */
function scene(answers: (() => Response)[]) {
  const sent: string[] = [];
  const waits: { ms: number; over: () => void }[] = [];
  const pace = new Pace((ms) => new Promise((done) => waits.push({ ms, over: done })));
  const deps = {
    base: "",
    fetch: async (url: string) => {
      sent.push(url);
      return (answers.shift() ?? good)();
    },
    csrf: () => "token",
    language: () => "es",
    pace,
  };
  const settle = () => new Promise((done) => setTimeout(done, 0));
  return { sent, waits, deps, settle, call: makeCall(deps) };
}

describe("a call over the session's rate", () => {
  it.each(["http", "person"])("waits a second and is made again (%s)", async (kind) => {
    const { sent, waits, settle, call } = scene([() => over(kind), () => over(kind)]);
    const answer = call("POST", "/thing", shape, {});
    for (const made of [1, 2]) {
      await settle();
      expect([sent.length, waits.length, waits.at(-1)?.ms]).toEqual([made, made, 1_000]);
      waits.at(-1)?.over();
    }
    expect(await answer).toEqual({ ok: true });
    expect(sent.length).toBe(3);
  });

  it("holds back what is asked meanwhile, in one pause for all", async () => {
    const { sent, waits, settle, call } = scene([() => over("http"), () => over("http")]);
    const first = [call("GET", "/a", shape), call("GET", "/b", shape)];
    await settle();
    const later = call("GET", "/c", shape);
    await settle();
    expect([sent, waits.length]).toEqual([["/api/a", "/api/b"], 1]);
    waits[0]?.over();
    await Promise.all([...first, later]);
    expect([...sent].sort()).toEqual(["/api/a", "/api/a", "/api/b", "/api/b", "/api/c"]);
  });

  it("is told to whoever was turned away thirty times more", async () => {
    const { sent, waits, settle, call } = scene(
      Array.from({ length: 40 }, () => () => over("http")),
    );
    const answer = call("GET", "/a", shape).catch((error: unknown) => error);
    for (let round = 0; round < 31; round += 1) {
      await settle();
      waits.at(-1)?.over();
    }
    expect(await answer).toBeInstanceOf(ApiError);
    expect(sent.length).toBe(31);
  });

  it.each(["sign-in", "passkey", "claim", "version"])(
    "of another rate is told at once (%s)",
    async (kind) => {
      const { waits, call } = scene([() => over(kind)]);
      await expect(call("POST", "/a", shape, {})).rejects.toMatchObject({ status: 429 });
      expect(waits).toEqual([]);
    },
  );

  it("waits together with the files of the log", async () => {
    const { sent, waits, settle, deps } = scene([() => over("http")]);
    const socket = {
      url: "",
      open: () => Promise.reject(),
      timers: { after: () => () => undefined },
    };
    const api = makeApi(deps, socket as unknown as Parameters<typeof makeApi>[1]);
    const read = api.publicLog?.policy();
    await settle();
    const list = api.publicLog?.list().catch(() => undefined);
    await settle();
    expect(sent).toEqual(["/api/log/policy"]);
    waits[0]?.over();
    await Promise.all([read, list]);
    expect([...sent].sort()).toEqual(["/api/log", "/api/log/policy", "/api/log/policy"]);
  });
});
