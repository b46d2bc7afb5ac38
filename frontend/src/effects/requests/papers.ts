/**
 * Letterheads of offices, and the documents that are made of requests.
 *
 * The server keeps both as somebody signed them: whose letterhead it is, and which files were made,
 * this device finds out by the chain behind the signature.
 */

import type { LetterheadRow, MakingRow } from "../../api/papers";
import { b64u, equal, hex } from "../../bytes";
import type { FileSaid } from "../../crypto/content";
import { type MadeSaid, MOST_MADE } from "../../crypto/letter";
import {
  commitToDigest,
  commitToFile,
  commitToTemplate,
  digestText,
  type FileMade,
  headedBy,
  madeBy,
  saltOfFiles,
  signHeaded,
  signMade,
} from "../../crypto/papers";
import { instantText } from "../../crypto/statements";
import { MAY } from "../../roles";
import type { Draft } from "../../rules/book";
import { keys } from "../../store/records";
import type { Tx } from "../../store/vault";
import { type Core, NotPossible } from "../core";
import type { Attesting } from "./attesting";
import type { Rows } from "./rows";
import { isMadeOf, stageOf } from "./stages";
import type { Versions } from "./versions";

/**
 * A letterhead; `why` it is not printed: nobody of that office signed it, this device has seen a
 * newer one, or what they signed is none.
 */
export type LetterheadView = Omit<LetterheadRow, "signature"> & {
  readonly digest: string;
  /** What one written anew comes after: its number, or the newest that this device has seen. */
  readonly after: number;
  readonly why:
    | "letterhead-signer"
    | "letterhead-signature"
    | "letterhead-old"
    | "letterhead-malformed"
    | null;
};
type Judged = Omit<LetterheadView, "after">;
export type LetterheadsView = {
  readonly own: string | null;
  /** What a first one of the own office comes after: 0, or the newest that this device has seen. */
  readonly after: number;
  readonly letterheads: readonly LetterheadView[];
};

/** Documents that were made; `why`: nobody signed that who could have. */
export type MakingView = Omit<MakingRow, "signature" | "device"> & {
  readonly why: "making-signer" | "making-signature" | null;
};

/** A version that documents are made of, as its author sealed it. */
export type ReadyVersion = { readonly version: number; readonly draft: Draft };

export type ToMake = {
  readonly version: number;
  readonly files: readonly (Pick<FileMade, "kind" | "language"> & { readonly bytes: Uint8Array })[];
  readonly letterhead: LetterheadView | null;
  /** The Word file used. */
  readonly template: Uint8Array | null;
  readonly recipients: readonly string[];
};

export interface PaperActs {
  readonly papers: {
    letterheads: () => Promise<LetterheadsView>;
    /**
     * Of the own office; `after`: of the one that was shown, or of all where none was. It is signed
     * as newer than any that this device has seen.
     *
     * @throws {NotPossible} `letterhead-behind` if it has seen a newer one since, which nobody showed.
     */
    changeLetterhead: (office: string, after: number, body: Uint8Array) => Promise<LetterheadsView>;
    /** The version that is ready, if this device can read it and all that is said of it is true. */
    ready: (request: string) => Promise<ReadyVersion>;
    /** Noted in the log before anything is handed out. */
    make: (request: string, what: ToMake) => Promise<readonly MakingView[]>;
    made: (request: string) => Promise<readonly MakingView[]>;
    /**
     * Which files of what was made this one is: their places in a making. None, if nobody signed
     * that who could have: whatever a host says there proves nothing of a file.
     */
    recognise: (request: string, making: MakingView, file: Uint8Array) => Promise<number[]>;
  };
}

export class Papers {
  constructor(
    private readonly core: Core,
    private readonly requests: { rows: Rows; versions: Versions; attesting: Attesting },
  ) {}

  async letterheads(): Promise<LetterheadsView> {
    return this.#shown(await this.core.api.letterheads());
  }

  async change(office: string, after: number, body: Uint8Array): Promise<LetterheadsView> {
    const { api, deps, device } = this.core;
    const seen = (await this.core.vault.read(keys.letterhead(office))) ?? 0;
    if (after < seen) throw new NotPossible("letterhead-behind");
    // what was signed is seen already; of other numbers a host can make up any
    const before = Math.max(seen, Math.min(after, seen + LEAP - 1));
    const given = { office, number: before + 1, body };
    const signature = await signHeaded(given, device.signaturePrivate);
    const client_id = deps.random.uuid();
    const found = await api.changeLetterhead({
      client_id,
      number: given.number,
      body,
      signature,
    });
    // by this person's own word it is the newest, whatever the host shows now
    await this.core.exclusive((tx) => raise(tx, given));
    return this.#shown(found);
  }

