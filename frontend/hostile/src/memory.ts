/** What the host knows of its threads: it stores them, so it has every byte that is not a secret. */

import type { WireEntry } from "./forge";
import { type Answered, type Asked, type Between, type Frame, json } from "./proxy";

const THREAD = /^\/api\/threads\/([0-9a-f-]{36})(?:\/commits)?$/;
const LOG = /^\/api\/threads\/([0-9a-f-]{36})\/log\b/;

export class Memory {
  /** The newest GroupInfo of each thread, base64url. */
  readonly groups = new Map<string, string>();
  /** Checkpoints of the directory's log, each other than the one before it. */
  readonly checkpoints: Answered[] = [];
  /** The device that each person works as. */
  readonly devices = new Map<string, string>();
  readonly #entries = new Map<string, Map<number, WireEntry>>();
  constructor(proxy: Between) {
    proxy.seen = (asked, answered) => this.#saw(asked, answered);
    proxy.heard = (frame) => this.#heard(frame);
  }

  last(circle: string): WireEntry | undefined {
    const known = [...(this.#entries.get(circle)?.values() ?? [])];
    return known.sort((a, b) => a.seq - b.seq).at(-1);
  }

  at(circle: string, seq: number): WireEntry | undefined {
    return this.#entries.get(circle)?.get(seq);
  }

  #saw(asked: Asked, answered: Answered): void {
    if (answered.status >= 400) return;
    const thread = THREAD.exec(asked.path)?.[1];
    if (thread !== undefined && asked.method === "POST") {
      const { group_info } = JSON.parse(asked.body) as { group_info?: string };
      if (group_info !== undefined) this.groups.set(thread, group_info);
    }
    if (/^\/api\/devices(\/select)?$/.test(asked.path) && asked.method === "POST") {
      const device = json<{ device: string }>(answered)?.device;
      if (device !== undefined) this.devices.set(asked.person, device);
    }
    if (asked.path === "/api/log/dir/checkpoint") {
      const last = this.checkpoints.at(-1);
      if (!last?.body.equals(answered.body)) this.checkpoints.push(answered);
    }
    const logged = LOG.exec(asked.path)?.[1];
    if (logged !== undefined) this.#keep(logged, json<{ entries: WireEntry[] }>(answered)?.entries);
  }

  #heard(frame: Frame): void {
    if (frame.type === "entries") this.#keep(String(frame.thread), frame.entries as WireEntry[]);
  }

  #keep(circle: string, entries: readonly WireEntry[] = []): void {
    const known = this.#entries.get(circle) ?? new Map<number, WireEntry>();
    for (const entry of entries) known.set(entry.seq, entry);
    this.#entries.set(circle, known);
  }
}
