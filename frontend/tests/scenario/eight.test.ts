/**
 * Eight devices of four people, whatever becomes of them: let in and shut out, put back, killed,
 * cut off, without an answer. In the end all who read a thread have the same keys and words.
 */
import { afterEach, describe, expect, it } from "vitest";
import { Unreachable } from "../../src/api/errors";
import { type Chance, chanceOf } from "../chance";
import { messages } from "./said";
import { accepted, type Desk, threadOf, until, World } from "./world";

/** `EIGHT_SEEDS=50` plays so many, from `EIGHT_SEED` on. */
const SEEDS = Number(process.env.EIGHT_SEEDS ?? 2);
const FIRST = Number(process.env.EIGHT_SEED ?? Date.now() % 1_000_000);
const PEOPLE = 4;
const STEPS = 24;
const LOSS = 0.08;
const PATIENCE_MS = 60_000;
const AWHILE_MS = 500;

let world: World;
afterEach(() => world.close());

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Whoever hears that there was no answer does it again. */
async function again(act: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
  }
}

class Play {
  readonly chance: Chance;
  readonly desks: Desk[] = [];
  readonly people: string[] = [];
  readonly did: string[] = [];
  caseId = "";
  circle = "";
  said = 0;
  /** Texts by who wrote them; whose store was put back may say something twice, rather than never. */
  readonly by = new Map<string, Desk>();
  readonly backs = new Set<Desk>();

  constructor(seed: number) {
    this.chance = chanceOf(seed);
  }

  get first(): Desk {
    const [first] = this.desks;
    if (first === undefined) throw new Error("nobody");
    return first;
  }

  async begin(): Promise<void> {
    for (let at = 0; at < PEOPLE; at += 1) {
      const desk = await world.person();
      this.people.push(desk.person);
      this.desks.push(desk);
    }
    this.caseId = await this.first.client.openCase(["SV"], "Caso Río");
    const others = this.people.slice(1);
    for (const person of others) await this.first.client.addPerson(this.caseId, person, []);
    this.circle = await this.first.client.openThread(this.caseId, "Traslado", others);
    for (const person of this.people) this.desks.push(await world.device(person));
    await this.first.reopen();
    await until("all eight are in", () => this.desks.every((one) => this.isIn(one)), PATIENCE_MS);
  }

  isIn({ client }: Desk): boolean {
    return threadOf(client, this.circle)?.status === "active";
  }

  /** Whoever reads the thread by what is entitled. */
  readers(): string[] {
    return world.service.files.people(this.circle);
  }

  async step(): Promise<void> {
    const { chance } = this;
    const desk = chance.pick(this.desks);
    const at = `${this.desks.indexOf(desk)}`;
    const dice = chance.next();
    if (dice < 0.4) return this.#say(desk, at);
    if (dice < 0.5) return this.#turnOver(chance.pick(this.people.slice(1)));
    if (dice < 0.65) {
      this.did.push(`${at} renews`);
      void desk.client.renewKeys(this.circle).catch(() => undefined);
      return;
    }
    if (dice < 0.75) {
      this.did.push(`${at} is cut off`);
      world.service.sockets.cut(desk.person);
      return;
    }
    if (dice < 0.88) {
      this.did.push(`${at} dies and comes again`);
      return again(() => desk.reopen());
    }
    return this.#putBack(desk, at);
  }

  async #say(desk: Desk, at: string): Promise<void> {
    if (!this.isIn(desk)) return;
    this.said += 1;
    this.did.push(`${at} says ${this.said}`);
    this.by.set(`dicho ${this.said}`, desk);
    await desk.client.send(this.circle, `dicho ${this.said}`).catch(() => undefined);
  }

  /** Out of the case whoever is in it, in who is out. */
  async #turnOver(person: string): Promise<void> {
    const out = !this.readers().includes(person);
    this.did.push(`${this.people.indexOf(person)} ${out ? "in" : "out"}`);
    const { caseId, circle } = this;
    await again(() => {
      const { client } = this.first;
      return out ? client.addPerson(caseId, person, [circle]) : client.removePerson(caseId, person);
    });
  }

  /** A copy of the disk of a moment ago: the device comes back from outside, by itself. */
  async #putBack(desk: Desk, at: string): Promise<void> {
    if (!this.isIn(desk)) return;
    this.did.push(`${at} is put back`);
    this.backs.add(desk);
    const old = desk.disk.snapshot();
    await desk.client.renewKeys(this.circle).catch(() => undefined);
    desk.kill();
    desk.disk.restore(old);
    await again(() => desk.reopen());
  }

  async calm(): Promise<void> {
    world.service.fault = () => undefined;
    world.service.sockets.cut();
    for (const desk of this.desks) await desk.client.stayActive().catch(() => undefined);
  }

  /** Say something, and return whether every reader's device shows it in a while. */
  async #heardByAll(readers: readonly Desk[]): Promise<boolean> {
    this.said += 1;
    const text = `fin ${this.said}`;
    await this.first.client.send(this.circle, text);
    await pause(AWHILE_MS);
    const heard = readers.map(async ({ client }) =>
      (await accepted(client, this.circle)).includes(text),
    );
    return (await Promise.all(heard)).every(Boolean);
  }

  #rosterOf({ client }: Desk): string {
    const { readers = [] } = threadOf(client, this.circle) ?? {};
    return readers
      .map(({ person, devices }) => `${person} ${devices}`)
      .sort()
      .join();
  }

  /** What each reader's device shows of the last that was said. */
  async agree(): Promise<void> {
    const readers = this.desks.filter(({ person }) => this.readers().includes(person));
    const states = () => readers.map((one) => threadOf(one.client, this.circle)?.status ?? "none");
    await until(
      `all readers are in: ${this.did.join(", ")}`,
      () => {
        world.service.tellHeads();
        return states().every((status) => status === "active");
      },
      PATIENCE_MS,
    );
    // A device that was put back may notice only now, and what was said before is lost to it.
    await until(
      `all read the end: ${this.did.join(", ")}`,
      () => this.#heardByAll(readers),
      PATIENCE_MS,
    );
    const orders = await Promise.all(
      readers.map(async (desk) =>
        (await messages(desk, this.circle)).flatMap(({ seq, text }) =>
          seq === null || text === "" ? [] : [[seq, text] as const],
        ),
      ),
    );
    const whole = new Map(orders.flat());
    for (const order of orders) {
      for (const [seq, text] of order) expect(text).toBe(whole.get(seq));
      const texts = order.map(([, text]) => text);
      const once = texts.filter((text) => !this.backs.has(this.by.get(text) ?? this.first));
      expect(new Set(once).size).toBe(once.length);
    }
    // A leaf of somebody who is out may be taken out after the last word.
    await until(
      `all show the same readers: ${this.did.join(", ")}`,
      () => new Set(readers.map((one) => this.#rosterOf(one))).size === 1,
      PATIENCE_MS,
    );
    for (const { client } of readers) expect(client.view().alarm).toBeNull();
  }
}

describe("eight devices", () => {
  for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1) {
    it(`agree in the end (EIGHT_SEED=${seed})`, { timeout: 240_000 }, async () => {
      world = await World.make();
      world.stock = null; // how often each is let in again is drawn by lot
      const play = new Play(seed);
      await play.begin();
      world.service.fault = () => {
        const dice = play.chance.next();
        if (dice < LOSS / 2) return "request";
        return dice < LOSS ? "answer" : undefined;
      };
      for (let step = 0; step < STEPS; step += 1) {
        await play.step();
        await pause(play.chance.below(12));
      }
      await play.calm();
      await play.agree();
    });
  }
});
