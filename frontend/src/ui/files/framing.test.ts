import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Show } from "../../viewer/port";
import { framed, type Told } from "./framing";

/** A frame of which the test is what stands in it. */
class Frame extends EventTarget {
  port: MessagePort | null = null;
  readonly contentWindow = {
    postMessage: (_data: unknown, _to: string, [port]: [MessagePort]) => {
      this.port = port;
    },
  };
}

const heard: unknown[][] = [];
const note =
  (name: string) =>
  (...what: unknown[]): void =>
    void heard.push([name, ...what]);
const told: Told = {
  shown: note("shown"),
  refused: note("refused"),
  drawn: note("drawn"),
  key: note("key"),
};
const SHOWN = { shown: { pages: 2, notes: [] } };
const SAID = ["shown", { pages: 2, notes: [] }];

/** What is handed over between ports comes a turn later. */
const turns = () => new Promise<void>((done) => setImmediate(() => setImmediate(done)));

function standing() {
  const frame = new Frame();
  const bytes = new Uint8Array([1, 2, 3]);
  const what: Show = { show: "text", bytes, language: "es", look: "light", label: "acta" };
  const link = framed(frame as unknown as HTMLIFrameElement, what, told);
  const load = () => frame.dispatchEvent(new Event("load"));
  const say = async (...all: unknown[]): Promise<void> => {
    for (const one of all) frame.port?.postMessage(one);
    await turns();
  };
  return { frame, bytes, link, load, say };
}

beforeEach(() => {
  heard.length = 0;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => void vi.useRealTimers());

describe("a frame that shows a file", () => {
  it("gets the bytes once it is ready, and the page has them no more", async () => {
    const { frame, bytes, link, load, say } = standing();
    const got: unknown[] = [];
    load();
    frame.port?.addEventListener("message", ({ data }) => got.push(data));
    frame.port?.start();
    await turns();
    expect([got, bytes.length]).toEqual([[], 3]);
    await say({ ready: true });
    expect(got).toMatchObject([{ show: "text", bytes: new Uint8Array([1, 2, 3]) }]);
    expect(bytes.length).toBe(0);
    link.stop();
  });

  it("is believed once, and not before it was given anything", async () => {
    const { link, load, say } = standing();
    load();
    await say(SHOWN);
    expect(heard).toEqual([]);
    await say({ ready: true }, SHOWN, SHOWN, { ready: true });
    expect(heard).toEqual([SAID]);
    link.stop();
  });

  it("is done with after a refusal, whatever it says then", async () => {
    const { load, say } = standing();
    load();
    await say({ ready: true }, { refused: "bomb" }, SHOWN, { refused: "two" }, { key: "close" });
    expect(heard).toEqual([["refused", "bomb"]]);
  });

  it("may still be refused when a later page turns out to be too much", async () => {
    const { load, say } = standing();
    load();
    await say({ ready: true }, SHOWN, { refused: "bomb" });
    expect(heard).toEqual([SAID, ["refused", "bomb"]]);
  });

  it.each([
    ["whose page does not come", [], 60_000],
    ["that draws nothing", [{ ready: true }], 20_000],
  ])("%s is given up", async (_, says, ms) => {
    const { load, say } = standing();
    if (says.length > 0) load();
    await say(...says);
    vi.advanceTimersByTime(ms - 1);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(heard).toEqual([["refused", "late"]]);
  });

  it("that does not draw another page in time is given up", async () => {
    const { link, load, say } = standing();
    load();
    await say({ ready: true }, SHOWN);
    vi.advanceTimersByTime(3_600_000);
    link.turn({ page: 2, zoom: 1, label: "" });
    vi.advanceTimersByTime(20_000);
    expect(heard).toEqual([SAID, ["refused", "late"]]);
  });

  it("that draws one page and then another one never is given up", async () => {
    const { link, load, say } = standing();
    load();
    await say({ ready: true }, SHOWN);
    link.turn({ page: 2, zoom: 1, label: "acta" });
    link.turn({ page: 3, zoom: 1, label: "acta" });
    await say({ drawn: 2 });
    vi.advanceTimersByTime(20_000);
    expect(heard.at(-1)).toEqual(["refused", "late"]);
  });

  it("that goes to another page is given up", async () => {
    const { load } = standing();
    load();
    load();
    expect(heard).toEqual([["refused", "late"]]);
  });

  it("is not heard after it was closed", async () => {
    const { frame, link, load, say } = standing();
    load();
    await say({ ready: true });
    link.stop();
    await say(SHOWN);
    vi.advanceTimersByTime(60_000);
    expect(heard).toEqual([]);
    frame.port?.close();
  });
});
