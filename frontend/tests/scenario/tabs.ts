/**
 * Tabs of one browser profile, each of which can die at any moment, as a process does: without a
 * word to anybody. What it had under way reaches neither disk nor network, and its lock is free.
 */

import type { Api } from "../../src/api/api";
import { type CaseHubClient, openClient } from "../../src/effects/client";
import { type Locks, systemRandom } from "../../src/effects/deps";
import type { Backend, StoreFactory } from "../../src/store/backend";
import { Crash, type Disk } from "./stores";
import type { World } from "./world";

/** Waiting takes a hundredth of its time here, and time itself passes so much faster. */
const FASTER = 100;
const QUICKER = 20;
const begun = Date.now();
const clock = () => begun + (Date.now() - begun) * QUICKER;

/** Where a tab dies: around its next write to the disk, or around the next frame that it sends. */
export type Point = "before a write" | "after a write" | "before a frame" | "after a frame";

export type Tab = {
  client: CaseHubClient;
  readonly dead: boolean;
  /** Over when it is dead. */
  death: Promise<void>;
  /** Let it die there. */
  dieAt(point: Point): void;
  kill(): void;
};

export class Profile {
  readonly #tails = new Map<string, Promise<unknown>>();
  readonly #listeners = new Map<Tab, (message: unknown) => void>();
  /** All frames that left any tab. */
  readonly frames: { type: string; body?: string }[] = [];
  readonly errors: unknown[] = [];

  constructor(
    private readonly world: World,
    readonly person: string,
    private readonly disk: Disk,
  ) {}

  async open(): Promise<Tab> {
    const life = new Life();
    const tab: Tab = {
      get dead() {
        return life.over;
      },
      death: life.death,
      dieAt: (point) => {
        life.point = point;
      },
      kill: () => {
        life.end();
        this.#listeners.delete(tab);
      },
    } as Tab;
    void life.death.then(() => this.#listeners.delete(tab));
    const { authority, book, engine, stock } = this.world;
    tab.client = openClient({
      api: this.#wired(life),
      store: this.#stored(life),
      locks: this.#locks(life),
      clock,
      random: systemRandom,
      roots: authority.roots,
      book,
      ...(stock && { stock }),
      holdsIdentity: true,
      ...(engine && { engine }),
      timers: {
        after: (ms, run) => {
          const timer = setTimeout(() => life.over || run(), ms / FASTER);
          return () => clearTimeout(timer);
        },
      },
      channel: (_name, listener) => {
        this.#listeners.set(tab, listener);
        return {
          post: (message) => life.over || this.#spread(tab, message),
          close: () => this.#listeners.delete(tab),
        };
      },
      report: (error) => life.over || this.errors.push(error),
    });
    await tab.client.start();
    return tab;
  }

  #spread(from: Tab, message: unknown): void {
    for (const [tab] of this.#listeners) {
      if (tab !== from) setTimeout(() => this.#listeners.get(tab)?.(message), 0);
    }
  }

  /** One after the other over all tabs; whoever dies is waited for no longer. */
  #locks(life: Life): Locks {
    return {
      run: (name, task) => {
        const before = this.#tails.get(name) ?? Promise.resolve();
        const mine = before.then(() => (life.over ? life.never<never>() : task()));
        const end = Promise.race([mine.catch(() => undefined), life.death]);
        this.#tails.set(
          name,
          before.then(() => end),
        );
        return mine;
      },
    };
  }

  #stored(life: Life): StoreFactory {
    return {
      open: async (name) => {
        const backend: Backend = await this.disk.open(name);
        return {
          ...backend,
          write: async (batch) => {
            if (life.reached("before a write") || life.over) throw new Crash();
            await backend.write(batch);
            life.reached("after a write");
          },
        };
      },
    };
  }

  #wired(life: Life): Api {
    const api = this.world.service.api(this.person);
    const calls = Object.entries(api).map(([name, call]) => [
      name,
      typeof call !== "function"
        ? call
        : async (...given: never[]) => {
            if (life.over) return life.never();
            const answer = await (call as (...all: never[]) => unknown)(...given);
            return life.over ? life.never() : answer;
          },
    ]);
    const wired = Object.fromEntries(calls) as Api;
    return {
      ...wired,
      connect: async (listener) => {
        const socket = await api.connect({
          frame: (frame) => life.over || listener.frame(frame),
          closed: (code) => life.over || listener.closed(code),
        });
        void life.death.then(() => socket.close());
        return {
          close: () => socket.close(),
          send: (frame) => {
            if (life.over || (frame.type === "post" && life.reached("before a frame"))) return true;
            this.frames.push(frame);
            const sent = socket.send(frame);
            if (frame.type === "post") life.reached("after a frame");
            return sent;
          },
        };
      },
    };
  }
}

class Life {
  over = false;
  point: Point | null = null;
  end: () => void = () => undefined;
  readonly death = new Promise<void>((resolve) => {
    this.end = () => {
      this.over = true;
      resolve();
    };
  });

  /** Whether it dies here and now. */
  reached(point: Point): boolean {
    if (this.over || this.point !== point) return false;
    this.end();
    return true;
  }

  never<T>(): Promise<T> {
    return new Promise(() => undefined);
  }
}
