/** A public log as a server hands it out, and a browser's store beside it. */

import { ApiError } from "../../src/api/errors";
import { Feed, type LogApi } from "../../src/api/log";
import type { Receipt } from "../../src/api/schema";
import { type Deps, processLocks } from "../../src/effects/deps";
import { LogWatch } from "../../src/effects/log/watch";
import { LogMemory } from "../../src/store/log";
import { Disk } from "../scenario/stores";
import type { LogInHand } from "../vectors/log";

export class LogServer implements LogApi {
  readonly feed = new Feed();
  policyText: string;
  note = "";
  /** Receipts that it knows, by event. */
  readonly known = new Map<number, Receipt>();
  fails: Error | null = null;
  /** In place of receipts. */
  withholds: Error | null = null;

  constructor(public log: LogInHand) {
    this.policyText = log.policyText;
  }

  /** Show the first `size` entries of a log. */
  async show(size: number, log = this.log): Promise<void> {
    this.log = log;
    this.note = await log.note(size);
  }

  list = async () => {
    if (this.fails) throw this.fails;
    return [{ name: "acts-2026", origin: this.log.origin, size: 1 }];
  };
  policy = async () => this.policyText;
  checkpoint = async () => {
    if (this.note === "") throw new ApiError("not-found", 404, "", "", {});
    return this.note;
  };
  file = async (_: string, path: string) => this.log.read(path);
  receipts = async (events: readonly number[]) => {
    if (this.withholds) throw this.withholds;
    return events.flatMap((event) => this.known.get(event) ?? []);
  };
}

/** A page's watch; the same disk again is the same browser after a reload. */
export function watchOf(
  api: LogServer,
  { disk = new Disk(), pinned = null as string | null, clock = Date.now } = {},
) {
  const errors: unknown[] = [];
  const deps = {
    store: disk,
    locks: processLocks(),
    clock,
    logPolicy: pinned,
    timers: { after: () => () => undefined },
    report: (error: unknown) => errors.push(error),
  } as Pick<Deps, "store" | "locks" | "clock" | "report"> as Deps;
  const watch = new LogWatch(deps, api, new LogMemory(disk), () => undefined);
  return { watch, disk, errors, deps };
}
