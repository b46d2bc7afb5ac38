/** What a person can do about a circle that stopped. */

import type { Json } from "../../canonical";
import type { Desk } from "../desk";
import { evidenceOf } from "./evidence";

export interface FrozenActs {
  /** What was refused and where this device stood, to be handed to others: nothing confidential. */
  evidence(circle: string): Promise<Json>;
  /** Go on from a stopped thread, or a case's circle, in a new thread for exactly `people`. */
  continueThread(circle: string, name: string, people: string[]): Promise<string>;
  /** Go on from a stopped draft in a new request for exactly `people`. */
  continueDraft(request: string, title: string, people: string[]): Promise<string>;
  /** Go on in what somebody else has opened. */
  goOnIn(circle: string, into: string): Promise<void>;
  /** Take an unsent text of a stopped circle over into where it goes on. */
  bringUnsent(circle: string, id: string, into: string): Promise<void>;
  dropUnsent(circle: string, id: string): Promise<void>;
}

export function frozenActs(
  at: () => Desk,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
): FrozenActs {
  return {
    evidence: (circle) => guarded(() => evidenceOf(at().core, circle)),
    continueThread: (circle, name, people) =>
      guarded(() => at().frozen.continueThread(circle, name, people)),
    continueDraft: (request, title, people) =>
      guarded(() => at().frozen.continueDraft(request, title, people)),
    goOnIn: (circle, into) => guarded(() => at().frozen.goOnIn(circle, into)),
    bringUnsent: (circle, id, into) => guarded(() => at().frozen.bring(circle, id, into)),
    dropUnsent: (circle, id) => guarded(() => at().frozen.drop(circle, id)),
  };
}
