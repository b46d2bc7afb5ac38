/**
 * Files on their way to the server: read once for their digests, then sealed and sent piece by piece.
 *
 * No more than one piece is in memory. A piece is sealed only if its bytes are those that were read
 * first, so that a file which changes meanwhile, or another one chosen after a reload, never meets a
 * nonce that was used. Of what the server has already, nothing is sent again.
 */

import { sha256 } from "@noble/hashes/sha2";
import { ApiError, isPassing } from "../../api/errors";
import { b64u, concat, sha256 as digestOf, equal } from "../../bytes";
import { LONGEST_NAME, MOST_FILES } from "../../crypto/content";
import {
  CHUNK,
  MOST_BYTES,
  newFileKey,
  paddedSize,
  piecesOf,
  piecesUnder,
  sealedDigest,
} from "../../crypto/fileSeal";
import type { Handling } from "../../crypto/handling";
import { cleanName } from "../../files/names";
import { keys } from "../../store/records";
import type { Tells, UploadRecord } from "../../store/said";
import { NotPossible } from "../problems";
import type { FileSource, Keeper, UploadView } from "./shapes";

/** One whose bytes are here. */
type Live = {
  readonly id: string;
  readonly circle: string;
  readonly source: FileSource;
  readonly stripped: boolean;
  readonly tells?: Tells;
  readonly over: AbortController;
  phase: UploadView["phase"];
  done: number;
  error?: string;
  /** Of each sealed piece so far. */
  readonly sealed: Uint8Array[];
};
type Listener = (uploads: readonly UploadView[]) => void;

const DIGEST = 32;
/** Between tries while the network or the server is away, in milliseconds. */
const PAUSES = [500, 1_000, 2_000, 4_000] as const;

/** Its bytes are not those that were read first. */
class Changed extends Error {}

export class Uploads {
  readonly #live = new Map<string, Live>();
  readonly #records = new Map<string, UploadRecord>();
  readonly #listeners = new Map<string, Set<Listener>>();
  /** They go one after the other: each has the whole line, and a piece in memory. */
  #last: Promise<void> = Promise.resolve();

  constructor(private readonly core: Keeper) {
    core.vault.watch((changes) => {
      for (const [key, value] of changes) {
        const [place, circle, id] = key.split("/");
        if (place !== "upload" || circle === undefined || id === undefined) continue;
        if (value === undefined) {
          this.#records.delete(id);
          this.#live.get(id)?.over.abort();
          this.#live.delete(id);
        } else this.#records.set(id, value as UploadRecord);
        this.#tell(circle);
      }
    });
  }

  on(circle: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(circle) ?? new Set();
    this.#listeners.set(circle, listeners.add(listener));
    void this.#read(circle).catch((error) => this.core.report(error));
    return () => void listeners.delete(listener);
  }

