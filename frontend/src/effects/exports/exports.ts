/**
 * Carrying a part of a thread to a court: asked, looked at by a second person where it holds
 * another State's information, made on this device, and said to be made before anybody has it.
 */

import { ApiError, isPassing } from "../../api/errors";
import type { ExportReason, ExportRow } from "../../api/exports";
import { b64u, concat, hex, sha256, utf8 } from "../../bytes";
import {
  type Consent,
  type Purpose,
  signConsent,
  signedMoment,
  signWish,
  type Wish,
  wishBytes,
  wishDigest,
  wishIn,
  wishSignedBy,
} from "../../crypto/exportWish";
import { NotSealedToUs, openSealed, sealTo } from "../../crypto/sealTo";
import type { WishRecord } from "../../store/exports";
import { keys } from "../../store/records";
import { type Core, NotPossible } from "../core";
import { entriesBetween, type Survey, survey } from "./survey";

/** What is typed and chosen for it. */
export type Asking = {
  readonly purpose: Purpose;
  readonly court: string;
  readonly recipient: string;
  /** What the thread and its case are called. */
  readonly name: string;
  readonly reference: string;
};

const SIGNATURE = 64;
/** As casehub/custody/limits.py: between a device's clock and the server's. */
const CLOCKS_MS = 600_000;
/** Wishes of which nothing is listed any more are forgotten after so long. */
const FORGET_MS = 72 * 3_600_000;

const info = (digest: string) => concat(utf8.encode("casehub/export-box/1\0"), hex.decode(digest));

export class Exports {
  constructor(private readonly core: Core) {}

  async look(): Promise<void> {
    const { api, mirror } = this.core;
    mirror.exports = await api.exports();
    mirror.changed();
    await this.#tidy();
  }

  /** What would leave of these days; null if nothing was said on them. */
  async survey(circle: string, from: number, until: number): Promise<Survey | null> {
    const range = await entriesBetween(this.core, circle, from, until);
    return range && survey(this.core, circle, range.first, range.last);
  }

  /**
   * Sign a wish for what was shown, keep it, and ask for it.
   *
   * @throws {NotPossible} `export-unseen` if it takes a consent and nobody could look at it.
   */
  async ask(circle: string, shown: Survey, said: Asking): Promise<void> {
    const { core } = this;
    const { device, state, signaturePrivate } = core.device;
    const { first, last, from, until, leaves, states } = shown;
    const held = [...shown.held.values()].reduce((sum, one) => sum + one, 0);
    const wish: Wish = {
      v: 1,
      id: core.deps.random.uuid(),
      ...{ person: core.person, device, state, circle },
      ...{ name: said.name, reference: said.reference },
      ...{ first, last, from, until, leaves, held, states: [...states] },
      ...{ purpose: said.purpose, court: said.court.trim(), recipient: said.recipient.trim() },
      at: signedMoment(core.deps.clock()),
    };
    const signature = await signWish(wish, signaturePrivate);
    const foreign = states.length > 0;
    const eyes = foreign ? this.#eyes() : [];
    if (foreign && eyes.length === 0) throw new NotPossible("export-unseen");
    const digest = await wishDigest(wish);
    const plain = concat(signature, wishBytes(wish));
    const sealed = await sealTo(
      eyes.map(({ historyKey }) => historyKey),
      plain,
      info(digest),
    );
    const record: WishRecord = { wish, signature };
    await core.exclusive(async (tx) => tx.put(keys.wish(wish.id), record));
    const body = {
      client_id: wish.id,
      ...{ first, last, wish: digest, at: wish.at, foreign },
      box: foreign ? b64u.encode(sealed.box) : "",
      keys: eyes.map((one, at) => ({
        device: one.device,
        key: b64u.encode(sealed.keys[at] ?? new Uint8Array()),
      })),
    };
    try {
      this.learn(await core.api.askExport(circle, body));
    } catch (error) {
      // What was refused is none; what may have arrived stays, for the list to say so.
      if (error instanceof ApiError && !isPassing(error)) {
        await core.exclusive(async (tx) => tx.remove(keys.wish(wish.id)));
      }
      throw error;
    }
  }

