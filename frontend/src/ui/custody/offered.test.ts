import { describe, expect, it } from "vitest";
import type { Message, SessionInfo, ThreadView } from "../client";
import { offersAsking, offersExport } from "./offered";

const session = (roles: readonly string[], reads_until: string | null = null) =>
  ({ reads_until, person: { id: "ana", state: "SV", roles } }) as unknown as SessionInfo;
const liaison = session(["liaison"]);
const thread = (status: ThreadView["status"]) => ({ status });

describe("a thread's page offers to take it to a court", () => {
  it.each([
    ["to whoever works on cases", liaison, "active", true],
    ["to the coordination", session(["coordinator"]), "active", true],
    ["to no auditor", session(["national-auditor"]), "active", false],
    ["not once a designation is over", session(["liaison"], "2026-12-01"), "active", false],
    ["not while this device is not in", liaison, "waiting", false],
    ["not of a thread that stands still", liaison, "frozen", false],
    ["not of a thread that was left", liaison, "left", false],
  ] as const)("%s", (_who, who, status, offered) => {
    expect(offersExport(who, thread(status as ThreadView["status"]))).toBe(offered);
  });
});

describe("a message's page offers to ask for leave for a court", () => {
  const court = { codes: ["court" as const] };
  const lawful = { codes: ["lawful" as const] };
  const brought = (person: string) => ({ person, handling: court });
  const file = { name: "acta.pdf", handling: court };
  it.each([
    ["of what is restricted", { handling: court }, true],
    ["of what has a restricted file alone", { text: "", files: [file] }, true],
    ["not of what is not", { handling: lawful }, false],
    ["not of one's own", { mine: true, handling: court }, false],
    ["not of what was withdrawn", { handling: court, withdrawn: {} }, false],
    ["not of what brings somebody else's", { handling: court, carried: brought("boris") }, false],
    ["of what brings one's own", { handling: court, carried: brought("ana") }, true],
  ])("%s", (_what, message, offered) => {
    const shown = { mine: false, text: "Sí", ...message } as unknown as Message;
    expect(offersAsking(liaison, shown, true)).toBe(offered);
  });

  it("where something can still be said, to whoever may export", () => {
    const message = { mine: false, handling: court } as unknown as Message;
    expect(offersAsking(liaison, message, false)).toBe(false);
    expect(offersAsking(session(["national-auditor"]), message, true)).toBe(false);
  });
});
