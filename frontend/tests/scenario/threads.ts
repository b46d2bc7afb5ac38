/** How threads stand, as the server says it: of one, or of all that somebody reads. */

import type { Api } from "../../src/api/api";
import type { ThreadInfo } from "../../src/api/schema";

/** Threads in one answer: few, so that there are more pages than one. */
const PAGE = 3;

type Threads = {
  /** Of which there is a group, and that the caller reads. */
  ids(): string[];
  group(id: string): (Pick<ThreadInfo, "epoch" | "roster"> & { log: unknown[] }) | undefined;
  /** @throws if the caller does not read it. */
  people(id: string): string[];
  devices(person: string): string[];
  /** How far the caller's device says that it has processed it. */
  acknowledged(id: string): number;
};

export function threadRoutes(all: Threads): Pick<Api, "thread" | "threads"> {
  const infoOf = (id: string): ThreadInfo => {
    const people = all.people(id);
    const group = all.group(id);
    return {
      epoch: group?.epoch ?? 0,
      head: group?.log.length ?? 0,
      roster: group?.roster ?? [],
      entitled: people.map((person) => ({ person, devices: all.devices(person) })),
      started: group !== undefined,
      acknowledged: all.acknowledged(id),
    };
  };
  return {
    thread: async (id) => infoOf(id),
    threads: async (after) => {
      const left = all
        .ids()
        .sort()
        .filter((id) => id > (after ?? ""));
      const page = left.slice(0, PAGE).map((id) => ({ thread: id, ...infoOf(id) }));
      return { threads: page, more: left.length > page.length };
    },
  };
}
