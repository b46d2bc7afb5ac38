import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Deadline } from "../../api/deadlines";
import type { View } from "../client";
import { dueOf } from "../inbox/due.svelte";
import { paths } from "../routes";
import { waitsAt } from "../shell/waiting.svelte";
import { requestDays } from "./days.svelte";

const day = (over: Partial<Deadline> = {}): Deadline => ({
  kind: "request-answer",
  ends: "2026-12-16T06:00:00Z",
  state: "SV",
  zone: "America/El_Salvador",
  last: "2026-12-15",
  left: 7,
  closed: "",
  request: "r1",
  circle: null,
  reminded: 7,
  ...over,
});
const SESSION = { person: { id: "ana", state: "SV", roles: ["liaison"] }, reads_until: null };
const view = (requests: unknown[] = []) =>
  ({
    session: SESSION,
    joinings: [],
    exports: [],
    cases: [],
    notes: [],
    keeping: { cases: [], notes: [] },
    requests,
  }) as unknown as View;

/** A server that answers with these one after the other, and a way to ring. */
function server(...answers: Deadline[][]) {
  let ring = (): void => undefined;
  const client = {
    deadlines: vi.fn(async (_of?: "requests") => answers.shift() ?? []),
    dossiers: {
      onMoved: (listener: () => void) => {
        ring = listener;
        return () => undefined;
      },
    },
  };
  return {
    client: client as unknown as Parameters<typeof requestDays.follow>[0],
    asked: client.deadlines,
    once: () => ring(),
    ring: async () => {
      vi.useFakeTimers();
      for (let times = 0; times < 5; times += 1) ring();
      await vi.advanceTimersByTimeAsync(2_000);
      vi.useRealTimers();
    },
  };
}
let stop = (): void => undefined;
beforeEach(() => {
  const seen = { visibilityState: "visible", addEventListener() {}, removeEventListener() {} };
  vi.stubGlobal("document", seen);
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

describe("days of requests", () => {
  it("are counted in the bar once somebody was reminded, or they are over", async () => {
    const rows = [
      day(),
      day({ kind: "request-deadline", reminded: null, left: 30 }),
      day({ kind: "request-review", reminded: null, left: null }),
      day({ kind: "notice", request: null, reminded: null, left: null }),
    ];
    await requestDays.look(server(rows).client);
    expect(waitsAt(paths.deadlines, view()).count).toBe(2);
  });

  it("stand in the inbox with the title that this device knows, and lead to the request", async () => {
    await requestDays.look(server([day()]).client);
    const [known] = dueOf(view([{ id: "r1", title: "Cuentas" }]));
    expect([known?.href, known?.at]).toEqual([paths.dossier("r1"), day().ends]);
    expect(known?.of).toContain("Cuentas");
    expect(dueOf(view())[0]?.of).not.toContain("Cuentas");
  });

  it("are told of when a reminder came while the page was open, and not when it was opened", async () => {
    const said = vi.fn();
    const { client, ring } = server([day({ reminded: 7 })], [day({ reminded: 3 })]);
    stop = requestDays.follow(client, said);
    await vi.waitFor(() => expect(requestDays.rows).not.toBeNull());
    expect(said).not.toHaveBeenCalled();
    await ring();
    expect(said).toHaveBeenCalledTimes(1);
  });

  it("are told of where the page of a request finds the reminder first", async () => {
    const said = vi.fn();
    const { client } = server(
      [day({ reminded: 7 })],
      [day({ reminded: 3 })],
      [day({ reminded: 1 })],
    );
    stop = requestDays.follow(client, said);
    await vi.waitFor(() => expect(requestDays.rows).not.toBeNull());
    await requestDays.look(client);
    expect(said).toHaveBeenCalledTimes(1);
    stop();
    await requestDays.look(client);
    expect(said).toHaveBeenCalledTimes(1);
  });

  it("are not told of again where nothing came", async () => {
    const said = vi.fn();
    const { client, ring, asked } = server([day()], [day()]);
    stop = requestDays.follow(client, said);
    await vi.waitFor(() => expect(requestDays.rows).not.toBeNull());
    await ring();
    expect(asked).toHaveBeenCalledTimes(2);
    expect(said).not.toHaveBeenCalled();
  });

  it.each([
    ["once for a step that the page of its request has looked after", true, 2],
    ["once more where it had looked before it rang", false, 3],
  ])("are asked for %s", async (_, rangFirst, times) => {
    const { client, once, asked } = server([day()], [day()], [day()]);
    vi.useFakeTimers();
    stop = requestDays.follow(client, () => undefined);
    await vi.advanceTimersByTimeAsync(0);
    if (rangFirst) once();
    await requestDays.look(client);
    if (!rangFirst) once();
    await vi.advanceTimersByTimeAsync(2_000);
    vi.useRealTimers();
    expect(asked).toHaveBeenCalledTimes(times);
    expect(new Set(asked.mock.calls.flat())).toEqual(new Set(["requests"]));
  });

  it.each([
    [true, 1],
    [false, 2],
  ])("are looked at each minute where nothing rings (hears: %s)", async (hears, times) => {
    const { client, asked } = server([day()], [day()]);
    vi.useFakeTimers();
    stop = requestDays.follow(client, () => undefined, hears);
    await vi.advanceTimersByTimeAsync(61_000);
    vi.useRealTimers();
    expect(asked).toHaveBeenCalledTimes(times);
  });

  it("are forgotten when nobody follows any more", async () => {
    const { client } = server([day()]);
    stop = requestDays.follow(client, () => undefined);
    await vi.waitFor(() => expect(requestDays.rows).not.toBeNull());
    stop();
    expect(requestDays.rows).toBeNull();
  });

  it("of what one was asked informally stand in the inbox too, and lead to where one answers", async () => {
    const asked = { kind: "consultation" as const, request: null, left: 1 };
    const rows = [day({ ...asked, circle: "c1" }), day({ ...asked, circle: "c2" })];
    await requestDays.look(server(rows).client);
    const known = { thread: { circle: "c1", name: "Fondos" } };
    const due = dueOf({ ...view(), notes: [known] } as unknown as View);
    expect(due.map(({ href }) => href)).toEqual([paths.note("c1"), paths.note("c2")]);
    expect(new Set(due.map(({ id }) => id)).size).toBe(2);
    expect(due.map(({ of }) => of.includes("Fondos"))).toEqual([true, false]);
    expect(waitsAt(paths.deadlines, view()).count).toBe(2);
  });
});
