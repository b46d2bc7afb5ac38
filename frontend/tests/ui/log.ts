/** The public log as the fixture shows it: followed, with own acts in every stage. */

import type { CaseHubClient, Constancy, LogView } from "../../src/ui/client";
import type { Scene } from "./scenes";

const AT = "2026-11-20T15:46:00Z";
const WITNESSES = ["CA", "CR", "MX"];

/** As long as a thread is stopped in the fixture, its log is in alarm too: both must fit. */
export function logOf(scene: Scene): LogView {
  return {
    alarm:
      scene === "frozen"
        ? { code: "log-smaller", origin: "audit.casehub.example/2026", at: AT, lasting: false }
        : null,
    past: null,
    checked: AT,
    overdue: scene === "frozen",
    unchecked: scene === "empty",
    behind: scene === "regional",
    logs: [
      {
        origin: "audit.casehub.example/2026",
        size: 1_204,
        cosigned: WITNESSES,
        at: Date.parse(AT) / 1_000,
      },
      { origin: "dir.casehub.example", size: 417, cosigned: WITNESSES, at: Date.parse(AT) / 1_000 },
    ],
    pinned: false,
    settling: 0,
    unsettled: 0,
    late: 1,
    due: 0,
  };
}

function row(act: string, stage: Constancy["stage"], index: number | null): Constancy {
  const file = index !== null ? "proof" : "promise";
  const cosigned = index === null ? [] : WITNESSES;
  const log = index === null ? null : "acts-2026";
  return { name: `${act}-${stage}`, act, heard: AT, stage, index, log, cosigned, file };
}

export function constancyPart(): Pick<
  CaseHubClient,
  "constancy" | "constancyFile" | "logEvidence" | "startLogAnew"
> {
  return {
    constancy: async () => ({
      rows: [
        row("messaging.message.post", "promised", null),
        row("messaging.message.post", "settled", 1_203),
        row("cases.person.add", "late", null),
        row("cases.case.open", "due", null),
        row("directory.device.register", "wrong", null),
        row("cases.reader.add", "unopened", 1_180),
      ],
      unpromised: [{ act: "requests.turn.take", at: Date.parse(AT) }],
    }),
    constancyFile: async () => null,
    logEvidence: () => null,
    startLogAnew: async () => undefined,
  };
}
