/** Stopping a person, a device, a State: done at once, and signed where this person holds a key. */

import type { OwnDevice } from "../api/devices";
import type { OwnStop, SessionInfo, StateAccess, WireStatement } from "../api/schema";
import type { Json } from "../canonical";
import { instantText, type StatementType, signStatement } from "../crypto/statements";
import type { Deps } from "./deps";

/** What a signature says until its signer has picked a reason. */
const NO_REASON = "other";

export interface StoppingActs {
  /** Stop a person; of one who is stopped already, say why, or sign it. */
  suspend(person: { id: string; state: string }, reason?: string): Promise<OwnStop>;
  /** End a person's access for good. */
  dismiss(person: { id: string; state: string }, reason?: string): Promise<OwnStop>;
  revokeDevice(
    device: string,
    of: { id: string; state: string },
    reason?: string,
  ): Promise<OwnStop>;
  devicesOf(person: string): Promise<OwnDevice[]>;
  stateAccess(code: string): Promise<StateAccess>;
  stopState(code: string, reason?: string): Promise<StateAccess>;
  confirmStateStop(code: string, stop: string): Promise<StateAccess>;
  liftState(code: string, stop: string): Promise<StateAccess>;
}

/**
 * `guarded` notices the session's end; `shutting` lets the log be asked for a place of the act;
 * `learned` reads anew who is stopped.
 */
export function stoppingActs(
  { api, clock, random }: Deps,
  session: () => SessionInfo,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
  learned: () => Promise<void>,
): StoppingActs {
  /** Null without a key: nothing of a stop waits for a signature. */
  async function signed(
    type: StatementType,
    state: string,
    fields: { readonly [key: string]: Json },
  ): Promise<WireStatement | null> {
    if (!session().demo || state === "" || session().person?.state !== state) return null;
    try {
      const key = await api.demoIdentityKey();
      const common = { serial: random.uuid(), issued: instantText(clock()), state };
      const statement = await signStatement(type, { ...common, ...fields }, [key]);
      key.fill(0);
      return statement as WireStatement;
    } catch {
      return null;
    }
  }

  function revocation(
    of: { id: string; state: string },
    kind: "suspended" | "removed" | "device",
    device: string | null,
    reason: string,
  ): Promise<WireStatement | null> {
    const fields = { person: of.id, device, kind, reason: reason || NO_REASON };
    return signed("revocation", of.state, fields);
  }

  const act = <T>(run: () => Promise<T>): Promise<T> =>
    guarded(async () => {
      const result = await run();
      await learned();
      return result;
    });

  return {
    suspend: (person, reason = "") =>
      act(async () => {
        const statement = await revocation(person, "suspended", null, reason);
        return api.suspend(person.id, { reason, statement });
      }),
    dismiss: (person, reason = "") =>
      act(async () => {
        const statement = await revocation(person, "removed", null, reason);
        return api.dismiss(person.id, { reason, statement });
      }),
    revokeDevice: (device, of, reason = "") =>
      act(async () => {
        const statement = await revocation(of, "device", device, reason);
        return api.revokeDevice(device, { reason, statement });
      }),
    devicesOf: (person) => guarded(() => api.devicesOf(person)),
    stateAccess: (code) => guarded(() => api.stateAccess(code)),
    stopState: (code, reason = "") => act(() => api.stopState(code, { reason, statement: null })),
    confirmStateStop: (code, stop) =>
      act(() => api.confirmStateStop(code, { stop, statement: null })),
    liftState: (code, stop) => act(() => api.liftState(code, { stop, statement: null })),
  };
}
