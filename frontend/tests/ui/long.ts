/** Ten thousand messages in one thread, handed out as the client hands them out. */

import type { Line } from "../../src/ui/client";

const COUNT = 10_000;
const WINDOW = 500;
const BEGAN = Date.parse("2026-09-01T12:00:00Z");
const EVERY_MS = 10 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** After so many messages nothing is said for three days: none on 23 and 24 September in El Salvador. */
const PAUSE_AFTER = 3000;

function messageOf(seq: number): Line {
  const pause = seq > PAUSE_AFTER ? 3 * DAY_MS : 0;
  const at = new Date(BEGAN + seq * EVERY_MS + pause).toISOString();
  const person = seq % 3 === 0 ? "p-lo" : "p-rc";
  const text = `Mensaje ${seq} de la ruta`;
  const whose = { person, device: `d-${person}`, mine: false };
  return {
    kind: "message",
    message: { id: `l${seq}`, seq, at, ...whose, text, status: "received" },
  };
}

export const LONG: Line[] = Array.from({ length: COUNT }, (_, at) => messageOf(at + 1));

const seqOf = (line: Line): number =>
  (line.kind === "message" ? line.message.seq : line.seq) ?? Number.POSITIVE_INFINITY;

/** What a page asks of a thread's lines, and of one that was refused. */
export function linesPart(linesOf: (circle: string) => Line[]) {
  return {
    resendPlain: async () => undefined,
    lines: async (circle: string, { limit = WINDOW, before = Number.POSITIVE_INFINITY } = {}) => {
      const found = linesOf(circle).filter((line) => seqOf(line) < before || before > COUNT);
      return found.slice(-limit);
    },
    firstSince: async (circle: string, at: string) => {
      const found = linesOf(circle).find(
        (line) => line.kind === "message" && line.message.seq !== null && line.message.at >= at,
      );
      return found?.kind === "message" ? { seq: seqOf(found), at: found.message.at } : null;
    },
  };
}
