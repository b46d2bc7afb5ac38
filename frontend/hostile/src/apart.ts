/** Two histories: some persons are kept in one of their own. */

import { placed, type WireEntry } from "./forge";
import type { Memory } from "./memory";
import { type Answered, type Asked, answer, type Between, type Frame, type Lies } from "./proxy";

export type Host = {
  readonly proxy: Between;
  readonly memory: Memory;
  /** Tells the test what was done. */
  readonly did: (what: string) => void;
};

/** After which entry a thread's log is asked for, or null if this asks for something else. */
export function afterOf({ method, path }: Asked, thread: string): number | null {
  const asked = new URL(path, "http://localhost");
  if (method !== "GET" || asked.pathname !== `/api/threads/${thread}/log`) return null;
  return Number(asked.searchParams.get("after"));
}

/** Some persons are kept in a history of their own from here on; of the others they get messages. */
export class Apart {
  #last: WireEntry | undefined;
  readonly #own = new Map<number, WireEntry>();
  readonly #from: number;

  constructor(
    private readonly host: Host,
    private readonly thread: string,
    private readonly victims: readonly string[],
  ) {
    this.#last = host.memory.last(thread);
    this.#from = this.#last?.seq ?? 0;
  }

  lies(): Lies {
    return {
      answer: (asked) => this.#instead(asked),
      telling: (person, frame) => this.#telling(person, frame),
      saying: (person, frame, tell) => this.#saying(person, frame, tell),
    };
  }

  async #append(entry: Omit<WireEntry, "seq" | "chain">): Promise<WireEntry> {
    const made = await placed(this.thread, this.#last, entry);
    this.#last = made;
    this.#own.set(made.seq, made);
    return made;
  }

  async #instead(asked: Asked): Promise<Answered | null> {
    if (!this.victims.includes(asked.person)) return null;
    const after = afterOf(asked, this.thread);
    if (after !== null) {
      const real = [...Array(this.#from).keys()].map((n) =>
        this.host.memory.at(this.thread, n + 1),
      );
      const all = [...real.filter((one) => one !== undefined), ...this.#own.values()];
      const entries = all.filter(({ seq }) => seq > after).sort((a, b) => a.seq - b.seq);
      return answer({ head: this.#last?.seq ?? 0, entries });
    }
    if (asked.path !== `/api/threads/${this.thread}/commits` || asked.method !== "POST")
      return null;
    const { client_id, epoch, commit } = JSON.parse(asked.body) as Record<string, string & number>;
    const entry = await this.#append({
      kind: "commit",
      epoch: Number(epoch),
      device: this.host.memory.devices.get(asked.person) ?? "",
      id: String(client_id),
      at: new Date().toISOString(),
      body: String(commit),
    });
    this.host.did("swallowed");
    return answer({ seq: entry.seq, epoch: entry.epoch + 1, chain: entry.chain });
  }

  async #telling(person: string, frame: Frame): Promise<Frame[]> {
    if (!this.victims.includes(person)) return [frame];
    if (frame.type === "heads" || frame.type === "hello") {
      const heads = { ...(frame.heads as Record<string, number>) };
      if (this.thread in heads) heads[this.thread] = this.#last?.seq ?? 0;
      return [{ ...frame, heads }];
    }
    if (frame.thread !== this.thread) return [frame];
    if (frame.type !== "entries") return [];
    const told: WireEntry[] = [];
    for (const entry of frame.entries as WireEntry[]) {
      if (entry.kind !== "message" || entry.seq <= this.#from) continue;
      const { seq: _seq, chain: _chain, ...rest } = entry;
      told.push(await this.#append(rest));
      this.host.did("crossed");
    }
    return told.length > 0 ? [{ ...frame, entries: told }] : [];
  }

  #saying(person: string, frame: Frame, tell: (frame: Frame) => void): Frame | null {
    const isTheirs = this.victims.includes(person) && frame.thread === this.thread;
    if (!isTheirs || frame.type !== "post") return frame;
    const at = new Date().toISOString();
    const { epoch, id, body } = frame as unknown as { epoch: number; id: string; body: string };
    const device = this.host.memory.devices.get(person) ?? "";
    void this.#append({ kind: "message", epoch, device, id, at, body }).then((entry) => {
      const { seq, chain } = entry;
      tell({ type: "accepted", id, thread: this.thread, seq, chain, at, promise: null });
      tell({ type: "entries", thread: this.thread, entries: [entry] });
      this.host.did("swallowed");
    });
    return null;
  }
}
