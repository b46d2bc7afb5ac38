/** Closing cases, keeping them longer or less long, holding them: with a device or without one. */

import type {
  HoldGround,
  HoldRow,
  KeepingRow,
  Retention,
  ShorteningRow,
} from "../../api/retention";
import type { Deps } from "../deps";
import { liftDigest, shorteningDigest } from "./digests";
import type { Keeping } from "./keeping";

export interface RetentionActs {
  /** Whoever has no device reads it here: how long the cases of their State are kept. */
  list(): Promise<Retention>;
  close(caseId: string): Promise<Retention>;
  reopen(caseId: string): Promise<Retention>;
  keepLonger(caseId: string, code: string): Promise<Retention>;
  proposeShorter(caseId: string, code: string): Promise<Retention>;
  /** What is signed is what was shown. */
  agreeToShorter(shown: ShorteningRow, of: KeepingRow): Promise<Retention>;
  refuseShorter(id: string): Promise<Retention>;
  hold(caseId: string, ground: HoldGround): Promise<Retention>;
  holdNote(circle: string, ground: HoldGround): Promise<Retention>;
  askLift(id: string): Promise<Retention>;
  agreeToLift(shown: HoldRow, of: Pick<KeepingRow, "reference">): Promise<Retention>;
  refuseLift(id: string): Promise<Retention>;
}

export function retentionActs(
  { api, random }: Deps,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
  letting: <T>(act: () => Promise<T>) => Promise<T>,
  desk: () => { keeping: Keeping; notes: { look(): Promise<void> } } | null,
): RetentionActs {
  const { retention } = api;
  const done = (act: () => Promise<Retention>): Promise<Retention> =>
    guarded(async () => {
      const told = await act();
      await desk()?.notes.look(); // holds on notes stand there
      await desk()?.keeping.take(told);
      return told;
    });
  /** What brings a deletion nearer is said to be done once the log has proven it. */
  const proven = (act: () => Promise<Retention>) => done(() => letting(act));
  return {
    list: () => done(() => api.retained(true)),
    close: (id) => proven(() => retention.close(id)),
    reopen: (id) => done(() => retention.reopen(id)),
    keepLonger: (id, code) => done(() => retention.keepLonger(id, code)),
    proposeShorter: (id, code) => proven(() => retention.proposeShorter(id, random.uuid(), code)),
    agreeToShorter: (shown, of) =>
      proven(async () => retention.agreeToShorter(shown.id, await shorteningDigest(shown, of))),
    refuseShorter: (id) => done(() => retention.refuseShorter(id)),
    hold: (id, ground) => done(() => retention.hold(id, random.uuid(), ground)),
    holdNote: (circle, ground) => done(() => retention.holdNote(circle, random.uuid(), ground)),
    askLift: (id) => proven(() => retention.askLift(id)),
    agreeToLift: (shown, of) =>
      proven(async () => retention.agreeToLift(shown.id, await liftDigest(shown, of))),
    refuseLift: (id) => done(() => retention.refuseLift(id)),
  };
}
