import { beforeEach, describe, expect, it, vi } from "vitest";
import { notices } from "./notices.svelte";

function codes(): string[] {
  return notices.failures.map((notice) => notice.error.code);
}

beforeEach(() => notices.clear());

describe("an error", () => {
  it("of the connection goes when the server answers again, others stay", () => {
    notices.fail({ code: "unreachable" });
    notices.fail({ code: "not-allowed" });
    notices.reconnected();
    expect(codes()).toEqual(["not-allowed"]);
  });

  it("goes when somebody else signs in", () => {
    notices.fail({ code: "not-allowed" });
    notices.clear();
    expect(codes()).toEqual([]);
  });
});

describe("a success", () => {
  it("is drawn for five seconds and stays in the live region", () => {
    vi.useFakeTimers();
    notices.say("Hecho");
    vi.advanceTimersByTime(4_999);
    expect(notices.visible).toBe(true);
    vi.advanceTimersByTime(1);
    expect([notices.visible, notices.said]).toEqual([false, "Hecho"]);
    vi.useRealTimers();
  });

  it("is not drawn as one where what was done still waits", () => {
    notices.say("Aún no sale", "warn");
    expect(notices.tone).toBe("warn");
    notices.say("Hecho");
    expect(notices.tone).toBe("ok");
  });
});
