/** Clients around one service, and the words the scenarios are written in. */

import { expect } from "vitest";
import { type CaseHubClient, openClient } from "../../src/effects/client";
import { type Deps, processLocks, type Stock, systemRandom } from "../../src/effects/deps";
import type { Book } from "../../src/rules/book";
import { loadBook } from "../../src/rules/load";
import { lessWasteful } from "../webcrypto";
import { type Authority, makeAuthority } from "./authority";
import { Service } from "./service";
import { Disk } from "./stores";

lessWasteful();

const alive = new Set<Desk>();

/** Waiting takes a hundredth of its time here. */
const FASTER = 100;

/** Making key packages is most of a start; few are used here, and `close` sees to it that none ran out. */
const FEW: Stock = { full: 16, least: 8 };

export type Desk = {
  person: string;
  disk: Disk;
  client: CaseHubClient;
  errors: unknown[];
  /** The same profile again, as after a reload. */
  reopen(): Promise<void>;
  /** A further tab on the same store. */
  tab(at?: () => number): Promise<CaseHubClient>;
  /** The process is gone, without any farewell. */
  kill(): void;
};

export class World {
  readonly desks: Desk[] = [];
  /** The rulebook that clients made from now on have. */
  book: () => Promise<Book> = loadBook;
  /** The engine that clients made from now on have; the real one unless told. */
  engine: Deps["engine"];
  /** How many key packages clients made from now on keep at the service; null as they do it. */
  stock: Stock | null = FEW;

  private constructor(
    readonly authority: Authority,
    readonly service: Service,
  ) {}

  static async make(): Promise<World> {
    const authority = await makeAuthority();
    return new World(authority, new Service(authority));
  }

  async person(state?: string): Promise<Desk> {
    const person = await this.authority.addPerson(undefined, state);
    return this.device(person);
  }

  /** A browser that has to ask, once the person has a device. */
  browser(person: string, disk = new Disk(), clock = Date.now): Promise<Desk> {
    return this.device(person, disk, clock, false);
  }

  async device(
    person: string,
    disk = new Disk(),
    clock = Date.now,
    holdsIdentity = true,
  ): Promise<Desk> {
    const errors: unknown[] = [];
    const locks = processLocks();
    const tabs = new Set<(message: unknown) => void>();
    let power = { on: true };
    const make = (at = clock): CaseHubClient => {
      const mine = { on: true };
      power = mine;
      const api = this.service.api(person);
      return openClient({
        api,
        store: disk,
        locks,
        clock: at,
        random: systemRandom,
        roots: this.authority.roots,
        book: this.book,
        ...(this.stock && { stock: this.stock }),
        ...(holdsIdentity && { holdsIdentity }),
        ...(this.engine && { engine: this.engine }),
        timers: {
          after: (ms, run) => {
            const timer = setTimeout(() => mine.on && run(), ms / FASTER);
            return () => clearTimeout(timer);
          },
        },
        channel: (_name, listener) => {
          tabs.add(listener);
          return {
            post: (message) => {
              for (const other of tabs) {
                if (other !== listener) setTimeout(() => tabs.has(other) && other(message), 0);
              }
            },
            close: () => tabs.delete(listener),
          };
        },
        report: (error) => errors.push(error),
      });
    };
    const desk: Desk = {
      person,
      disk,
      client: make(),
      errors,
      reopen: async () => {
        desk.kill();
        disk.powerOn();
        desk.client = make();
        await desk.client.start();
      },
      tab: async (at) => {
        const client = make(at);
        await client.start();
        return client;
      },
      kill: () => {
        power.on = false;
        tabs.clear();
        this.service.sockets.cut(person);
        void desk.client.close().catch(() => undefined);
      },
    };
    this.desks.push(desk);
    alive.add(desk);
    await desk.client.start();
    return desk;
  }

  async close(): Promise<void> {
    alive.clear();
    for (const desk of this.desks) await desk.client.close().catch(() => undefined);
    const { lastResorts } = this.service.registry;
    expect(lastResorts, "a device's last resort was handed out").toBe(0);
  }
}

/** The texts of a thread as somebody sees them. */
export async function texts(client: CaseHubClient, circle: string): Promise<string[]> {
  const lines = await client.lines(circle, { limit: 100_000 });
  return lines.flatMap((line) => (line.kind === "message" ? [line.message.text] : []));
}

/** The texts that the server has accepted. */
export async function accepted(client: CaseHubClient, circle: string): Promise<string[]> {
  const lines = await client.lines(circle, { limit: 100_000 });
  return lines.flatMap((line) =>
    line.kind === "message" && line.message.seq !== null ? [line.message.text] : [],
  );
}

export function threadOf(client: CaseHubClient, circle: string) {
  return client
    .view()
    .cases.flatMap((one) => one.threads)
    .find((thread) => thread.circle === circle);
}

export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  ms = 8_000,
): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) {
      const seen = [...alive].flatMap((desk) => [
        desk.errors.map(String),
        JSON.stringify(
          desk.client.view().cases.map((one) => one.threads),
          null,
          1,
        ),
      ]);
      expect.fail(`waited in vain until ${what}\n${seen.join("\n")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Two persons in one case with one thread, both in its group. */
export async function talking(
  world: World,
): Promise<{ ana: Desk; boris: Desk; circle: string; caseId: string }> {
  const ana = await world.person();
  const boris = await world.person();
  const caseId = await ana.client.openCase(["SV"], "Caso Río");
  await ana.client.addPerson(caseId, boris.person, []);
  const circle = await ana.client.openThread(caseId, "Traslado", [boris.person]);
  await until("both are in", () => {
    const view = threadOf(boris.client, circle);
    return view?.status === "active" && view.name === "Traslado";
  });
  return { ana, boris, circle, caseId };
}
