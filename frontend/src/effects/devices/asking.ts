/**
 * A browser that is no device of its person yet, and asks the others to name it.
 *
 * Its keys are on the disk before they are shown to anybody, so a reload goes on with the same
 * words. That it was named is believed when the statement about exactly these keys is there.
 */

import type { DeviceRequest, OwnDevice } from "../../api/devices";
import { isPassing } from "../../api/errors";
import type { WireStatement } from "../../api/schema";
import { b64u } from "../../bytes";
import { fromCanonical } from "../../canonical";
import { deviceCode, deviceWords } from "../../crypto/deviceStatement";
import { encodeIdentity } from "../../crypto/identity";
import { generateDeviceKeys } from "../../crypto/keys";
import type { AskingRecord } from "../../store/own";
import { type DeviceRecord, keys } from "../../store/records";
import { type Deps, systemTimers } from "../deps";
import { forgetGroups } from "../device";
import type { Opened } from "../opening";
import { NotPossible } from "../problems";
import { deviceStatements, devicesIn, takeAsKnown } from "./known";

const LOOK_MS = 2_000;
const ANSWERED = {
  "": "asking",
  named: "named",
  refused: "refused",
  replaced: "expired",
} as const satisfies Record<DeviceRequest["answer"], AskingView["state"]>;

export type AskingView = {
  /**
   * "alone": there is no device that could be asked. "busy": another browser asks already.
   * "revoked": this browser was a device and is none any more; it may ask again. "lifted": it ended
   * with its person's access, which they have again, and the key is here. "retired": somebody ended
   * this very device; the key is here, and there is no device that could be asked.
   */
  state:
    | "asking"
    | "refused"
    | "expired"
    | "busy"
    | "alone"
    | "revoked"
    | "lifted"
    | "retired"
    | "named";
  words: readonly string[];
  /** What its screen shows to a camera. */
  code: string;
  expiresAt: string | null;
};

export class Asking {
  #view: AskingView = { state: "asking", words: [], code: "", expiresAt: null };
  #cancel: () => void = () => undefined;
  #over = false;

  constructor(
    private readonly deps: Deps,
    private readonly opened: Opened,
    private readonly changed: () => void,
    private readonly named: () => Promise<void>,
  ) {}

  get view(): AskingView {
    return this.#view;
  }

  stop(): void {
    this.#over = true;
    this.#cancel();
  }

  /** Ask, or go on asking; with `anew` new keys ask. @throws {Unreachable} */
  async begin(anew = false): Promise<void> {
    this.#cancel();
    const { api } = this.deps;
    const listed = await api.devices();
    const now = this.deps.clock();
    const known = await this.opened.vault.read(keys.device);
    const revoked = listed.some((one) => one.revoked && one.id === known?.device);
    if (!listed.some((one) => !one.revoked && Date.parse(one.until) > now)) {
      const own = listed.find(({ id }) => id === known?.device);
      this.#show({ state: this.#alone(own) });
      return;
    }
    const kept = await this.opened.vault.read(keys.asking);
    if (revoked && kept === undefined && !anew) {
      this.#show({ state: "revoked" });
      return;
    }
    const record = await this.#keys(anew);
    const words = await deviceWords({
      signatureKey: record.signaturePublic,
      historyKey: record.historyPublic,
    });
    this.#show({ words, code: deviceCode(record.device, words) });
    const before = anew ? undefined : this.#mine(await api.deviceRequests(), record);
    if (before === undefined || before.answer === "replaced") {
      try {
        const { device, signaturePublic, historyPublic } = record;
        this.#take(record, await api.askForDevice(device, signaturePublic, historyPublic));
      } catch (error) {
        if (codeOf(error) === "device-request-open") this.#show({ state: "busy" });
        else if (codeOf(error) === "device-known") return this.begin(true);
        else throw error;
      }
    } else this.#take(record, [before]);
    this.#later(record);
  }