  async ready(id: string): Promise<ReadyVersion> {
    const { version, draft } = await this.#newest(id);
    return { version, draft };
  }

  async make(id: string, what: ToMake): Promise<readonly MakingView[]> {
    const { api, deps, device } = this.core;
    const { version, salt } = await this.#newest(id);
    if (version !== what.version) throw new NotPossible("version-behind");
    const files = await Promise.all(
      what.files.map(async ({ kind, language, bytes }) => ({
        kind,
        language,
        commitment: await commitToFile(salt, bytes),
      })),
    );
    const { letterhead } = what;
    const template = what.template && hex.encode(await commitToTemplate(salt, what.template));
    const recipients = [...new Set(what.recipients)].sort();
    const said = { version, template: template ?? "", files, recipients };
    const about = { request: id, letterhead: letterhead?.digest ?? "", ...said };
    const signature = await signMade(about, device.signaturePrivate);
    const client_id = deps.random.uuid();
    const body = { client_id, letterhead: letterhead?.id ?? null, ...said, signature };
    return this.#told(id, await api.makeDocuments(id, body));
  }

  async made(id: string): Promise<readonly MakingView[]> {
    return this.#told(id, await this.core.api.documents(id));
  }

  async recognise(id: string, making: MakingView, file: Uint8Array): Promise<number[]> {
    const { version, files, why } = making;
    if (why !== null) return [];
    const opened = await this.requests.versions.open(id, version);
    if (opened === null) throw new NotPossible("version-key-missing");
    const commitment = await commitToFile(await saltOfFiles(opened.key.salt), file);
    return files.flatMap((one, place) => (equal(one.commitment, commitment) ? [place] : []));
  }

  /**
   * What was signed when documents among these files were made, the newest first, with the salt by which
   * whoever has the files finds that out: for those who read no draft and are to check what they send.
   */
  async carried(id: string, files: readonly FileSaid[]): Promise<MadeSaid[]> {
    const rows = (await this.core.api.documents(id)).reverse();
    const judged = await this.#told(id, rows);
    const good = rows.filter((_, place) => judged[place]?.why === null);
    if (good.length === 0) return [];
    const salts = await this.#saltsOf(id, good);
    const left = new Map(files.map((file) => [file.id, b64u.decode(file.sha256)]));
    const carried: MadeSaid[] = [];
    for (const row of good) {
      if (left.size === 0 || carried.length === MOST_MADE) break;
      const salt = salts.get(row.version);
      if (salt === undefined) continue;
      let isAmong = false;
      for (const [file, digest] of left) {
        const commitment = await commitToDigest(salt, digest);
        if (!row.files.some((one) => equal(one.commitment, commitment))) continue;
        left.delete(file);
        isAmong = true;
      }
      if (isAmong) carried.push(saidOf(row, salt));
    }
    return carried;
  }

