/**
 * Reading versions of a draft: the server keeps the bodies, the drafting circle says the keys.
 *
 * The key's message names the body by its digest and the version that it was made from; the body
 * authenticates request and version; the version's id names the one before it (lineage.ts). So
 * another version's body, an altered one, or one that was never taken is noticed: the last at the
 * latest when somebody goes on from the true one.
 *
 * Whoever seals a body under the key that they announced may still seal nonsense: what opens and is
 * no draft is its author's doing, and never the server's.
 */

import { Unreachable } from "../../api/errors";
import type { VersionRow } from "../../api/schema";
import { equal, hex, sha256 } from "../../bytes";
import { fromCanonical, NotCanonical } from "../../canonical";
import { DraftUnreadable, openDraft } from "../../crypto/draftSeal";
import type { Draft } from "../../rules/book";
import { flawOf } from "../../rules/shape";
import { keys, type VersionKeyRecord } from "../../store/records";
import { type Core, NotPossible } from "../core";
import type { Sync } from "../sync";
import { authorOf } from "./heard";
import { descends, versionId } from "./lineage";
import type { Rows } from "./rows";

export type Opened = { version: number; draft: Draft; key: VersionKeyRecord };

/**
 * The newest version that can be shown here. `missing`: there is a newer one whose key this device
 * has not; `malformed`: a newer one opens, and is no draft.
 */
export type Newest = { opened: Opened | null; missing: boolean; malformed: Malformed | null };

/** A version that is no draft, and who made it by the key's message. */
export type Malformed = { readonly version: number; readonly person: string };

export class DraftMalformed extends NotPossible {
  constructor(readonly which: Malformed) {
    super("draft-malformed");
  }
}

/**
 * A version in the list. Its time is the server's word; who made it is the word of whoever sealed
 * the message with its key: the author, or a drafter (`by`) who told a newcomer of it. Only where
 * this device has no key it is the server's word as well.
 */
export type Listed = {
  version: number;
  at: string;
  person: string;
  source: "author" | "drafter" | "server";
  by: string | null;
  /** Somebody else, whom the server calls the author. */
  claimed: string | null;
};