  /** The devices of the coordination that may look at a wish of this person's. */
  #eyes() {
    const { people, device, person, deps } = this.core;
    const coordinators = people.coordinatorsOf(device.state, deps.clock());
    return coordinators.filter((one) => one !== person).flatMap((one) => people.devicesOf(one));
  }

  /**
   * A wish as its asker signed it, opened here; null where it is not sealed to this device.
   *
   * @throws {NotPossible} `export-signature` if it is not what it says it is.
   */
  async open(row: ExportRow): Promise<Wish | null> {
    const { core } = this;
    if (row.box === null || row.key === null) return null;
    let plain: Uint8Array;
    try {
      plain = await openSealed(core.device.historyPrivate, row.key, row.box, info(row.wish));
    } catch (error) {
      if (error instanceof NotSealedToUs) throw new NotPossible("export-signature");
      throw error;
    }
    const wish = wishIn(plain.slice(SIGNATURE));
    const signer =
      wish && (await core.people.signer(wish.person, wish.device, Date.parse(row.asked_at)));
    const sound =
      wish !== null &&
      signer !== null &&
      (await wishSignedBy(signer.key, wish, plain.slice(0, SIGNATURE))) &&
      (await wishDigest(wish)) === row.wish &&
      wish.person === row.person &&
      wish.state === this.core.device.state &&
      wish.first === row.first &&
      wish.last === row.last &&
      // Dated otherwise than the log dates it, no reader of the export would believe it.
      Math.abs(Date.parse(wish.at) - Date.parse(row.asked_at)) <= CLOCKS_MS;
    if (!sound || wish === null) throw new NotPossible("export-signature");
    return wish;
  }

  /** Consent to what was shown: its digest is computed from it, and signed on this device. */
  async agree(row: ExportRow, shown: Wish): Promise<void> {
    const { device, person, signaturePrivate } = this.core.device;
    const wish = await wishDigest(shown);
    const at = signedMoment(this.core.deps.clock());
    const consent: Consent = { v: 1, wish, person, device, at };
    const signature = b64u.encode(await signConsent(consent, signaturePrivate));
    this.learn(await this.core.api.agreeToExport(row.id, { wish, at, signature }));
  }

  async refuse(row: ExportRow, reason: ExportReason): Promise<void> {
    this.learn(await this.core.api.refuseExport(row.id, row.wish, reason));
  }

  learn(row: ExportRow): void {
    const { mirror } = this.core;
    const others = mirror.exports.filter(({ id }) => id !== row.id);
    mirror.exports = [row, ...others].sort((a, b) => (a.asked_at < b.asked_at ? 1 : -1));
    mirror.changed();
  }

  /** The wish behind an export of one's own, as it was signed here. */
  async wishOf(row: ExportRow): Promise<WishRecord> {
    const kept = row.client_id && (await this.core.vault.read(keys.wish(row.client_id)));
    if (!kept) throw new NotPossible("export-elsewhere");
    return kept;
  }

  /** What came to nothing, or was handed over long ago, is kept no more. */
  async #tidy(): Promise<void> {
    const { core } = this;
    const open = new Map(core.mirror.exports.map((row) => [row.client_id, row]));
    const now = core.deps.clock();
    const over: string[] = [];
    for (const [key, { wish }] of await core.vault.list(keys.wishes)) {
      const row = open.get(wish.id);
      const since = Date.parse(row?.made_at ?? wish.at);
      const ended = row !== undefined && ["refused", "lapsed", "void"].includes(row.step);
      if (ended || (now - since > FORGET_MS && row?.step !== "ready")) over.push(key);
    }
    if (over.length === 0) return;
    await core.exclusive(async (tx) => {
      for (const key of over) {
        tx.remove(key);
        tx.remove(keys.madeExport(key.slice(keys.wishes.length)));
      }
    });
  }
}

/** SHA-256 in hex. */
export const digestHex = async (bytes: Uint8Array): Promise<string> =>
  hex.encode(await sha256(bytes));
