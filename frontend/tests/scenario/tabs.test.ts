/**
 * Two tabs of one profile send by turns, and now and then the one whose turn it is dies: before or
 * after a write, before or after its frame has left.
 *
 * `TAB_SENDS=1000` sends so many, from `TAB_SEED` on.
 */
import { afterEach, describe, expect, it } from "vitest";
import { b64u } from "../../src/bytes";
import { makeEngine } from "../../src/crypto/engine";
import { loadSuite } from "../../src/crypto/suite";
import { decryptSenderData } from "../../src/crypto/tsmls";
import * as wire from "../../src/crypto/wire";
import type { Deps } from "../../src/effects/deps";
import { chanceOf } from "../chance";
import { type Point, Profile, type Tab } from "./tabs";
import { accepted, talking, until, World } from "./world";

const SENDS = Number(process.env.TAB_SENDS ?? 60);
const SEED = Number(process.env.TAB_SEED ?? Date.now() % 1_000_000);
/** A tab dies about once in so many sends. */
const DIES = 8;
const POINTS: readonly Point[] = [
  "before a write",
  "after a write",
  "before a frame",
  "after a frame",
];

let world: World;
afterEach(() => world.close());

/** The place in the key schedule that every ciphertext took, read from the ciphertext itself. */
function watched(places: Map<string, string>): NonNullable<Deps["engine"]> {
  return async (check) => {
    const engine = await makeEngine(check);
    const suite = await loadSuite();
    const encrypt: typeof engine.encrypt = async (state, plaintext, aad) => {
      const { keySchedule, groupContext } = state.mls;
      const made = await engine.encrypt(state, plaintext, aad);
      const message = wire.decodeMessage(made.message);
      if (message.wireformat !== "mls_private_message") throw new Error("not a message");
      const { privateMessage } = message;
      const sender = await decryptSenderData(privateMessage, keySchedule.senderDataSecret, suite);
      const place = `${b64u.encode(groupContext.groupId)} ${privateMessage.epoch}`;
      const taken = `${place} ${sender?.leafIndex} ${sender?.generation}`;
      places.set(b64u.encode(made.message), taken);
      return made;
    };
    return new Proxy(engine, {
      get: (target, name) => {
        if (name === "encrypt") return encrypt;
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  };
}

/** Whether the disk had it when its tab died. The rest of what that does, nobody hears any more. */
function heard(sent: Promise<boolean>): Promise<boolean> {
  const silence = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 500));
  return Promise.race([sent, silence]);
}

describe("two tabs, of which one dies now and then", () => {
  it(`lose and double nothing, and use no key twice (TAB_SEED=${SEED})`, {
    timeout: 60_000 + SENDS * 500,
  }, async () => {
    const chance = chanceOf(SEED);
    const places = new Map<string, string>();
    world = await World.make();
    world.engine = watched(places);
    const { ana, boris, circle } = await talking(world);
    ana.kill();
    const profile = new Profile(world, ana.person, ana.disk);
    const tabs: [Tab, Tab] = [await profile.open(), await profile.open()];
    let deaths = 0;
    /** Somebody opens anew what has died, sooner or later. */
    const alive = async () => {
      for (const turn of [0, 1] as const) {
        if (!tabs[turn].dead) continue;
        deaths += 1;
        tabs[turn] = await profile.open();
      }
      return tabs;
    };
    for (let at = 0; at < SENDS; at += 1) {
      const turn = at % 2;
      for (let kept = false; !kept; ) {
        const tab = tabs[turn as 0 | 1];
        if (chance.happens(1 / DIES)) tab.dieAt(chance.pick(POINTS));
        const sent = tab.client.send(circle, `n${at}`).then(
          () => true,
          () => false,
        );
        kept = await Promise.race([sent, tab.death.then(() => heard(sent))]);
        if (!kept) expect(tab.dead).toBe(true);
        await alive();
      }
      if (chance.happens(0.05)) {
        void tabs[0].client.renewKeys(circle).catch(() => undefined);
      }
      if (tabs[0].client.view().outbox > 20) {
        const few = async () => (await alive())[0].client.view().outbox < 5;
        await until("some have left", few, 60_000);
      }
    }
    const waits = async () => {
      const left = (await alive()).map(({ client }) => client.view().outbox);
      return left.every((count) => count === 0);
    };
    await until("all have left", waits, 60_000);
    const all = Array.from({ length: SENDS }, (_, at) => `n${at}`);
    for (const { client } of [boris, ...tabs]) {
      await until(
        "everything is here",
        async () => (await accepted(client, circle)).length >= SENDS,
        60_000,
      );
      const read = await accepted(client, circle);
      expect([...read].sort()).toEqual([...all].sort());
    }
    const posted = new Set(profile.frames.flatMap(({ body }) => body ?? []));
    const taken = [...posted].map((body) => places.get(body));
    expect(taken).not.toContain(undefined);
    expect(new Set(taken).size).toBe(taken.length);
    expect(taken.length).toBeGreaterThanOrEqual(SENDS);
    expect(deaths).toBeGreaterThan(0);
    expect(profile.errors).toEqual([]);
    console.info(`${SENDS} sends, ${deaths} deaths, ${taken.length} ciphertexts, no place twice`);
  });
});
