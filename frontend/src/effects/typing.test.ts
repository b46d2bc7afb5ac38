import { beforeEach, describe, expect, it } from "vitest";
import type { ThreadRecord } from "../store/records";
import type { Core } from "./core";
import { Typing } from "./typing";

const [ANA, BORIS, CARLA] = ["ana", "boris", "carla"];
const CIRCLE = "c";

let now = 1_000_000;
let online = true;
let posted: string[] = [];
let timers: { at: number; run: () => void }[] = [];
let lines: Map<string, unknown>;
let thread: ThreadRecord;
let changed: (circle: string, seqs: number[]) => void = () => undefined;
let typing: Typing;
let shown: (readonly string[])[] = [];

/** Let time pass, and what waits for it happen. */
function pass(ms: number): void {
  now += ms;
  const due = timers.filter(({ at }) => at <= now);
  timers = timers.filter(({ at }) => at > now);
  for (const { run } of due) run();
}

/** Something comes into the thread, or is changed there. */
async function comes(seq: number, line: object): Promise<void> {
  thread = { ...thread, seq: Math.max(thread.seq, seq) };
  lines.set(`line/${CIRCLE}/${String(seq).padStart(16, "0")}`, line);
  changed(CIRCLE, [seq]);
  await new Promise((resolve) => setTimeout(resolve, 0));
}

beforeEach(() => {
  [now, online, posted, timers, shown, lines] = [1_000_000, true, [], [], [], new Map()];
  const roster = [ANA, BORIS, CARLA].map((person) => ({ person }));
  thread = { circle: CIRCLE, status: "active", seq: 4, roster } as unknown as ThreadRecord;
  const core = {
    person: ANA,
    deps: { clock: () => now },
    mirror: {
      quiet: new Map(),
      threads: { get: (circle: string) => (circle === CIRCLE ? thread : undefined) },
      circles: () => new Map([[CIRCLE, { kind: "thread" }]]),
      onLines: (listener: typeof changed) => {
        changed = listener;
      },
    },
    vault: { read: async (key: string) => lines.get(key) },
    post: (frame: { thread: string }) => {
      if (online) posted.push(frame.thread);
      return online;
    },
    after: (ms: number, run: () => void) => timers.push({ at: now + ms, run }),
    report: (error: unknown) => {
      throw error;
    },
  };
  typing = new Typing(
    core as unknown as Core,
    () => online,
    () => online,
  );
  typing.on(CIRCLE, (people) => shown.push(people));
});

describe("one's own writing", () => {
  it("is said once in five seconds", () => {
    for (let second = 0; second <= 10; second += 1) {
      typing.tell(CIRCLE);
      pass(1_000);
    }
    expect(posted).toEqual([CIRCLE, CIRCLE, CIRCLE]);
  });

  it("is said as soon as there is a network, not five seconds after", () => {
    online = false;
    typing.tell(CIRCLE);
    online = true;
    expect(posted).toEqual([]);
    typing.tell(CIRCLE);
    expect(posted).toEqual([CIRCLE]);
  });

  it.each(["frozen", "left"] as const)("is not said in a thread that is %s here", (status) => {
    thread = { ...thread, status };
    typing.tell(CIRCLE);
    expect(posted).toEqual([]);
  });
});

describe("others' writing", () => {
  it("is shown until eight seconds after it was heard last", () => {
    typing.heard(CIRCLE, BORIS);
    pass(5_000);
    typing.heard(CIRCLE, BORIS);
    pass(7_999);
    expect(shown.at(-1)).toEqual([BORIS]);
    pass(1);
    expect(shown.at(-1)).toEqual([]);
  });

  it("is told to whoever looks later, too, and to nobody who has gone", () => {
    typing.heard(CIRCLE, BORIS);
    const later: (readonly string[])[] = [];
    typing.on(CIRCLE, (people) => later.push(people))();
    typing.heard(CIRCLE, CARLA);
    expect(later).toEqual([[BORIS]]);
    expect(shown.at(-1)).toEqual([BORIS, CARLA]);
  });

  it("is over when their message is here, and goes on of the others", async () => {
    typing.heard(CIRCLE, BORIS);
    typing.heard(CIRCLE, CARLA);
    await comes(5, { kind: "message", person: BORIS });
    expect(shown.at(-1)).toEqual([CARLA]);
    typing.heard(CIRCLE, BORIS); // and on they write
    expect(shown.at(-1)).toEqual([CARLA, BORIS]);
  });

  it("is over when another text of their message is here", async () => {
    typing.heard(CIRCLE, BORIS);
    await comes(3, { kind: "message", person: BORIS, edited: { person: BORIS, seq: 5 } });
    expect(shown.at(-1)).toEqual([]);
  });

  it("goes on when somebody else does something to an earlier message of theirs", async () => {
    typing.heard(CIRCLE, BORIS);
    await comes(3, { kind: "message", person: BORIS, pinned: { person: CARLA, seq: 5 } });
    expect(shown.at(-1)).toEqual([BORIS]);
  });

  it.each(["frozen", "left"] as const)("is not shown in a thread that is %s here", (status) => {
    thread = { ...thread, status };
    typing.heard(CIRCLE, BORIS);
    expect(shown).toEqual([[]]);
  });
});
