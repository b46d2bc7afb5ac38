/**
 * The store in Node: one append-only log per name, each batch one checksummed frame.
 *
 * A frame is `u32 length || SHA-256(payload) first 8 bytes || payload`, flushed before the write
 * counts. After a crash the log is read up to the first frame that does not check, and cut there:
 * a half-written batch never happened. When most of the log is superseded it is rewritten to a
 * new file, flushed, and renamed over the old one.
 */

import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { type FileHandle, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Backend, Batch, Sealed, StoreFactory } from "./backend";
import { SortedRecords } from "./sorted";

const HEADER = 12;
const COMPACT_FROM = 32 * 1024 * 1024;

export function fileStores(directory: string): StoreFactory {
  return {
    open: async (name) => {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      return LogFile.open(directory, `${name}.log`);
    },
  };
}

class LogFile implements Backend {
  readonly #records = new SortedRecords();
  #size = 0;
  #live = 0;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly directory: string,
    readonly name: string,
    private handle: FileHandle,
  ) {}

  static async open(directory: string, name: string): Promise<LogFile> {
    const handle = await open(join(directory, name), "a+", 0o600);
    const file = new LogFile(directory, name, handle);
    await file.#replay();
    await flushDirectory(directory);
    return file;
  }

  async get(key: string): Promise<Sealed | undefined> {
    return this.#records.get(key);
  }

  async range(range: Parameters<Backend["range"]>[0]): Promise<Sealed[]> {
    return this.#records.range(range);
  }

  write(batch: Batch): Promise<void> {
    const done = this.#turn.then(() => this.#append(batch));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.handle.close();
  }

  async #append(batch: Batch): Promise<void> {
    const bytes = frame(batch);
    await this.handle.appendFile(bytes);
    await this.handle.sync();
    this.#size += bytes.length;
    this.#apply(batch);
    if (this.#size > COMPACT_FROM && this.#size > 4 * this.#live) await this.#compact();
  }

  #apply(batch: Batch): void {
    for (const record of batch.put) {
      this.#forget(record.key);
      this.#records.put(record);
      this.#live += record.bytes.length;
    }
    for (const key of batch.remove) this.#forget(key);
  }

  #forget(key: string): void {
    this.#live -= this.#records.get(key)?.bytes.length ?? 0;
    this.#records.remove(key);
  }

  async #replay(): Promise<void> {
    const bytes = await readFile(join(this.directory, this.name));
    let at = 0;
    for (;;) {
      const payload = payloadAt(bytes, at);
      if (payload === null) break;
      this.#apply(unpack(payload));
      at += HEADER + payload.length;
    }
    if (at < bytes.length) {
      await this.handle.truncate(at);
      await this.handle.sync();
    }
    this.#size = at;
  }

  async #compact(): Promise<void> {
    const target = join(this.directory, this.name);
    const fresh = await open(`${target}.new`, "w", 0o600);
    const bytes = frame({ put: this.#records.all(), remove: [] });
    await fresh.writeFile(bytes);
    await fresh.sync();
    await fresh.close();
    await rename(`${target}.new`, target);
    await flushDirectory(this.directory);
    await this.handle.close();
    this.handle = await open(target, "a+", 0o600);
    this.#size = bytes.length;
  }
}

function checksum(payload: Uint8Array): Buffer {
  return createHash("sha256").update(payload).digest().subarray(0, 8);
}

function frame(batch: Batch): Buffer {
  const payload = pack(batch);
  const header = Buffer.alloc(4);
  header.writeUInt32BE(payload.length);
  return Buffer.concat([header, checksum(payload), payload]);
}

function payloadAt(bytes: Buffer, at: number): Buffer | null {
  if (at + HEADER > bytes.length) return null;
  const end = at + HEADER + bytes.readUInt32BE(at);
  if (end > bytes.length) return null;
  const payload = bytes.subarray(at + HEADER, end);
  return checksum(payload).equals(bytes.subarray(at + 4, at + HEADER)) ? payload : null;
}

type Index = { put: [key: string, revision: number, length: number][]; remove: string[] };

/** `u32 length of index || index as JSON || the records' bytes, one after another`. */
function pack(batch: Batch): Buffer {
  const index: Index = {
    put: batch.put.map((record) => [record.key, record.revision, record.bytes.length]),
    remove: [...batch.remove],
  };
  const text = Buffer.from(JSON.stringify(index));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text, ...batch.put.map((record) => record.bytes)]);
}

function unpack(payload: Buffer): Batch {
  const start = 4 + payload.readUInt32BE(0);
  const index = JSON.parse(payload.subarray(4, start).toString()) as Index;
  let at = start;
  const put = index.put.map(([key, revision, length]) => {
    const bytes = new Uint8Array(payload.subarray(at, at + length));
    at += length;
    return { key, revision, bytes };
  });
  return { put, remove: index.remove };
}

async function flushDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  await handle.sync();
  await handle.close();
}
