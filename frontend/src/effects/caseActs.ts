/** Cases, their threads and who is in them: the client's door to what is done about these. */

import type { Desk } from "./desk";
import type { LogWatch } from "./log/watch";

export interface CaseActs {
  /**
   * Resolves with the case's id when its group is begun and its title queued. Other States than
   * one's own are proposed; they are in once two others have agreed. `retention`: the class of how
   * long it is kept, the usual one unless told.
   */
  openCase(states: string[], title: string, urgent?: boolean, retention?: string): Promise<string>;
  /** Resolves with the circle. Persons without a device come in when they have one. */
  openThread(caseId: string, name: string, people: string[]): Promise<string>;
  addPerson(caseId: string, person: string, circles: string[]): Promise<void>;
  removePerson(caseId: string, person: string): Promise<void>;
  /** Take a person out of one thread only. */
  removeReader(circle: string, person: string): Promise<void>;
  /** Give a case its first title, or another. */
  nameCase(caseId: string, title: string): Promise<void>;
  nameThread(circle: string, name: string): Promise<void>;
  /** Renew this device's keys in a thread now. */
  renewKeys(circle: string): Promise<void>;
}

export function caseActs(
  at: () => Desk,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
  watch: () => LogWatch | null,
): CaseActs {
  const letting = <T>(act: (desk: Desk) => Promise<T>) =>
    guarded(() => at().letting(() => act(at())));
  const shutting = <T>(act: (desk: Desk) => Promise<T>) =>
    guarded(() => at().shutting(() => act(at())));
  return {
    openCase: (...asked) => guarded(() => at().intents.openCase(...asked)),
    openThread: (caseId, name, people) =>
      guarded(async () => {
        await watch()?.requireSoundNow(); // there is nothing to read in it yet, so it waits for nothing
        return at().intents.openThread(caseId, name, people);
      }),
    addPerson: (...asked) => letting((desk) => desk.intents.addPerson(...asked)),
    nameCase: (caseId, title) => guarded(() => at().intents.nameCase(caseId, title)),
    nameThread: (circle, name) => guarded(() => at().intents.nameThread(circle, name)),
    removePerson: (...asked) => shutting((desk) => desk.intents.removePerson(...asked)),
    removeReader: (...asked) => shutting((desk) => desk.intents.removeReader(...asked)),
    renewKeys: (circle) => guarded(async () => void (await at().reconcile.renewNow(circle))),
  };
}
