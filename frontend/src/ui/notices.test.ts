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

  it("is not taken from who did it by what is told of its own accord, which follows it", () => {
    vi.useFakeTimers();
    notices.say("Paso firmado");
    notices.tell("Se acerca un plazo");
    notices.tell("Se acerca un plazo");
    vi.advanceTimersByTime(4_999);
    expect(notices.said).toBe("Paso firmado");
    vi.advanceTimersByTime(1);
    expect([notices.visible, notices.said]).toEqual([true, "Se acerca un plazo"]);
    notices.say("Hecho");
    vi.advanceTimersByTime(5_000);
    expect([notices.visible, notices.said]).toEqual([false, "Hecho"]);
    notices.tell("Se acerca un plazo");
    expect(notices.said).toBe("Se acerca un plazo");
    notices.tell("Otro");
    notices.clear();
    vi.advanceTimersByTime(5_000);
    expect([notices.visible, notices.said]).toEqual([false, ""]);
    vi.useRealTimers();
  });

  it("is not drawn as one where what was done still waits", () => {
    notices.say("Aún no sale", "warn");
    expect(notices.tone).toBe("warn");
    notices.say("Hecho");
    expect(notices.tone).toBe("ok");
  });
});
