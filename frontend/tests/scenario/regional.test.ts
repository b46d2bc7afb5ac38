/** Who serves the region keeps one thing in their browser: the key whose words they read aloud. */

import { afterEach, expect, it } from "vitest";
import type { Enrolment } from "../../src/api/enrolment";
import type { SessionInfo } from "../../src/api/schema";
import { type CaseHubClient, openClient } from "../../src/effects/client";
import { processLocks, systemRandom } from "../../src/effects/deps";
import { refuse } from "./cases";
import { Disk } from "./stores";
import { until, World } from "./world";

let world: World;
let clients: CaseHubClient[] = [];
afterEach(async () => {
  await Promise.all(clients.map((one) => one.close()));
  clients = [];
  await world.close();
});

/** Somebody who was invited to serve the region, in one browser. */
class Member {
  readonly disk = new Disk();
  readonly errors: unknown[] = [];
  readonly #locks = processLocks();
  readonly #id = crypto.randomUUID();
  #signedIn = true;

  constructor(public roles: string[]) {}

  async opens(disk = this.disk): Promise<CaseHubClient> {
    const client = this.client(disk);
    await client.start();
    return client;
  }

  client(disk = this.disk): CaseHubClient {
    const api = world.service.api(this.#id);
    const client = openClient({
      api: {
        ...api,
        session: async () => this.#session(await api.session()),
        password: async () => {
          this.#signedIn = true;
          return this.#session(await api.session());
        },
        signOut: async () => {
          this.#signedIn = false;
          return api.signOut();
        },
        enrolment: async () => ({ serial: crypto.randomUUID() }) as Enrolment,
        offerKey: async () => ({}) as Enrolment,
        demoIdentityKey: async () => refuse("not-allowed", 403),
      },
      store: disk,
      locks: this.#locks,
      clock: Date.now,
      random: systemRandom,
      roots: world.authority.roots,
      book: world.book,
      report: (error) => this.errors.push(error),
    });
    clients.push(client);
    return client;
  }

  #session(said: SessionInfo): SessionInfo {
    if (!this.#signedIn) return { ...said, state: "anonymous", person: null };
    return said.person
      ? { ...said, person: { ...said.person, state: "", roles: this.roles } }
      : said;
  }
}

/** Enrolled in their browser, let in since, and signed out. */
async function admitted(role: string): Promise<{ member: Member; words: readonly string[] }> {
  world = await World.make();
  const member = new Member([]);
  const first = await member.opens();
  await first.makeKey();
  const words = await first.designations.ownWords();
  member.roles = [role];
  await first.askSession();
  await first.signIn.out();
  return { member, words };
}

for (const role of ["secretariat", "regional-auditor"]) {
  it(`shows a ${role} the same six words in every session after the first`, async () => {
    const { member, words } = await admitted(role);
    expect(words).toHaveLength(6);
    const client = await member.opens();
    await client.signIn.password("a", "b");
    expect(await client.designations.ownWords()).toEqual(words);
    expect(member.errors).toEqual([]);
  });

  it(`shows them to a ${role} on a reload too, however early the page asks`, async () => {
    const { member, words } = await admitted(role);
    await (await member.opens()).signIn.password("a", "b");
    const client = member.client();
    let asked: Promise<string[]> | null = null;
    client.subscribe(({ session }) => {
      if (session.state === "full") asked ??= client.designations.ownWords();
    });
    await client.start();
    expect(await asked).toEqual(words);
  });

  it(`fetches nothing of cases, threads or requests for a ${role}`, async () => {
    const { member } = await admitted(role);
    const client = await member.opens();
    world.service.calls = [];
    await client.signIn.password("a", "b");
    await client.designations.ownWords();
    await until("the log was looked at", () => world.service.calls.includes("checkpoint"));
    const { device } = client.view().session;
    expect({ device, cases: client.view().cases }).toEqual({ device: null, cases: [] });
    const ofTheLog = ["policy", "checkpoint", "list"];
    const asked = new Set(world.service.calls.filter((one) => !ofTheLog.includes(one)));
    expect(asked).toEqual(new Set(["session", "unlockShare"]));
    expect(world.service.sockets.open.size).toBe(0);
  });
}

it("shows none, and no failure, where the key lies in another browser", async () => {
  const { member } = await admitted("secretariat");
  const client = await member.opens(new Disk());
  await client.signIn.password("a", "b");
  expect(await client.designations.ownWords()).toEqual([]);
});
