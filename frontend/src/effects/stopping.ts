/** Stopping a person, a device, a State: done at once, and signed where this browser holds the key. */

import type { OwnDevice } from "../api/devices";
import type { SessionInfo, WireStatement } from "../api/schema";
import type { OwnStop, StateAccess } from "../api/stops";
import type { StatementType } from "../crypto/statements";
import { type Deps, systemTimers } from "./deps";
import type { Fields, Signer } from "./identity";
import { confirmationOf, liftOf, NO_REASON } from "./stateStops";

/** A stop waits no longer than this for the store to be opened, in milliseconds. */
const OPENED_WITHIN = 2_000;

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
  /** Stand behind a State's stop: under the first hand's own bytes, where it signed. */
  confirmStateStop(code: string, stop: string): Promise<StateAccess>;
  /**
   * Ask that a State's stop be lifted, or be the second who does: of a signed one, by signature.
   *
   * @throws {NotPossible} payload-changed, if the first signed something else than is shown.
   */
  liftState(code: string, stop: string): Promise<StateAccess>;
}

type Door = {
  readonly session: () => SessionInfo;
  /** Notices the session's end. */
  readonly guarded: <T>(act: () => Promise<T>) => Promise<T>;
  /** Reads anew who is stopped. */
  readonly learned: () => Promise<void>;
  /** The key of the store that is open; null where none is. */
  readonly signer: () => Signer | null;
  /** The store being opened; null where that is over. */
  readonly opening: () => Promise<void> | null;
};

export function stoppingActs(
  deps: Pick<Deps, "api" | "clock" | "timers">,
  door: Door,
): StoppingActs {
  const { api, clock, timers = systemTimers } = deps;

  /** What signs for this State here; null without a key. */
  async function held(state: string): Promise<Signer | null> {
    if (state === "" || door.session().person?.state !== state) return null;
    if ((door.signer()?.key ?? null) === null) {
      const late = new Promise<void>((done) => void timers.after(OPENED_WITHIN, done));
      await Promise.race([door.opening(), late]).catch(() => undefined);
    }
    const signer = door.signer();
    return signer === null || signer.key === null ? null : signer;
  }

  /** Null without a key, and whatever fails: nothing of a stop waits for a signature. */
  async function signed(
    state: string,
    sign: (signer: Signer) => Promise<unknown>,
  ): Promise<WireStatement | null> {
    try {
      const signer = await held(state);
      return signer && ((await sign(signer)) as WireStatement | null);
    } catch {
      return null;
    }
  }

  const made = (type: StatementType, state: string, fields: Fields) =>
    signed(state, (signer) => signer.signStatement(type, { ...fields, state }));

  function revocation(
    of: { id: string; state: string },
    kind: "suspended" | "removed" | "device",
    device: string | null,
  ): Promise<WireStatement | null> {
    const fields = { person: of.id, device, kind, reason: NO_REASON };
    return made("revocation", of.state, fields);
  }

  const act = <T>(run: () => Promise<T>): Promise<T> =>
    door.guarded(async () => {
      const result = await run();
      await door.learned();
      return result;
    });

  return {
    suspend: (person, reason = "") =>
      act(async () => {
        const statement = await revocation(person, "suspended", null);
        return api.suspend(person.id, { reason, statement });
      }),
    dismiss: (person, reason = "") =>
      act(async () => {
        const statement = await revocation(person, "removed", null);
        return api.dismiss(person.id, { reason, statement });
      }),
    revokeDevice: (device, of, reason = "") =>
      act(async () => {
        const statement = await revocation(of, "device", device);
        return api.revokeDevice(device, { reason, statement });
      }),
    devicesOf: (person) => door.guarded(() => api.devicesOf(person)),
    stateAccess: (code) => door.guarded(() => api.stateAccess(code)),
    stopState: (code, reason = "") =>
      act(async () => {
        const statement = await made("state-stop", code, { reason: NO_REASON });
        return api.stopState(code, { reason, statement });
      }),
    confirmStateStop: (code, stop) =>
      act(async () => {
        const statement = await signed(code, async (signer) => {
          const { stop: found } = await api.stateAccess(code);
          return found?.id === stop ? confirmationOf(found, code, signer) : null;
        });
        return api.confirmStateStop(code, { stop, statement });
      }),
    liftState: (code, stop) =>
      act(async () => {
        // What the other has signed meanwhile is not on this page yet.
        const { stop: found } = await api.stateAccess(code);
        const signer = found?.statement ? await held(code) : null;
        const isSigned = found?.id === stop && signer !== null;
        const statement = isSigned ? await liftOf(found, code, signer, clock()) : null;
        return api.liftState(code, { stop, statement: statement as WireStatement | null });
      }),
  };
}