  async attach(
    circle: string,
    source: FileSource,
    { stripped = false, tells }: { stripped?: boolean; tells?: Tells } = {},
  ): Promise<string> {
    if (source.size > MOST_BYTES) throw new NotPossible("attachment-too-large");
    await this.#read(circle);
    if (this.#views(circle).length >= MOST_FILES) throw new NotPossible("attachment-many");
    const id = this.core.uuid();
    this.#start({ id, circle, source, stripped, ...(tells && { tells }) });
    return id;
  }

  async again(circle: string, id: string, source: FileSource): Promise<void> {
    const record = await this.core.vault.read(keys.upload(circle, id));
    if (record === undefined) throw new NotPossible("attachment-gone");
    if (source.size !== record.size) throw new NotPossible("attachment-other");
    const { stripped, tells } = record;
    this.#start({ id, circle, source, stripped, ...(tells && { tells }) });
  }

  async handle(circle: string, id: string, handling: Handling | null): Promise<void> {
    await this.core.exclusive(async (tx) => {
      const record = await tx.get(keys.upload(circle, id));
      if (record === undefined) throw new NotPossible("attachment-gone");
      const { handling: _before, ...rest } = record;
      tx.put(keys.upload(circle, id), { ...rest, ...(handling && { handling }) });
    });
  }

  async detach(circle: string, id: string): Promise<void> {
    this.#live.get(id)?.over.abort();
    const record = await this.core.vault.read(keys.upload(circle, id));
    if (record !== undefined) {
      try {
        await this.core.door.remove(id);
      } catch (error) {
        // Never begun there, or given up for good by the server, which ends what nobody finishes.
        const gone = error instanceof ApiError && error.code === "not-found";
        if (!gone && (record.sealed !== null || !isPassing(error))) throw error;
      }
      await this.core.exclusive(async (tx) => tx.remove(keys.upload(circle, id)));
    }
    this.#live.delete(id);
    this.#tell(circle);
  }

  #start(of: Pick<Live, "id" | "circle" | "source" | "stripped" | "tells">): void {
    const live: Live = {
      ...{ ...of, phase: "reading", done: 0, sealed: [] },
      over: new AbortController(),
    };
    this.#live.set(live.id, live);
    this.#tell(live.circle);
    this.#last = this.#last.then(() => this.#run(live));
  }

  /** To its end, however often the network goes away; what goes wrong is shown with it. */
  async #run(live: Live): Promise<void> {
    try {
      const record = await this.#digested(live);
      for (let tries = 0; !this.#isOver(live); tries += 1) {
        try {
          await this.#send(live, record);
          return;
        } catch (error) {
          if (this.#isOver(live) || !isLater(error)) throw error;
          this.#show(live, "waiting");
          await this.core.sleep(PAUSES[Math.min(tries, PAUSES.length - 1)] ?? 0);
        }
      }
    } catch (error) {
      if (this.#isOver(live)) return;
      live.error = error instanceof Changed ? "attachment-other" : codeOf(error);
      if (live.error === "unexpected") this.core.report(error);
      this.#show(live, "failed");
    }
  }

  #isOver(live: Live): boolean {
    return live.over.signal.aborted || this.core.over;
  }

  /** Read the file once. What is known of it already must be true of it. */
  async #digested(live: Live): Promise<UploadRecord> {
    const { id, circle, source, stripped, tells } = live;
    const whole = sha256.create();
    const pieces: Uint8Array[] = [];
    for (let index = 0; index < piecesOf(source.size); index += 1) {
      if (this.#isOver(live)) throw new Changed();
      const plain = await pieceOf(source, index);
      whole.update(plain);
      pieces.push(await digestOf(plain));
      live.done = Math.min(source.size, (index + 1) * CHUNK);
      this.#show(live, "reading");
    }
    const found = { sha256: b64u.encode(whole.digest()), pieces: concat(...pieces) };
    return this.core.exclusive(async (tx) => {
      const known = await tx.get(keys.upload(circle, id));
      if (known !== undefined) {
        if (known.sha256 !== found.sha256 || !equal(known.pieces, found.pieces)) {
          throw new Changed();
        }
        return known;
      }
      const { key, prefix } = newFileKey(id);
      const { name, type, size } = source;
      const record: UploadRecord = {
        ...{ id, circle, at: this.core.now(), tab: this.core.tab, stripped, size, sealed: null },
        ...found,
        name: cleanName(name).slice(0, LONGEST_NAME),
        type: /^[\w.+-]+\/[\w.+-]+$/.test(type) && type.length <= 127 ? type : "",
        ...{ key, prefix, ...(tells && { tells }) },
      };
      tx.put(keys.upload(circle, id), record);
      return record;
    });
  }