/** How far back somebody without a text looks for a version that can be shown. */
const MOST_BACK = 20;

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

  /** The same, with who made each. */
  async authored(id: string): Promise<Listed[]> {
    const { circle } = this.rows.get(id);
    const listed = await this.list(id);
    const last = listed.at(-1);
    if (last === undefined) return [];
    const known = await this.#keys(circle, last.digest);
    return listed.map((row) => {
      const { version, at, person: said } = row;
      const key = known.get(hex.encode(row.digest));
      if (key === undefined) {
        return { version, at, person: said, source: "server", by: null, claimed: null };
      }
      this.#checkAuthor(row, key);
      const person = authorOf(key);
      const by = person === key.person ? null : key.person;
      const claimed = said === person ? null : said;
      return { version, at, person, source: by === null ? "author" : "drafter", by, claimed };
    });
  }

  /**
   * One version, or null when its key is not on this device.
   *
   * @throws {NotPossible} `draft-altered`: it is not what its author announced.
   * @throws {DraftMalformed} it is that, and no draft.
   */
  async open(id: string, version: number): Promise<Opened | null> {
    const { circle } = this.rows.get(id);
    const found = await this.core.api.version(id, version);
    const digest = await sha256(found.body);
    if (found.version !== version || !equal(digest, found.digest)) this.#altered();
    const key = (await this.#keys(circle, digest)).get(hex.encode(digest));
    if (key === undefined) return null;
    await this.#checkPlace(id, version, key);
    this.#checkAuthor(found, key);
    const book = await this.core.deps.book?.().catch(() => {
      throw new Unreachable("the rulebook did not arrive");
    });
    try {
      // The body is the one that was announced with this key: all that follows is its author's.
      const plain = await openDraft({ request: id, client_id: key.client_id }, found.body, key.key);
      const draft = fromCanonical(plain);
      if (flawOf(draft, this.core.device.state, book) === null) {
        return { version, draft: draft as Draft, key };
      }
    } catch (error) {
      if (!(error instanceof DraftUnreadable || error instanceof NotCanonical)) throw error;
    }
    throw new DraftMalformed({ version, person: authorOf(key) });
  }

  /**
   * The newest version that this device has the key of and can show, if it is newer than `above`:
   * what a text here goes on from could be shown.
   *
   * @throws {NotPossible} `draft-altered`
   */
  async newest(id: string, above = 0): Promise<Newest> {
    const { circle, version } = this.rows.get(id);
    const base = this.core.mirror.drafting.get(id)?.base ?? 0;
    if (base > 0 && base === version - 1) {
      const next = await this.#orMalformed(id, version);
      // A malformed one leaves to be found what comes before it, unless that is what is here.
      if (next !== null && (next.opened !== null || above >= base)) {
        return { missing: false, ...next };
      }
    }
    const listed = await this.list(id);
    const last = listed.at(-1);
    if (last === undefined) return { opened: null, missing: false, malformed: null };
    const known = await this.#keys(circle, last.digest);
    await this.#checkLineage(id, listed, known);
    const readable = listed.filter(({ digest }) => known.has(hex.encode(digest)));
    const missing = readable.at(-1) !== last;
    let malformed: Malformed | null = null;
    for (const row of readable.slice(-MOST_BACK).reverse()) {
      if (row.version <= above) break;
      const found = await this.#orMalformed(id, row.version);
      // The list and the version must be of one mind.
      if (found === null) this.#altered();
      malformed ??= found.malformed;
      if (found.opened === null) continue;
      if (!equal(found.opened.key.digest, row.digest)) this.#altered();
      return { opened: found.opened, missing, malformed };
    }
    return { opened: null, missing, malformed };
  }

  /** A version as it is, or whose fault it is that it cannot be shown; null without its key. */
  async #orMalformed(
    id: string,
    version: number,
  ): Promise<{ opened: Opened | null; malformed: Malformed | null } | null> {
    try {
      const opened = await this.open(id, version);
      return opened && { opened, malformed: null };
    } catch (error) {
      if (error instanceof DraftMalformed) return { opened: null, malformed: error.which };
      throw error;
    }
  }

  /** The key of the version that a draft here goes on from. */
  async keyOfBase(id: string): Promise<VersionKeyRecord | undefined> {
    const origin = (await this.core.vault.read(keys.draftOf(id)))?.origin ?? null;
    if (origin === null) return undefined;
    return this.core.vault.read(keys.versionKey(this.rows.get(id).circle, origin));
  }

  /**
   * The salts of these versions, of those whose keys are on this device; no text is opened for them. Which
   * key is of which version is the server's word: what is found by a salt shows that it is of that one.
   */
  async salts(id: string, wanted: readonly number[]): Promise<ReadonlyMap<number, Uint8Array>> {
    const listed = (await this.list(id)).filter(({ version }) => wanted.includes(version));
    const last = listed.at(-1);
    if (last === undefined) return new Map();
    const known = await this.#keys(this.rows.get(id).circle, last.digest);
    const salts = new Map<number, Uint8Array>();
    for (const { version, digest } of listed) {
      const key = known.get(hex.encode(digest));
      if (key !== undefined) salts.set(version, key.salt);
    }
    return salts;
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

  /** Who sealed the key's message is known for certain; the text is theirs, whatever else is said. */
  #checkAuthor({ person }: { person: string }, key: VersionKeyRecord): void {
    if (key.author !== undefined || key.person === person) return;
    this.core.mirror.alarm ??= "draft-author";
    this.core.mirror.changed();
  }

  #altered(): never {
    this.core.mirror.alarm = "draft-altered";
    this.core.mirror.changed();
    throw new NotPossible("draft-altered");
  }
}