  /** Nobody can be asked: what this browser can do by itself. */
  #alone(own: OwnDevice | undefined): "alone" | "lifted" | "retired" {
    if (this.opened.identity.key === null) return "alone";
    return own?.revoked && !own.retired ? "lifted" : "retired";
  }

  /**
   * Name this browser anew with the key that it holds: its device ended with its person's access,
   * not as one that was lost.
   *
   * @throws {NotPossible} device-request-over
   */
  async nameAgain(): Promise<void> {
    if (this.#view.state !== "lifted") throw new NotPossible("device-request-over");
    await this.#beginAnew();
  }

  /** In the demo the fictional person's key can be had, and with it this browser names itself. */
  async takeDemo(): Promise<void> {
    await this.opened.identity.takeDemo();
    await this.#beginAnew();
  }

  async #beginAnew(): Promise<void> {
    await this.opened.inTurn(async (tx) => {
      if ((await tx.get(keys.device)) !== undefined) await forgetGroups(tx);
      tx.remove(keys.device);
      tx.remove(keys.asking);
    });
    this.stop();
    await this.named();
  }

  #later(record: AskingRecord): void {
    if (this.#over || this.#view.state !== "asking") return;
    const timers = this.deps.timers ?? systemTimers;
    this.#cancel = timers.after(LOOK_MS, () => void this.#look(record));
  }

  async #look(record: AskingRecord): Promise<void> {
    try {
      const rows = await this.deps.api.deviceRequests();
      if (this.#over) return;
      this.#take(record, rows);
      if (this.#view.state === "named") return await this.#become(record);
    } catch (error) {
      if (!isPassing(error)) this.deps.report?.(error);
    }
    this.#later(record);
  }

  #mine(rows: readonly DeviceRequest[], record: AskingRecord): DeviceRequest | undefined {
    return rows.find(({ device }) => device === record.device);
  }

  #take(record: AskingRecord, rows: readonly DeviceRequest[]): void {
    const mine = this.#mine(rows, record);
    if (mine === undefined) {
      this.#show({ state: "expired", expiresAt: null });
      return;
    }
    const over = Date.parse(mine.expires_at) <= this.deps.clock();
    const state = mine.answer === "" && over ? "expired" : ANSWERED[mine.answer];
    this.#show({ state, expiresAt: mine.expires_at });
  }

  async #keys(anew: boolean): Promise<AskingRecord> {
    return this.opened.inTurn(async (tx) => {
      const kept = await tx.get(keys.asking);
      if (kept !== undefined && !anew) return kept;
      const made = { device: this.deps.random.uuid(), ...(await generateDeviceKeys()) };
      tx.put(keys.asking, made);
      return made;
    });
  }

  /** The statement that names these keys is looked up; what it is worth, the chain says later. */
  async #become(record: AskingRecord): Promise<void> {
    const { person, inTurn } = this.opened;
    const wires = await deviceStatements(this.deps.api, person.id);
    const statement = wires.find((wire) => isAbout(wire, record));
    if (statement === undefined) {
      this.#show({ state: "asking" });
      this.#later(record);
      return;
    }
    const { serial } = fromCanonical(b64u.decode(statement.body)) as { serial: string };
    const named = { serial, state: person.state, person: person.id, device: record.device };
    const keysOf = { signatureKey: record.signaturePublic, historyKey: record.historyPublic };
    const device: DeviceRecord = {
      ...record,
      person: person.id,
      state: person.state,
      credential: encodeIdentity({ ...named, ...keysOf }),
      statement,
      registered: true,
    };
    const others = devicesIn(wires);
    await inTurn(async (tx) => {
      await takeAsKnown(tx, others);
      if ((await tx.get(keys.device)) !== undefined) await forgetGroups(tx);
      tx.put(keys.device, device);
      tx.remove(keys.asking);
    });
    this.stop();
    await this.named();
  }

  #show(change: Partial<AskingView>): void {
    this.#view = { ...this.#view, ...change };
    this.changed();
  }
}

type Shown = { device?: unknown; signature_key?: unknown; history_key?: unknown };

function isAbout(wire: WireStatement, record: AskingRecord): boolean {
  if (wire.type !== "device") return false;
  const fields = fromCanonical(b64u.decode(wire.body)) as Shown;
  return (
    fields.device === record.device &&
    fields.signature_key === b64u.encode(record.signaturePublic) &&
    fields.history_key === b64u.encode(record.historyPublic)
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
