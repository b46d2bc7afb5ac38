import { describe, expect, it } from "vitest";
import type { CaseFile } from "../api/schema";
import type { OutboxRecord } from "../store/records";
import type { Vault } from "../store/vault";
import type { Core } from "./core";
import { Mirror } from "./mirror";
import { caseViews, stuckIn } from "./views";

const CASES = 200;
const THREADS = 5;

function caseFile(number: number): CaseFile {
  const circle = `case-${number}`;
  const threads = Array.from({ length: THREADS }, (_, at) => ({
    circle: `thread-${number}-${at}`,
    people: ["ana"],
  }));
  const file = { id: `c${number}`, reference: `SV-2026-${number}`, circle, threads };
  const rest = {
    state: "SV",
    states: ["SV"],
    joinings: [],
    owner: "ana",
    opened_at: "",
    drafts: [],
  };
  return { ...file, ...rest, people: [{ id: "ana", stopped: null }] } as unknown as CaseFile;
}

/** A person in two hundred cases. `looked` counts how often the circles were gone through. */
function busy() {
  const mirror = new Mirror({ watch: () => undefined } as unknown as Vault);
  mirror.cases = Array.from({ length: CASES }, (_, at) => caseFile(at));
  const looked = { times: 0 };
  const circles = mirror.circles.bind(mirror);
  mirror.circles = () => {
    looked.times += 1;
    return circles();
  };
  const people = { stopped: ({ stopped }: { stopped: null }) => ({ stopped }) };
  return { core: { mirror, person: "ana", people } as unknown as Core, mirror, looked };
}

function waiting(circle: string, status: OutboxRecord["status"], kind = "text"): OutboxRecord {
  const content = { kind, text: "…", title: "…" } as unknown as OutboxRecord["content"];
  return { id: crypto.randomUUID(), circle, content, at: "", status, tab: "t" };
}

describe("two hundred cases", () => {
  it("are drawn with one look at who reads what, not one for each thread", () => {
    const { core, looked } = busy();
    const found = caseViews(core);
    expect(found).toHaveLength(CASES);
    expect(found.flatMap(({ threads }) => threads)).toHaveLength(CASES * (THREADS + 1));
    expect(looked.times).toBe(1);
  });

  it("take no longer for what waits in the outbox", () => {
    const { core, mirror } = busy();
    let read = 0;
    for (let at = 0; at < CASES; at += 1) {
      const record = waiting(`thread-${at}-0`, "failed");
      const counted = Object.defineProperty({ ...record }, "circle", {
        get: () => {
          read += 1;
          return record.circle;
        },
      });
      mirror.outbox.set(`outbox/${at}`, counted);
    }
    const failed = caseViews(core).flatMap(({ threads }) => threads.map((one) => one.failed));
    expect(failed.filter((count) => count === 1)).toHaveLength(CASES);
    expect(read).toBe(CASES);
  });
});

describe("what is stuck in a thread", () => {
  it("is counted by why, and what nobody typed is not counted", () => {
    const { mirror } = busy();
    const records = [
      waiting("a", "failed"),
      waiting("a", "failed"),
      waiting("a", "failed", "title"),
      waiting("a", "held"),
      waiting("b", "queued"),
    ];
    for (const [at, record] of records.entries()) mirror.outbox.set(`outbox/${at}`, record);
    expect(stuckIn(mirror).get("a")).toEqual({ held: 1, failed: 2 });
    expect(stuckIn(mirror).get("b")).toEqual({ held: 0, failed: 0 });
  });
});
