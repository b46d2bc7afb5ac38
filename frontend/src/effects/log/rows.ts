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

export function pendingRow(name: string, record: PromiseRecord): Constancy {
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

export function settledRow(name: string, record: ReceiptRecord): Constancy {
  const { act, index, log, cosigned, kind } = record;
  const heard = new Date(record.heard).toISOString();
  const stage = kind === null ? ("unopened" as const) : ("settled" as const);
  return { name, act, heard, stage, index, log, cosigned, file: "proof" };
}
