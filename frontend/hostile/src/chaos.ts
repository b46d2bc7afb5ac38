/**
 * A network at its worst, and receipts that nobody gave: what passes over the sockets of `victims`
 * comes twice, late, in another order, cut short, again, or not at all; sockets end, and calls go
 * unheard or unanswered. Of a thread's frames everything is drawn from that thread's own seed.
 *
 * Nothing here is signed by anybody: no entry is made up, none changed. What a host that forges can
 * do is another test's matter.
 */

import { randomBytes, randomUUID } from "node:crypto";
import { type Chance, chanceOf } from "../../tests/chance";
import type { Host } from "./apart";
import type { Attack } from "./attacks";
import { placed } from "./forge";
import { type Asked, answer, type Frame, type Lies, type Passing } from "./proxy";

/** So many of each person's earlier frames may come again. */
const REMEMBERED = 40;
const LATE_MS = 2_500;
/** Longer than a client waits for an answer. */
const TOO_LATE_MS = 11_000;
const LONGEST_CALL_MS = 800;

type Fate = readonly [likelihood: number, what: string, happen: (passing: Passing) => void];
type Post = { thread: string; epoch: number; id: string; body: string };

export async function chaos(host: Host, attack: Attack): Promise<Lies> {
  return new Chaos(host, attack).lies();
}

class Chaos {
  readonly #chances: Map<string, Chance>;
  /** Of what belongs to no thread: heads, calls. */
  readonly #shared: Chance;
  readonly #earlier = new Map<string, string[]>();
  /** Promises that were given for something else. */
  readonly #promises: string[] = [];

  constructor(
    private readonly host: Host,
    private readonly attack: Attack,
  ) {
    const seeds = Object.entries(attack.seeds ?? {});
    this.#chances = new Map(seeds.map(([thread, seed]) => [thread, chanceOf(seed)]));
    this.#shared = chanceOf(seeds.reduce((sum, [, seed]) => sum + seed, 1));
  }

  lies(): Lies {
    return {
      saying: (person, frame, tell) => this.#saying(person, frame, tell),
      passing: (passing) => this.#passing(passing),
      answer: (asked) => this.#unheard(asked),
      answering: (asked, answered) => {
        if (!this.#strikes(asked, 0.08)) return answered;
        this.host.did("unanswered");
        return lost();
      },
    };
  }

  /** Now and then somebody is told that their message was taken, which never arrived. */
  #saying(person: string, frame: Frame, tell: (frame: Frame) => void): Frame | null {
    const chance = this.#chances.get(String(frame.thread));
    const theirs = this.attack.victims.includes(person) && frame.type === "post";
    if (!theirs || chance === undefined || !chance.happens(0.1)) return frame;
    void this.#fake(person, frame as unknown as Post, chance).then(tell);
    return null;
  }

  async #fake(person: string, { thread, epoch, id, body }: Post, chance: Chance): Promise<Frame> {
    const { memory, did } = this.host;
    const device = memory.devices.get(person) ?? randomUUID();
    const at = new Date().toISOString();
    const entry = { kind: "message", epoch, device, id, at, body } as const;
    const { seq, chain } = await placed(thread, memory.last(thread), entry);
    const kind = chance.pick(["bare", "unpromised", "invented", "stolen"] as const);
    did(`fake ${kind} ${id}`);
    const frame = { type: "accepted", id, thread, seq, chain, at };
    const event = 1 + chance.below(5_000);
    if (kind === "bare") return frame;
    if (kind === "unpromised") return { ...frame, event, promise: null };
    const stolen = this.#promises.at(chance.below(this.#promises.length));
    if (kind === "stolen" && stolen !== undefined) {
      const [number, , second] = stolen.split(" ");
      const then = new Date(Number(second) * 1_000).toISOString();
      return { ...frame, at: then, event: Number(number), promise: stolen };
    }
    const origin = this.#promises[0]?.split(" ")[1] ?? "audit.example/2026";
    const second = Math.floor(Date.now() / 1_000);
    const made = [randomBytes(32), randomBytes(68)].map((bytes) => bytes.toString("base64"));
    return { ...frame, event, promise: [event, origin, second, ...made].join(" ") };
  }

  #passing(passing: Passing): void {
    const { person, text, toward, send } = passing;
    const frame = JSON.parse(text) as Frame;
    if (typeof frame.promise === "string") this.#promises.push(frame.promise);
    // Before a socket has said hello nothing is asked of it; to lose that is to lose the socket.
    if (!this.attack.victims.includes(person) || frame.type === "hello") {
      send(text);
      return;
    }
    const chance = this.#chances.get(String(frame.thread)) ?? this.#shared;
    const memory = `${person} ${toward}`;
    const earlier = this.#earlier.get(memory) ?? [];
    this.#earlier.set(memory, [...earlier, text].slice(-REMEMBERED));
    let dice = chance.next();
    for (const [likelihood, what, happen] of this.#fates(chance, earlier)) {
      dice -= likelihood;
      if (dice >= 0) continue;
      this.host.did(what);
      happen(passing);
      return;
    }
    send(text);
  }

  #fates(chance: Chance, earlier: readonly string[]): Fate[] {
    const later = (ms: number) => (passing: Passing) => {
      setTimeout(() => passing.send(passing.text), ms);
    };
    return [
      [0.08, "dropped", () => undefined],
      [0.08, "twice", ({ text, send }) => [text, text].forEach(send)],
      [0.1, "late", later(chance.next() * LATE_MS)],
      [0.01, "too late", later(TOO_LATE_MS)],
      [0.03, "cut short", ({ text, send }) => send(text.slice(0, chance.below(text.length)))],
      [0.06, "again", ({ text, send }) => [text, chance.pick([text, ...earlier])].forEach(send)],
      [0.015, "cut off", ({ cut }) => cut()],
    ];
  }

  async #unheard(asked: Asked) {
    if (this.#strikes(asked, 0.08)) {
      this.host.did("unheard");
      return lost();
    }
    if (this.#strikes(asked, 0.2)) {
      await new Promise((done) => setTimeout(done, this.#shared.next() * LONGEST_CALL_MS));
    }
    return null;
  }

  #strikes({ person }: Asked, likelihood: number): boolean {
    return this.attack.victims.includes(person) && this.#shared.happens(likelihood);
  }
}

/** As a gateway says that nobody answered. */
function lost() {
  return { ...answer(null, 502), headers: {}, body: Buffer.of() };
}
