/** A commit states the directory that its author judged by: another one, or an older one, parts them. */

import { afterEach, describe, expect, it } from "vitest";
import { b64u } from "../../src/bytes";
import { canonical, fromCanonical, type Json } from "../../src/canonical";
import { makeEngine } from "../../src/crypto/engine";
import type { Deps } from "../../src/effects/deps";
import { frozen } from "./hostile";
import { type Desk, talking, texts, threadOf, until, World } from "./world";

let world: World;
afterEach(() => world.close());

const HOUR = 3_600_000;
const behind = (desk: Desk, circle: string) => threadOf(desk.client, circle)?.behind ?? null;
const membersOf = (circle: string) =>
  world.service.group(circle).roster.map(({ person }) => person);

/** Ana has judged by more of the directory than Boris is shown. */
async function shownLess() {
  world = await World.make();
  const made = await talking(world);
  const { ana, boris, circle, caseId } = made;
  const other = await ana.client.openThread(caseId, "Otro hilo", [boris.person]);
  await until("in the other", () => threadOf(boris.client, other)?.name === "Otro hilo");
  const { directory } = world.authority;
  directory.shown.set(boris.person, directory.entries.length);
  const carla = await world.person();
  await ana.client.addPerson(caseId, carla.person, []);
  await ana.client.safety(carla.person);
  await ana.client.renewKeys(circle);
  await until("boris waits", () => behind(boris, circle) !== null);
  return { ...made, other };
}

describe("a commit that states more of the directory than a member is shown", () => {
  it("is not followed until it is shown, and says so of that thread alone", async () => {
    const { ana, boris, circle, other } = await shownLess();
    expect(boris.client.view().alarm).toBe("directory-behind");
    expect(behind(boris, other)).toBeNull();
    await ana.client.send(other, "aquí seguimos");
    await ana.client.send(circle, "después");
    await until("read", async () => (await texts(boris.client, other)).length === 1);
    expect(await texts(boris.client, circle)).toEqual([]);
    world.authority.directory.shown.clear();
    await boris.client.safety(ana.person);
    boris.client.network(true);
    await until("it came", async () => (await texts(boris.client, circle)).length === 1);
    expect(behind(boris, circle)).toBeNull();
    // The case's own circle, into which Ana let Carla, had waited too.
    await until("nothing waits", () => boris.client.view().alarm === null);
  });

  it("leaves what can be shown to others: the commit, and how far this device was shown", async () => {
    const { boris, circle } = await shownLess();
    const { why, entries, directory } = (await boris.client.evidence(circle)) as Record<
      string,
      Json
    >;
    expect(why).toBe("directory-behind");
    expect(entries).toHaveLength(1);
    expect(directory).toEqual({
      log: "dir.casehub.example",
      size: world.authority.directory.shown.get(boris.person),
    });
  });
});

/** Mala's program states something else than she has replayed. */
function stating(change: (said: Record<string, Json>) => Json): NonNullable<Deps["engine"]> {
  return async (check) => {
    const engine = await makeEngine(check);
    const { commit } = engine;
    engine.commit = (state, intent, aad) => {
      const said = fromCanonical(aad.slice()) as Record<string, Json>;
      return commit.call(engine, state, intent, canonical(change(said)));
    };
    return engine;
  };
}

describe("a commit that states another directory", () => {
  it.each([
    [
      "directory-forked",
      (said: Record<string, Json>) => ({ ...said, dir_root: b64u.encode(new Uint8Array(32)) }),
    ],
    ["directory-older", (said: Record<string, Json>) => ({ ...said, dir_size: 1 })],
    ["directory-unstated", ({ client_id = null }: Record<string, Json>) => ({ client_id, v: 1 })],
    ["commit-id", (said: Record<string, Json>) => ({ ...said, more: 1 })],
  ])("stops the thread as %s, and is laid to whoever signed it", async (why, change) => {
    world = await World.make();
    const { ana, boris, circle, caseId } = await talking(world);
    world.engine = stating(change);
    const mala = await world.person();
    world.engine = undefined;
    await ana.client.addPerson(caseId, mala.person, [circle]);
    for (const desk of [ana, boris]) {
      await until("stopped", () => frozen(desk, circle) !== null);
      expect(frozen(desk, circle)?.why).toBe(why);
    }
    if (why === "commit-id") return;
    expect(frozen(boris, circle)).toMatchObject({ by: { person: mala.person }, proof: "proven" });
  });
});

describe("a directory that was cosigned a day ago", () => {
  it("lets nobody in, though it was looked at since", async () => {
    world = await World.make();
    const { directory } = world.authority;
    directory.witnessed = Date.now();
    let now = Date.now();
    const ana = await world.device(await world.authority.addPerson(), undefined, () => now);
    const boris = await world.person();
    const caseId = await ana.client.openCase(["SV"], "Caso Río");
    await ana.client.addPerson(caseId, boris.person, []);
    const circle = await ana.client.openThread(caseId, "Traslado", []);
    now += 23 * HOUR;
    await ana.client.safety(boris.person);
    expect(ana.client.view().log.behind).toBe(false);
    now += 2 * HOUR;
    await ana.client.addPerson(caseId, boris.person, [circle]).catch(() => undefined);
    const told = () => ana.errors.some((error) => String(error).includes("log-unchecked"));
    await until("it is refused", told);
    expect(membersOf(circle)).not.toContain(boris.person);
    directory.witnessed = now;
    await ana.client.addPerson(caseId, boris.person, [circle]).catch(() => undefined);
    await until("he is in", () => membersOf(circle).includes(boris.person));
  });
});
