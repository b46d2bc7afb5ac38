/**
 * Random schedules: whatever the order of adds, updates, removes, returns and messages, all
 * members agree on every epoch, every joiner joins, and nobody removed reads on.
 */
import { describe, expect, it } from "vitest";
import { b64u } from "../../src/bytes";
import { chanceOf } from "../chance";
import { lessWasteful } from "../webcrypto";
import { type Client, Town } from "./clients";

lessWasteful();

/** Fewer in `make check`, which is to be quick; all of them in `make test`. */
const SCHEDULES = Number(process.env.MLS_SCHEDULES ?? 40);
const STEPS = 25;
const MOST = 10;
const SEED = Number(process.env.MLS_SEED ?? Date.now() % 1_000_000_000);

type Step = "add" | "add-two" | "update" | "remove" | "rejoin" | "talk";

class Play {
  readonly #town = new Town();
  readonly #chance: ReturnType<typeof chanceOf>;
  #members: Client[] = [];
  #gone: Client[] = [];
  #count = 0;
  #groupInfo = new Uint8Array();

  constructor(seed: number) {
    this.#chance = chanceOf(seed);
  }

  async start(): Promise<void> {
    const first = await this.#newcomer();
    this.#groupInfo = Uint8Array.from(await first.create(Uint8Array.of(1, 2, 3)));
    this.#members = [first];
  }

  async step(): Promise<void> {
    await this.#do(this.#chance.pick(this.#possible()));
    const epochs = new Set(
      this.#members.map(({ info }) => `${info.epoch} ${b64u.encode(info.epochAuthenticator)}`),
    );
    expect(epochs.size).toBe(1);
    expect(new Set(this.#members.map(({ info }) => info.ownLeaf)).size).toBe(this.#members.length);
  }

  #possible(): Step[] {
    const size = this.#members.length;
    if (size >= MOST) return ["remove", "update", "talk"];
    const always: Step[] = ["add", "add", "add-two", "update", "talk"];
    return size > 1 ? [...always, "remove", "update", "rejoin"] : always;
  }

  async #do(step: Step): Promise<void> {
    const actor = this.#chance.pick(this.#members);
    if (step === "add") return this.#add(actor, 1);
    if (step === "add-two") return this.#add(actor, 2);
    if (step === "talk") return this.#talk(actor);
    if (step === "rejoin") return this.#rejoin(actor);
    if (step === "update") {
      const { commit, groupInfo } = await actor.commit({ update: true });
      return this.#spread(actor, commit, groupInfo);
    }
    return this.#remove(actor);
  }

  async #add(actor: Client, count: number): Promise<void> {
    const newcomers: Client[] = [];
    for (let at = 0; at < count; at += 1) newcomers.push(await this.#newcomer());
    const add = await Promise.all(newcomers.map((client) => client.keyPackage()));
    const { commit, welcome, groupInfo } = await actor.commit({ add });
    await this.#spread(actor, commit, groupInfo);
    for (const client of newcomers) await client.join(welcome ?? new Uint8Array());
    this.#members.push(...newcomers);
  }

  async #remove(actor: Client): Promise<void> {
    const victim = this.#chance.pick(this.#members.filter((client) => client !== actor));
    const { commit, groupInfo } = await actor.commit({ remove: [victim.info.ownLeaf] });
    const seen = await victim.engine.process(victim.state, commit);
    expect(seen.kind === "commit" && seen.selfRemoved).toBe(true);
    this.#members = this.#members.filter((client) => client !== victim);
    this.#gone.push(victim);
    await this.#spread(actor, commit, groupInfo);
  }

  async #rejoin(actor: Client): Promise<void> {
    const others = this.#members.filter((client) => client !== actor);
    const { commit, groupInfo } = await actor.rejoin(this.#groupInfo);
    for (const other of others) {
      const seen = await other.receive(commit);
      expect(seen).toMatchObject({ kind: "commit", sender: "external", selfRemoved: false });
    }
    this.#groupInfo = Uint8Array.from(groupInfo);
  }

  async #talk(actor: Client): Promise<void> {
    const text = `${actor.name} at epoch ${actor.info.epoch}`;
    const leaf = actor.info.ownLeaf;
    const message = await actor.say(text);
    for (const other of this.#members.filter((client) => client !== actor)) {
      const seen = await other.receive(message);
      expect(seen).toMatchObject({ kind: "message", sender: leaf });
      if (seen.kind === "message") expect(new TextDecoder().decode(seen.plaintext)).toBe(text);
    }
    for (const gone of this.#gone) await expect(gone.receive(message)).rejects.toThrow();
  }

  async #spread(actor: Client, commit: Uint8Array, groupInfo: Uint8Array): Promise<void> {
    for (const other of this.#members.filter((client) => client !== actor)) {
      await other.receive(commit);
    }
    this.#groupInfo = Uint8Array.from(groupInfo);
  }

  async #newcomer(): Promise<Client> {
    this.#count += 1;
    return this.#town.client(`device-${this.#count}`);
  }
}

describe("random schedules", () => {
  for (let schedule = 0; schedule < SCHEDULES; schedule += 1) {
    const seed = SEED + schedule;
    it(`agree in every epoch (MLS_SEED=${seed})`, { timeout: 60_000 }, async () => {
      const play = new Play(seed);
      await play.start();
      for (let step = 0; step < STEPS; step += 1) await play.step();
    });
  }
});
