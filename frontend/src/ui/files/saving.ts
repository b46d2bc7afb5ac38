/** Where a file goes that a person takes: to the disk as it comes, or to it once it is whole. */

import type { Sink } from "../client";
import { download } from "../download";

/** From here on a browser that can is asked for the place first, and writes while it comes. */
const LARGE = 64 * 1024 * 1024;

type Picked = { createWritable(): Promise<FileSystemWritableFileStream> };
type Picker = (options: { suggestedName: string }) => Promise<Picked>;

/**
 * A sink to the person's disk. What a browser writes while it comes is in no file before it is
 * closed; other browsers gather the parts outside the page's own memory and hand them over then.
 *
 * @throws {DOMException} `AbortError` if the person chose no place
 */
export async function toDisk(name: string, size: number): Promise<Sink> {
  const pick: unknown = Reflect.get(globalThis, "showSaveFilePicker");
  if (size < LARGE || typeof pick !== "function") return gathered((file) => download(name, file));
  const picked = await (pick as Picker)({ suggestedName: name });
  const stream = await picked.createWritable();
  return {
    write: (part) => stream.write(part),
    close: () => stream.close(),
    abort: () => stream.abort(),
  };
}

/** A sink that hands over the whole, of a type that no browser opens by itself. */
export function gathered(done: (file: Blob) => void): Sink {
  let parts: Blob[] = [];
  return {
    write: async (part) => void parts.push(new Blob([part])),
    close: async () => done(new Blob(parts, { type: "application/octet-stream" })),
    abort: async () => {
      parts = [];
    },
  };
}
