/** The public log as the screen sees it: what is watched, what contradicts, what one has in hand. */

import { isOverdue } from "../../state/logCheck";
import { stageOf } from "../../state/receipts";
import { LogMemory } from "../../store/log";
import { evidenceFile } from "../../verify/tlog/evidence";
import type { Deps } from "../deps";
import type { Mirror } from "../mirror";
import type { Alarm } from "./alarm";
import type { Watched } from "./believed";
import type { Receipts } from "./receipts";
import type { Constancy } from "./rows";
import { LogWatch } from "./watch";

export type { Constancy } from "./rows";

const SHOWN = 200;

export type LogView = {
  /** What contradicts the log that was believed here. */
  alarm: { code: string; origin: string; at: string; lasting: boolean } | null;
  /** It once did, and no longer does: evidence of it is kept. */
  past: { code: string; origin: string; at: string } | null;
  /** When everything was last found to hold. */
  checked: string | null;
  /** It should have been looked at since, and could not. */
  overdue: boolean;
  /** For so long that nobody is let in. */
  unchecked: boolean;
  /** It shows nothing newer than what witnesses had cosigned a day ago. */
  behind: boolean;
  logs: Watched[];
  /** The bundle says whose signatures count; otherwise the first policy seen here does. */
  pinned: boolean;
  /** Acts that wait for their proofs now, and how many have done so in vain. */
  settling: number;
  unsettled: number;
  /** Promises of one's own that were not kept in time. */
  late: number;
  due: number;
};

export interface LogActs {
  /** One's own acts on this device, the newest first, and answers that promised nothing. */
  constancy(): Promise<{ rows: Constancy[]; unpromised: readonly { act: string; at: number }[] }>;
  /** The tlog-proof of one of them, or the promise that was not kept. */
  constancyFile(name: string): Promise<{ name: string; text: string } | null>;
  /** Both signed notes of the alarm, or of the one before, for whoever is to judge it. */
  logEvidence(which: "alarm" | "past"): { name: string; text: string } | null;
  /** Believe what the server says now, and forget what was: a person's decision. */
  startLogAnew(): Promise<void>;
}

/** The watch of one page, and what it has to say. */
export class LogPart {
  readonly watch: LogWatch | null;

  constructor(
    deps: Deps,
    private readonly receipts: () => Receipts | null,
    changed: () => void,
  ) {
    const { publicLog } = deps.api;
    this.watch = publicLog
      ? new LogWatch(deps, publicLog, new LogMemory(deps.store), changed)
      : null;
  }

  /** What let somebody in, or a key count, without a person's store being open. */
  async letting<T>(act: () => Promise<T>): Promise<T> {
    const receipts = this.receipts();
    if (receipts) return receipts.changeTrust(act);
    await this.watch?.requireSoundNow();
    return act();
  }

  readonly acts: LogActs = {
    constancy: async () => ({
      rows: (await this.receipts()?.list(SHOWN)) ?? [],
      unpromised: (await this.receipts()?.unpromised()) ?? [],
    }),
    constancyFile: async (name) => (await this.receipts()?.file(name)) ?? null,
    logEvidence: (which) => {
      const alarm = this.watch?.[which] ?? null;
      return alarm && { name: fileName(alarm), text: evidenceFile(alarm.evidence) };
    },
    startLogAnew: async () => this.watch?.startAnew(),
  };

  view(mirror: Mirror | null): LogView {
    const { watch } = this;
    const stages = mirror ? [...mirror.promises.values()].map(stageOf) : [];
    const checked = watch?.checked ?? null;
    return {
      alarm: watch?.alarm ?? null,
      past: watch?.past ?? null,
      checked: checked === null ? null : new Date(checked).toISOString(),
      overdue: watch?.failing === true && isOverdue(watch.unchecked),
      unchecked: watch?.failing === true && watch.tooLong,
      behind: watch?.behind ?? false,
      logs: watch?.logs ?? [],
      pinned: watch?.pinned ?? false,
      settling: watch?.settling ?? 0,
      unsettled: watch?.unsettled ?? 0,
      late: stages.filter((one) => one === "late").length,
      due: stages.filter((one) => one === "due" || one === "wrong").length,
    };
  }
}

function fileName({ origin, at }: Alarm): string {
  return `${origin.replaceAll(/[^A-Za-z0-9.-]/g, "-")}-${at.slice(0, 10)}.evidence.json`;
}
