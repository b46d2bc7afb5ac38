/** What the effects need from outside: given by the browser, by Node, or by a test. */

import type { Api } from "../api/api";
import type { Timers } from "../api/socket";
import type { LeafCheck, MlsEngine } from "../crypto/engine";
import type { Book } from "../rules/book";
import type { StoreFactory } from "../store/backend";
import type { Roots } from "../verify/chain";

/** Mutual exclusion by name over everything that shares a store: tabs, or one Node process. */
export interface Locks {
  run<T>(name: string, task: () => Promise<T>): Promise<T>;
}

export type Random = {
  uuid(): string;
  bytes(length: number): Uint8Array;
  /** From 0 up to 1, for spreading things in time; never for keys. */
  chance(): number;
};

/** Tells the other tabs of this person that the store changed. */
export type Channel = {
  post(message: unknown): void;
  close(): void;
};

export type WebAuthn = {
  get(options: Record<string, unknown>): Promise<unknown>;
  create(options: Record<string, unknown>): Promise<unknown>;
};

/** How the page looks, as a text: the page's own business. */
export type Preferences = { read(): string; write(text: string): void };

/** Key packages of this device that wait at the server: filled up to `full` from under `least`. */
export type Stock = { readonly full: number; readonly least: number };

export type Deps = {
  api: Api;
  store: StoreFactory;
  locks: Locks;
  /** Milliseconds since 1970. */
  clock: () => number;
  random: Random;
  roots: Roots;
  /** The tlog-policy that the bundle pins; without one the first that is seen is kept. */
  logPolicy?: string | null;
  timers?: Timers;
  channel?: (name: string, listener: (message: unknown) => void) => Channel;
  webauthn?: WebAuthn;
  preferences?: Preferences;
  /** A program that has its person's identity key from elsewhere: it asks no other device. */
  holdsIdentity?: boolean;
  /** How many key packages wait at the server; `STOCK` of device.ts, unless told. */
  stock?: Stock;
  /** Told of errors that nobody waits for. */
  report?: (error: unknown) => void;
  /** The rulebook, when it is first needed. */
  book?: () => Promise<Book>;
  engine?: (check: LeafCheck) => Promise<MlsEngine>;
};

export const systemTimers: Timers = {
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Turns in the order of asking, inside one process. */
export function processLocks(): Locks {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run: (name, task) => {
      const mine = (tails.get(name) ?? Promise.resolve()).then(task);
      tails.set(
        name,
        mine.catch(() => undefined),
      );
      return mine;
    },
  };
}

export const systemRandom: Random = {
  uuid: () => crypto.randomUUID(),
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  chance: () => Math.random(),
};
