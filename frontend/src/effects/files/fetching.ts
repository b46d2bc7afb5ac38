/** A file of a message, fetched piece by piece; nothing is handed on that was not verified. */

import { sha256 } from "@noble/hashes/sha2";
import { ApiError, isPassing } from "../../api/errors";
import { b64u, sha256 as digestOf, equal } from "../../bytes";
import type { FileSaid } from "../../crypto/content";
import { PieceUnreadable, paddedSize, piecesUnder, sealedDigest } from "../../crypto/fileSeal";
import { keys } from "../../store/records";
import { NotPossible } from "../problems";
import type { Fetching, Keeper, Sink } from "./shapes";

/** Between tries while the network or the server is away, in milliseconds. */
const PAUSES = [500, 1_000, 2_000, 4_000] as const;

/** Of one piece, before its reader is told that the server does not have it for now. */
const MOST_REFUSED = 15;

type Source = Pick<Keeper, "door" | "over" | "sleep">;

export async function fetchFile(
  core: Keeper,
  circle: string,
  seq: number,
  id: string,
  sink: Sink,
  how: Fetching,
): Promise<void> {
  return fetchSealed(core, sink, how, async () => {
    const line = await core.vault.read(keys.line(circle, seq));
    return line?.kind === "message" ? line.files?.find((one) => one.id === id) : undefined;
  });
}

/** The same of a file that `known` finds. */
export async function fetchSealed(
  core: Source,
  sink: Sink,
  how: Fetching,
  known: () => Promise<FileSaid | undefined>,
): Promise<void> {
  try {
    const file = await known();
    if (file === undefined) throw new NotPossible("attachment-gone");
    await opened(core, file);
    await copied(core, file, sink, how);
    await sink.close();
  } catch (error) {
    await sink.abort().catch(() => undefined);
    if (error instanceof PieceUnreadable) throw new NotPossible("attachment-damaged");
    throw error;
  }
}

/** The log has it before the first piece can be asked for. */
async function opened(core: Source, file: FileSaid): Promise<void> {
  try {
    const { size } = await core.door.open(file.id);
    if (size !== paddedSize(file.size)) throw new NotPossible("attachment-damaged");
  } catch (error) {
    const gone = error instanceof ApiError && error.code === "not-found";
    throw gone ? new NotPossible("attachment-gone") : error;
  }
}

async function copied(core: Source, file: FileSaid, sink: Sink, how: Fetching): Promise<void> {
  const { id, size } = file;
  const under = { id, key: b64u.decode(file.key), prefix: b64u.decode(file.prefix) };
  const pieces = await piecesUnder(under, size);
  const whole = sha256.create();
  const digests: Uint8Array[] = [];
  let done = 0;
  for (let index = 0; index < pieces.count; index += 1) {
    const sealed = await patiently(core, how.signal, () => core.door.piece(id, index, how.signal));
    digests.push(await digestOf(sealed));
    const plain = await pieces.open(index, sealed);
    whole.update(plain);
    if (plain.length > 0) await sink.write(plain);
    done += plain.length;
    how.progress(done);
  }
  const same =
    equal(whole.digest(), b64u.decode(file.sha256)) &&
    equal(await sealedDigest(id, digests), b64u.decode(file.sealed));
  if (!same) throw new NotPossible("attachment-damaged");
}

async function patiently<T>(core: Source, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    signal.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted || core.over || !isPassing(error)) throw error;
      // The network may be away for long; a server that answers and cannot is told of.
      if (error instanceof ApiError && tries >= MOST_REFUSED) throw error;
      await core.sleep(PAUSES[Math.min(tries, PAUSES.length - 1)] ?? 0);
    }
  }
}
