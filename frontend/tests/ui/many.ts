/** Two hundred cases, the first of them with two hundred threads: the lists of a busy office. */

import type { CaseView } from "../../src/ui/client";
import { thread } from "./threads";

const COUNT = 200;
const LATEST = Date.parse("2026-11-17T11:00:00Z");
const HOUR_MS = 60 * 60_000;

/** The cases of a scene: these two, or in "many" so many like them. */
export function casesOf(scene: string, first: CaseView, second: CaseView): CaseView[] {
  if (scene !== "many") return [first, second];
  const people = first.people.map(({ id }) => id);
  const named = first.threads.filter(({ kind }) => kind === "thread");
  const threads = Array.from({ length: COUNT - named.length }, (_, at) =>
    thread(`many-${at}`, `Diligencia ${at + 1}`, people, {
      lastAt: new Date(LATEST - at * HOUR_MS).toISOString(),
    }),
  );
  const others = Array.from({ length: COUNT - 1 }, (_, at) => ({
    ...second,
    id: `many-${at}`,
    reference: `MX-2025-${String(at + 1).padStart(4, "0")}`,
    title: `Asunto ${at + 1}`,
    unread: at % 7,
  }));
  return [{ ...first, threads: [...first.threads, ...threads] }, ...others];
}