  /** The salts of the files of those versions that this device has the keys of; none is opened for it. */
  async #saltsOf(id: string, rows: readonly MakingRow[]): Promise<ReadonlyMap<number, Uint8Array>> {
    const wanted = [...new Set(rows.map(({ version }) => version))];
    const salts = new Map<number, Uint8Array>();
    for (const [version, salt] of await this.requests.versions.salts(id, wanted)) {
      salts.set(version, await saltOfFiles(salt));
    }
    return salts;
  }

  /** @throws {NotPossible} `documents-not-ready`, `attestation-…`, `version-key-missing`. */
  async #newest(id: string): Promise<ReadyVersion & { salt: Uint8Array }> {
    const row = this.requests.rows.get(id);
    if (!isMadeOf(stageOf(row.stage))) throw new NotPossible("documents-not-ready");
    await this.requests.attesting.check(id);
    const verdict = this.requests.attesting.verdict(row);
    // what could not be looked at is no more true than what was found false
    if (verdict?.agrees !== true) throw new NotPossible(verdict?.why ?? "attestation-ready");
    const opened = await this.requests.versions.open(id, row.version);
    if (opened === null) throw new NotPossible("version-key-missing");
    const { version, draft, key } = opened;
    return { version, draft, salt: await saltOfFiles(key.salt) };
  }

  async #shown(found: {
    own: string | null;
    letterheads: readonly LetterheadRow[];
  }): Promise<LetterheadsView> {
    const judged = await Promise.all(found.letterheads.map((one) => this.#judged(one)));
    const letterheads = await this.#newer(judged);
    const { own } = found;
    const after = own === null ? 0 : await this.core.vault.read(keys.letterhead(own));
    return { own, after: after ?? 0, letterheads };
  }

  /** A host may have kept one that was signed before: what was seen here once is not undone. */
  #newer(letterheads: readonly Judged[]): Promise<LetterheadView[]> {
    const isSigned = ({ why }: Judged): boolean => why === null || why === "letterhead-malformed";
    return this.core.exclusive(async (tx) => {
      for (const one of letterheads) if (isSigned(one)) await raise(tx, one);
      const told: LetterheadView[] = [];
      for (const one of letterheads) {
        const seen = (await tx.get(keys.letterhead(one.office))) ?? 0;
        const why = isSigned(one) && one.number < seen ? "letterhead-old" : one.why;
        told.push({ ...one, why, after: Math.max(seen, one.number) });
      }
      return told;
    });
  }

  async #judged({ signature, ...row }: LetterheadRow): Promise<Judged> {
    const signer = await this.core.people.signer(row.person, row.device, Date.parse(row.at));
    const digest = await digestText(row.body);
    const may = MAY["papers.letterhead.change"].some((role) => signer?.roles.has(role));
    if (signer === null || !may || signer.office !== row.office || !this.#own(signer.state)) {
      return { ...row, digest, why: "letterhead-signer" };
    }
    if (!(await headedBy(signer.key, row, signature))) {
      return { ...row, digest, why: "letterhead-signature" };
    }
    return { ...row, digest, why: (await isLetterhead(row.body)) ? null : "letterhead-malformed" };
  }

  #told(id: string, rows: readonly MakingRow[]): Promise<MakingView[]> {
    return Promise.all(
      rows.map(async ({ signature, device, ...row }) => {
        const signer = await this.core.people.signer(row.person, device, Date.parse(row.at));
        const may = MAY["papers.documents.make"].some((role) => signer?.roles.has(role));
        if (signer === null || !may || !this.#own(signer.state)) {
          return { ...row, why: "making-signer" as const };
        }
        const about = { ...row, request: id, letterhead: row.letterhead_digest };
        const holds = await madeBy(signer.key, about, signature);
        return { ...row, why: holds ? null : ("making-signature" as const) };
      }),
    );
  }

  #own(state: string): boolean {
    return state === this.core.device.state;
  }
}

const saidOf = (row: MakingRow, salt: Uint8Array): MadeSaid => ({
  version: row.version,
  letterhead: row.letterhead_digest,
  template: row.template,
  files: row.files.map((one) => ({ ...one, commitment: b64u.encode(one.commitment) })),
  recipients: row.recipients,
  person: row.person,
  device: row.device,
  at: instantText(Date.parse(row.at)),
  signature: b64u.encode(row.signature),
  salt: b64u.encode(salt),
});

/** By how much the number of a letterhead grows at most (casehub/papers/limits.py). */
export const LEAP = 1000;

/** Keep that this one was seen; a number once seen is never made smaller. */
async function raise(
  tx: Tx,
  { office, number }: Pick<LetterheadView, "office" | "number">,
): Promise<void> {
  const seen = (await tx.get(keys.letterhead(office))) ?? 0;
  if (number > seen) tx.put(keys.letterhead(office), number);
}

/** What browsers parse: comes when letterheads are asked for, as what prints them does. */
async function isLetterhead(body: Uint8Array): Promise<boolean> {
  const { decodeLetterhead, LetterheadMalformed } = await import("../../documents/letterhead");
  try {
    decodeLetterhead(body);
    return true;
  } catch (error) {
    if (error instanceof LetterheadMalformed) return false;
    throw error;
  }
}

export function paperActs(
  papers: () => Papers,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
): PaperActs {
  return {
    papers: {
      letterheads: () => guarded(() => papers().letterheads()),
      changeLetterhead: (office, after, body) =>
        guarded(() => papers().change(office, after, body)),
      ready: (request) => guarded(() => papers().ready(request)),
      make: (request, what) => guarded(() => papers().make(request, what)),
      made: (request) => guarded(() => papers().made(request)),
      recognise: (request, making, file) =>
        guarded(() => papers().recognise(request, making, file)),
    },
  };
}
