/** Whom this person has verified: the number that both saw, kept sealed here and in the kit. */

import { isPassing } from "../api/errors";
import { safetyNumber } from "../crypto/safetyNumber";
import { keys } from "../store/records";
import type { Desk } from "./desk";
import { Kit } from "./kit";
import { NotPossible } from "./problems";

export type SafetyView = {
  /** Sixty digits; null while one of both has no device. */
  number: string | null;
  /** "changed": it was another number when they compared. */
  state: "verified" | "changed" | "unverified";
  at: string | null;
};

export async function safetyOf(desk: Desk, person: string): Promise<SafetyView> {
  const { people, vault, person: me } = desk.core;
  await people.refresh();
  const [mine, theirs] = [me, person].map((one) =>
    people.devicesOf(one).map((d) => d.signatureKey),
  );
  const both = mine?.length && theirs?.length ? { mine, theirs } : null;
  const number =
    both && (await safetyNumber({ person: me, keys: both.mine }, { person, keys: both.theirs }));
  const record = await vault.read(keys.verified(person));
  if (record === undefined) return { number, state: "unverified", at: null };
  return { number, state: record.number === number ? "verified" : "changed", at: record.at };
}

/** @throws {NotPossible} devices-changed, if the number is no longer the one that was compared. */
export async function noteVerified(
  desk: Desk,
  person: string,
  number: string | null,
): Promise<SafetyView> {
  const now = await safetyOf(desk, person);
  if (number !== null && now.number !== number) throw new NotPossible("devices-changed");
  await desk.core.exclusive(async (tx) => {
    if (number === null) tx.remove(keys.verified(person));
    else tx.put(keys.verified(person), { person, number, at: desk.core.now() });
    const kit = await tx.get(keys.kit);
    if (kit !== undefined) tx.put(keys.kit, { ...kit, behind: true });
  });
  void keepVerified(desk); // what two people have compared waits for no network
  return safetyOf(desk, person);
}

/** Keep the backup anew if it lacks somebody; what fails is tried again at the next connection. */
export async function keepVerified({ core, opened, receipts }: Desk): Promise<void> {
  const { deps } = core;
  const kit = new Kit(deps, opened, receipts?.watch ?? null, deps.preferences ?? null);
  try {
    await kit.keepVerified();
  } catch (error) {
    if (!isPassing(error) && !core.over) core.report(error);
  }
}
