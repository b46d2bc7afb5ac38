/**
 * One's own devices, seen from one of them: who asks to be one, which have come that nobody added
 * here, and renewing them in time.
 *
 * Which devices there are is taken from the signed statements, never from the server's list alone:
 * a device that the host made up is in no chain, one that somebody else's hand signed is an alarm.
 */

import type { DeviceRequest, OwnDevice } from "../../api/devices";
import { b64u } from "../../bytes";
import { deviceCode, deviceFields, deviceWords } from "../../crypto/deviceStatement";
import type { OwnDeviceRecord } from "../../store/own";
import { keys } from "../../store/records";
import type { Core } from "../core";
import { termFrom } from "../device";
import type { Identity } from "../identity";
import { NotPossible } from "../problems";

const DAY_MS = 24 * 3_600_000;
/** A device whose statement ends within so long is named anew. */
const SOON_MS = [2_000, 5_000] as const;
const RENEW_WITHIN = 30 * DAY_MS;

export type AskedView = {
  id: string;
  words: readonly string[];
  /** What a camera reads off its screen, if that shows these words. */
  code: string;
  /** Other keys, or another device's name, than this asking had when it was seen here first: an alarm. */
  swapped: boolean;
  askedAt: string;
  expiresAt: string;
};

export type DevicesView = {
  /** Browsers that ask to be a device of this person's. */
  asked: readonly AskedView[];
  /** Devices in force that were not added here, and that nobody has said are theirs. */
  strange: readonly { device: string; words: readonly string[] }[];
  /** This browser holds the identity key: it can name others. */
  holdsKey: boolean;
};

export const NO_DEVICES: DevicesView = { asked: [], strange: [], holdsKey: false };

export type ListedDevice = OwnDevice & { name: string; here: boolean; strange: boolean };

