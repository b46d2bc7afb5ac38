/**
 * Reading versions of a draft: the server keeps the bodies, the drafting circle says the keys.
 *
 * The key's message names the body by its digest and the version that it was made from; the body
 * authenticates request and version; the version's id names the one before it (lineage.ts). So
 * another version's body, an altered one, or one that was never taken is noticed: the last at the
 * latest when somebody goes on from the true one.
 */

import type { VersionRow } from "../../api/schema";
import { equal, hex, sha256 } from "../../bytes";
import { fromCanonical, NotCanonical } from "../../canonical";
import { DraftUnreadable, openDraft } from "../../crypto/draftSeal";
import type { Draft } from "../../rules/book";
import { keys, type VersionKeyRecord } from "../../store/records";
import { type Core, NotPossible } from "../core";
import type { Sync } from "../sync";
import { descends, versionId } from "./lineage";
import type { Rows } from "./rows";

export type Opened = { version: number; draft: Draft; key: VersionKeyRecord };

/** `missing`: there is a newer one whose key this device has not. */
export type Newest = { opened: Opened | null; missing: boolean };

/** Keys by the digest of their body, in hexadecimal. */
type Keys = ReadonlyMap<string, VersionKeyRecord>;

export class Versions {
  constructor(
    private readonly core: Core,
    private readonly sync: Sync,
    private readonly rows: Rows,
  ) {}

  /** Oldest first. */
  async list(id: string): Promise<VersionRow[]> {
    const found = await this.core.api.versions(id);
    return found.sort((a, b) => a.version - b.version);
  }

  /**
   * One version, or null when its key is not on this device.
   *
   * @throws {NotPossible} `draft-altered`: it is not what its author announced.
   */
  async open(id: string, version: number): Promise<Opened | null> {
    const { circle } = this.rows.get(id);
    const found = await this.core.api.version(id, version);
    const digest = await sha256(found.body);
    if (found.version !== version || !equal(digest, found.digest)) this.#altered();
    const key = (await this.#keys(circle, digest)).get(hex.encode(digest));
    if (key === undefined) return null;
    await this.#checkPlace(id, version, key);
    try {
      const plain = await openDraft({ request: id, client_id: key.client_id }, found.body, key.key);
      const draft = fromCanonical(plain);
      if (!isDraft(draft)) this.#altered();
      return { version, draft, key };
    } catch (error) {
      if (error instanceof DraftUnreadable || error instanceof NotCanonical) this.#altered();
      throw error;
    }
  }

  /**
   * The newest version that this device has the key of.
   *
   * @throws {NotPossible} `draft-altered`
   */
  async newest(id: string): Promise<Newest> {
    const { circle, version } = this.rows.get(id);
    const base = this.core.mirror.drafting.get(id)?.base;
    if (base === version - 1) {
      const next = await this.open(id, version);
      if (next !== null) return { opened: next, missing: false };
    }
    const listed = await this.list(id);
    const last = listed.at(-1);
    if (last === undefined) return { opened: null, missing: false };
    const known = await this.#keys(circle, last.digest);
    await this.#checkLineage(id, listed, known);
    const readable = listed.findLast(({ digest }) => known.has(hex.encode(digest)));
    const missing = readable !== last;
    if (readable === undefined) return { opened: null, missing };
    const opened = await this.open(id, readable.version);
    // The list and the version must be of one mind.
    if (opened === null || !equal(opened.key.digest, readable.digest)) this.#altered();
    return { opened, missing };
  }

  /** The key of the version that a draft here goes on from. */
  async keyOfBase(id: string): Promise<VersionKeyRecord | undefined> {
    const origin = (await this.core.vault.read(keys.draftOf(id)))?.origin ?? null;
    if (origin === null) return undefined;
    return this.core.vault.read(keys.versionKey(this.rows.get(id).circle, origin));
  }

  /** The own id of a version, if its key is on this device. */
  async idOf(id: string, version: number): Promise<string | null> {
    const row = (await this.list(id)).find((one) => one.version === version);
    if (row === undefined) return null;
    const { circle } = this.rows.get(id);
    const key = (await this.#keys(circle, row.digest)).get(hex.encode(row.digest));
    return key?.client_id ?? null;
  }

  /**
   * The newest version that was at the server for certain: somebody went on from it, and its own
   * key is here too. A key alone proves nothing; it is said before its body is stored.
   */
  async proven(id: string, above: number): Promise<number> {
    const { circle } = this.rows.get(id);
    const known = (await this.core.vault.list(keys.versionKeys(circle)))
      .map(([, record]) => record)
      .filter(({ request, base }) => request === id && base >= above)
      .sort((a, b) => b.base - a.base);
    for (const { base, salt, client_id } of known) {
      for (const before of known.filter((one) => one.base === base - 1)) {
        if ((await versionId(id, before.client_id, salt)) === client_id) return base;
      }
    }
    return 0;
  }

  /** All that this device has, `wanted` among them if the log says it by now. */
  async #keys(circle: string, wanted: Uint8Array): Promise<Keys> {
    const all = async () =>
      new Map(
        (await this.core.vault.list(keys.versionKeys(circle)))
          .map(([, record]) => record)
          // Of several for one body, that which was said first.
          .sort((a, b) => b.seq - a.seq)
          .map((record) => [hex.encode(record.digest), record] as const),
      );
    const known = await all();
    if (known.has(hex.encode(wanted))) return known;
    await this.sync.catchUp(circle); // said before the body was stored: it is in the log now
    return all();
  }

  async #checkPlace(id: string, version: number, key: VersionKeyRecord): Promise<void> {
    if (key.request !== id || key.base !== version - 1) this.#altered();
    const here = this.core.mirror.drafting.get(id);
    if (here === undefined || here.origin === null) return;
    if (here.base === version && here.origin !== key.client_id) this.#altered();
    if (here.base === version - 1 && !(await descends(key, here.origin))) this.#altered();
  }

  /** Every version that can be told goes on from the one before it in the list. */
  async #checkLineage(id: string, listed: readonly VersionRow[], known: Keys): Promise<void> {
    let before: VersionKeyRecord | undefined;
    for (const { version, digest } of listed) {
      const key = known.get(hex.encode(digest));
      if (key !== undefined) {
        await this.#checkPlace(id, version, key);
        if (before !== undefined && !(await descends(key, before.client_id))) this.#altered();
      }
      before = key;
    }
  }

  #altered(): never {
    this.core.mirror.alarm = "draft-altered";
    this.core.mirror.changed();
    throw new NotPossible("draft-altered");
  }
}

function isDraft(value: unknown): value is Draft {
  return (
    typeof value === "object" &&
    value !== null &&
    Reflect.get(value, "v") === 1 &&
    Array.isArray(Reflect.get(value, "unknown")) &&
    Array.isArray(Reflect.get(value, "overrides"))
  );
}
