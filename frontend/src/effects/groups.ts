/** MLS states between the store and the engine. */

import type { GroupState, MlsEngine } from "../crypto/engine";
import { keys, type ThreadRecord } from "../store/records";
import type { Tx, Vault } from "../store/vault";

/** The MLS state was put back to an earlier one without the rest of its batch. */
export class StateReplaced extends Error {
  override readonly name = "StateReplaced";
}

export class Groups {
  readonly #cache = new Map<string, { revision: number; state: GroupState }>();

  constructor(
    private readonly engine: MlsEngine,
    private readonly vault: Vault,
  ) {}

  /**
   * The state of a thread, to be used once: the engine wipes what it consumes, so a state that
   * was advanced is never used again, also when writing its successor fails.
   *
   * @throws {StateReplaced}
   */
  async take(thread: ThreadRecord): Promise<GroupState | undefined> {
    const cached = this.#cache.get(thread.circle);
    this.#cache.delete(thread.circle);
    const found = await this.vault.readSince(keys.group(thread.circle), cached?.revision);
    if (found === undefined) return undefined;
    if (found === "same") return cached?.state;
    if (found.revision !== thread.stateRevision) throw new StateReplaced(thread.circle);
    return this.engine.deserialise(found.value);
  }

  /** Keep `state`, and give back the thread record that belongs to it. */
  put(tx: Tx, thread: ThreadRecord, state: GroupState): ThreadRecord {
    const key = keys.group(thread.circle);
    const bytes = this.engine.serialise(state);
    tx.put(key, bytes);
    tx.afterPersist((revision) => this.#cache.set(thread.circle, { revision, state }));
    return { ...thread, stateRevision: tx.nextRevision };
  }

  remove(tx: Tx, circle: string): void {
    this.#cache.delete(circle);
    tx.remove(keys.group(circle));
  }

  /** Give back a state that was looked at but not advanced. */
  unused(thread: ThreadRecord, state: GroupState): void {
    this.#cache.set(thread.circle, { revision: thread.stateRevision, state });
  }

  forget(): void {
    this.#cache.clear();
  }
}