export class OwnDevices {
  #asked: { row: DeviceRequest; words: string[]; swapped: boolean }[] = [];
  /** What each asking was for when it was seen first, by its id: nobody asks for other keys under it. */
  readonly #first = new Map<string, string>();
  readonly #swapped = new Set<string>();
  #strange: { device: string; words: string[] }[] = [];
  #looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly core: Core,
    private readonly identity: Identity,
    private readonly changed: () => void,
  ) {}

  get view(): DevicesView {
    return {
      asked: this.#asked.map(({ row, words, swapped }) => ({
        id: row.id,
        words,
        code: deviceCode(row.device, words),
        swapped,
        askedAt: row.asked_at,
        expiresAt: row.expires_at,
      })),
      strange: this.#strange,
      holdsKey: this.identity.key !== null,
    };
  }

  /** Look anew: who asks, what has come, what ends soon. Calls follow one another. */
  look(): Promise<void> {
    this.#looking = this.#looking
      .catch(() => undefined)
      .then(async () => {
        await this.#lookAtRequests();
        await this.#lookAtDevices();
        await this.#renew();
      });
    return this.#looking;
  }

  /** What was just named is in the directory's log a moment later: look then as well. */
  async lookTwice(): Promise<void> {
    this.core.after(this.core.spread(...SOON_MS), () => void this.look().catch(() => undefined));
    await this.look();
  }

  async list(): Promise<ListedDevice[]> {
    const listed = await this.core.api.devices();
    const records = new Map(await this.core.vault.list(keys.ownDevices));
    const strange = new Set(this.#strange.map(({ device }) => device));
    return listed.map((one) => ({
      ...one,
      name: records.get(keys.ownDevice(one.id))?.name ?? "",
      here: one.id === this.core.device.device,
      strange: strange.has(one.id),
    }));
  }

  /** What the person calls a device: kept on this one, sealed, and told nobody. */
  async rename(device: string, name: string): Promise<void> {
    await this.#note(device, (record) => ({ ...record, name: name.trim() }));
  }

  /** "That is mine." */
  async recognise(device: string): Promise<void> {
    await this.#note(device, (record) => ({ ...record, known: true }));
    await this.#lookAtDevices();
  }

  /**
   * Name the browser that asks: the words of exactly these keys were on the screen.
   *
   * @throws {NotPossible} identity-not-here, or device-request-over if it asks no more, or if what
   *   stands under its id is, or once was, something else than when it was seen first.
   */
  async name(request: string, words: readonly string[]): Promise<void> {
    const row = this.#request(request, words);
    const { clock, random } = this.core.deps;
    const named = {
      serial: random.uuid(),
      person: this.core.person,
      device: row.device,
      signatureKey: row.signature_key,
      historyKey: row.history_key,
      ...termFrom(clock()),
    };
    const statement = await this.identity.signStatement("device", deviceFields(named));
    await this.#note(row.device, (record) => ({ ...record, known: true }));
    await this.core.api.nameDevice(request, statement);
    await this.look();
  }

  async refuse(request: string): Promise<void> {
    await this.core.api.refuseDevice(request);
    await this.look();
  }

  #request(id: string, words: readonly string[]): DeviceRequest {
    const found = this.#asked.find(({ row }) => row.id === id);
    // Another look may have brought other keys under the same id since the screen was drawn: whoever
    // shows those has compared nothing that counts, whichever of the words are on the screen now.
    if (found === undefined || found.swapped || found.words.join() !== words.join()) {
      throw new NotPossible("device-request-over");
    }
    return found.row;
  }

  async #lookAtRequests(): Promise<void> {
    const rows = await this.core.api.deviceRequests();
    const open = rows.filter(({ answer, mine }) => answer === "" && !mine);
    this.#asked = await Promise.all(
      open.map(async (row) => {
        const given = { signatureKey: row.signature_key, historyKey: row.history_key };
        return { row, words: await deviceWords(given), swapped: this.#isSwapped(row) };
      }),
    );
    this.changed();
  }

  /** Whether a host shows, or has shown, something else under the id of an asking than at first. */
  #isSwapped({ id, device, signature_key, history_key }: DeviceRequest): boolean {
    const now = [device, b64u.encode(signature_key), b64u.encode(history_key)].join();
    const first = this.#first.get(id) ?? now;
    this.#first.set(id, first);
    if (first !== now) this.#swapped.add(id);
    return this.#swapped.has(id);
  }

  async #lookAtDevices(): Promise<void> {
    const { core } = this;
    await core.people.refresh();
    await core.exclusive((tx) => core.people.save(tx));
    const inForce = core.people.devicesOf(core.person);
    const records = new Map(await core.vault.list(keys.ownDevices));
    const fresh = inForce.filter(
      ({ device }) => records.get(keys.ownDevice(device))?.known !== true,
    );
    this.#strange = await Promise.all(
      fresh.map(async ({ device, signatureKey, historyKey }) => ({
        device,
        words: await deviceWords({ signatureKey, historyKey }),
      })),
    );
    this.changed();
  }

  /** The same keys under the same serial, for longer: what stands in the groups stays as it is. */
  async #renew(): Promise<void> {
    const { core } = this;
    if (this.identity.key === null || this.#strange.length > 0) return;
    const now = core.deps.clock();
    const ending = core.people
      .devicesOf(core.person)
      .filter(({ until }) => until - now <= RENEW_WITHIN);
    if (ending.length === 0) return;
    // One whose stop nobody has signed yet is in force by its statements alone.
    const listed = await core.api.devices();
    const going = new Set(listed.filter(({ revoked }) => !revoked).map(({ id }) => id));
    for (const one of ending) {
      if (!going.has(one.device)) continue;
      const fields = deviceFields({ ...one, person: core.person, ...termFrom(now) });
      const statement = await this.identity.signStatement("device", fields);
      await core.api.renewDevice(one.device, statement);
    }
  }

  #note(device: string, change: (record: OwnDeviceRecord) => OwnDeviceRecord): Promise<void> {
    return this.core.exclusive(async (tx) => {
      const record = (await tx.get(keys.ownDevice(device))) ?? { name: "", known: false };
      tx.put(keys.ownDevice(device), change(record));
    });
  }
}
