/** Own acts as *Mi constancia* lists them. */

import { type Stage, stageOf } from "../../state/receipts";
import { type PromiseRecord, padded, type ReceiptRecord } from "../../store/records";

/** One own act as its author may see it. */
export type Constancy = {
  /** Under which its file is asked for. */
  name: string;
  act: string;
  heard: string;
  stage: Stage | "settled";
  index: number | null;
  log: string | null;
  cosigned: readonly string[];
  /** Whether there is something to carry away. */
  file: "proof" | "promise" | null;
};

/** Two promises under one number are of two histories of the server's database. */
export function nameOf({ event, promise }: PromiseRecord): string {
  const hash = promise === null ? "" : (promise.split(" ")[3] ?? "");
  return `${padded(event)}-${hash.replaceAll("/", "_")}`;
}

/**
 * What is promised and what is proven, each by its name, the newest first. They are read one after
 * the other: what was proven in between is in both, and its proof stands.
 */
export function rowsOf(
  open: readonly (readonly [string, PromiseRecord])[],
  settled: readonly (readonly [string, ReceiptRecord])[],
): Constancy[] {
  const rows = new Map([
    ...open.map(([name, one]) => [name, pendingRow(name, one)] as const),
    ...settled.map(([name, one]) => [name, settledRow(name, one)] as const),
  ]);
  return [...rows.values()].sort((a, b) => (a.heard < b.heard ? 1 : -1));
}

function pendingRow(name: string, record: PromiseRecord): Constancy {
  const { act, unopened, promise } = record;
  const heard = new Date(record.heard).toISOString();
  const stage = stageOf(record);
  if (unopened !== undefined) {
    const { index, log, cosigned } = unopened;
    return { name, act, heard, stage, index, log, cosigned, file: "proof" };
  }
  const file = promise === null ? null : ("promise" as const);
  return { name, act, heard, stage, index: null, log: null, cosigned: [], file };
}

function settledRow(name: string, record: ReceiptRecord): Constancy {
  const { act, index, log, cosigned, kind } = record;
  const heard = new Date(record.heard).toISOString();
  const stage = kind === null ? ("unopened" as const) : ("settled" as const);
  return { name, act, heard, stage, index, log, cosigned, file: "proof" };
}