  async #send(live: Live, record: UploadRecord): Promise<void> {
    const { id, circle, size } = record;
    const { door } = this.core;
    const { missing } = await door.begin(circle, id, paddedSize(size));
    const wanted = new Set(missing);
    const pieces = await piecesUnder(record, size);
    live.done = 0;
    for (let index = 0; index < pieces.count; index += 1) {
      live.over.signal.throwIfAborted();
      if (wanted.has(index) || live.sealed[index] === undefined) {
        const plain = await pieceOf(live.source, index);
        const first = record.pieces.subarray(index * DIGEST, (index + 1) * DIGEST);
        if (!equal(await digestOf(plain), first)) throw new Changed();
        const sealed = await pieces.seal(index, plain);
        if (wanted.has(index)) await door.put(id, index, sealed, live.over.signal);
        live.sealed[index] = await digestOf(sealed);
      }
      live.done = Math.min(paddedSize(size), (index + 1) * CHUNK);
      this.#show(live, "sending");
    }
    const digest = await sealedDigest(id, live.sealed);
    await door.complete(id, digest);
    await this.core.exclusive(async (tx) => {
      const now = await tx.get(keys.upload(circle, id));
      if (now) tx.put(keys.upload(circle, id), { ...now, sealed: b64u.encode(digest) });
    });
    this.#show(live, "ready");
  }

  #show(live: Live, phase: UploadView["phase"]): void {
    live.phase = phase;
    this.#tell(live.circle);
  }

  async #read(circle: string): Promise<void> {
    for (const [, record] of await this.core.vault.list(keys.uploads(circle))) {
      this.#records.set(record.id, record);
    }
    this.#tell(circle);
  }

  #tell(circle: string): void {
    if (this.core.over) return;
    const views = this.#views(circle);
    for (const listener of this.#listeners.get(circle) ?? []) listener(views);
  }

  #views(circle: string): readonly UploadView[] {
    const live = [...this.#live.values()].filter((one) => one.circle === circle);
    const known = new Set(live.map(({ id }) => id));
    const kept = [...this.#records.values()].filter(
      (one) => one.circle === circle && !known.has(one.id) && !this.#isElsewhere(one),
    );
    kept.sort((a, b) => (a.at < b.at ? -1 : 1));
    return [...kept.map(keptView), ...live.map((one) => this.#liveView(one))];
  }

  /** Another tab is at it. */
  #isElsewhere({ tab, sealed }: UploadRecord): boolean {
    return sealed === null && tab !== this.core.tab && this.core.isOpenElsewhere(tab);
  }

  #liveView({ id, source, stripped, tells, phase, done, error }: Live): UploadView {
    const { size } = source;
    const total = phase === "reading" ? size : paddedSize(size);
    // Chosen again, it is called as it was: another file's name would stand for it.
    const { sha256 = null, handling, name = source.name } = this.#records.get(id) ?? {};
    const known = { stripped, ...(tells && { tells }), sha256, ...(handling && { handling }) };
    const shown = { id, name: cleanName(name), size, phase, done, total, ...known };
    return error === undefined ? shown : { ...shown, error };
  }
}

function keptView(record: UploadRecord): UploadView {
  const { id, name, size, stripped, tells, sealed, sha256, handling } = record;
  const total = paddedSize(size);
  const phase = sealed === null ? "asleep" : "ready";
  const done = sealed === null ? 0 : total;
  const known = { stripped, ...(tells && { tells }), sha256, ...(handling && { handling }) };
  return { id, name, size, phase, done, total, ...known };
}

async function pieceOf(source: FileSource, index: number): Promise<Uint8Array<ArrayBuffer>> {
  const to = Math.min(source.size, (index + 1) * CHUNK);
  const from = Math.min(index * CHUNK, to);
  try {
    return new Uint8Array(await source.slice(from, to).arrayBuffer());
  } catch {
    // It was changed, moved or deleted since it was chosen.
    throw new Changed();
  }
}

/** Whether the same may succeed a moment later: no line, a server that is busy, a body too slow. */
function isLater(error: unknown): boolean {
  return isPassing(error) || (error instanceof ApiError && error.status === 408);
}

function codeOf(error: unknown): string {
  return error instanceof ApiError || error instanceof NotPossible ? error.code : "unexpected";
}
