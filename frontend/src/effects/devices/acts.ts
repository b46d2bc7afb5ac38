/** What a person does with their devices, from one of them or from a browser that wants to be one. */

import type { Desk } from "../desk";
import { type Losses, lossesOf } from "../losses";
import { NotPossible } from "../problems";
import { noteVerified, type SafetyView, safetyOf } from "../verified";
import type { Asking } from "./asking";
import type { ListedDevice } from "./own";

export type { Losses, ThreadEnding } from "../losses";
export type { SafetyView } from "../verified";
export type { AskingView } from "./asking";
export type { AskedView, DevicesView, ListedDevice } from "./own";

export interface DeviceActs {
  /**
   * What this person reads no more once a device of theirs ends (null: all of them), and who can let
   * them in again.
   */
  losses(device: string | null): Promise<Losses>;
  devices(): Promise<ListedDevice[]>;
  /** What the person calls one of them: kept sealed on this device, told nobody. */
  nameOfDevice(device: string, name: string): Promise<void>;
  /** Let the browser in that shows these words. */
  confirmDevice(request: string, words: readonly string[]): Promise<void>;
  refuseDevice(request: string): Promise<void>;
  /** The 60 digits to compare with somebody, and what this person has compared before. */
  safety(person: string): Promise<SafetyView>;
  /** "Both screens showed this number"; null takes it back. */
  verifyPerson(person: string, number: string | null): Promise<SafetyView>;
  /** "The device that came by itself is mine." */
  recogniseDevice(device: string): Promise<void>;
  /** Of a browser that is no device: ask with new keys. */
  askAnew(): Promise<void>;
  /** Name it with the key that it holds, where its device ended with its person's access. */
  nameAgain(): Promise<void>;
  /** The same, in the demo alone: take the fictional person's key and ask nobody. */
  takeDemoKey(): Promise<void>;
}

export function deviceActs(
  at: () => Desk,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
  asking: () => Asking | null,
): DeviceActs {
  const toAsk = (): Asking => {
    const one = asking();
    if (one === null) throw new NotPossible("device-request-over");
    return one;
  };
  return {
    losses: (device) => guarded(() => lossesOf(at(), device)),
    devices: () => guarded(() => at().devices.list()),
    nameOfDevice: (device, name) => guarded(() => at().devices.rename(device, name)),
    confirmDevice: (request, words) =>
      guarded(() => at().letting(() => at().devices.name(request, words))),
    safety: (person) => guarded(() => safetyOf(at(), person)),
    verifyPerson: (person, number) => guarded(() => noteVerified(at(), person, number)),
    refuseDevice: (request) => guarded(() => at().devices.refuse(request)),
    recogniseDevice: (device) => guarded(() => at().devices.recognise(device)),
    askAnew: () => guarded(() => toAsk().begin(true)),
    nameAgain: () => guarded(() => toAsk().nameAgain()),
    takeDemoKey: () => guarded(() => toAsk().takeDemo()),
  };
}
