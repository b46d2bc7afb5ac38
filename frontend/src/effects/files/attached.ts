/** Between the composer and a message: files that are uploaded become part of what is said. */

import { b64u } from "../../bytes";
import { type FileSaid, MOST_FILES } from "../../crypto/content";
import { keys, type OutboxRecord } from "../../store/records";
import type { UploadRecord } from "../../store/said";
import type { Tx } from "../../store/vault";
import { NotPossible } from "../problems";

/**
 * Take uploads that are ready out of the composer, for a message of the same batch.
 *
 * @throws {NotPossible} `attachment-incomplete` if one is not all there, or is in a message already
 */
export async function attach(
  tx: Tx,
  circle: string,
  ids: readonly string[],
): Promise<readonly FileSaid[]> {
  const found: FileSaid[] = [];
  const ready: (readonly [string, UploadRecord & { sealed: string }])[] = [];
  for (const id of new Set(ids.slice(0, MOST_FILES))) {
    const upload = await tx.get(keys.upload(circle, id));
    if (upload === undefined || upload.sealed === null) {
      throw new NotPossible("attachment-incomplete");
    }
    ready.push([id, { ...upload, sealed: upload.sealed }]);
  }
  // None is taken unless all are: the batch may go on without them.
  for (const [id, upload] of ready) {
    const { name, type, size, sha256, sealed, key, prefix, stripped, handling } = upload;
    found.push({
      ...{ id, name, type, size, sha256, sealed },
      key: b64u.encode(key),
      prefix: b64u.encode(prefix),
      ...(stripped && { stripped }),
      ...(handling && { handling }),
    });
    tx.remove(keys.upload(circle, id));
  }
  return found;
}

/** The files of a message that is taken back stand in the composer again. */
export function putBack(tx: Tx, { circle, content, at, tab }: OutboxRecord): void {
  if (content.kind !== "text") return;
  for (const { id, key, prefix, stripped, ...rest } of content.files ?? []) {
    tx.put(keys.upload(circle, id), {
      ...{ id, circle, at, tab, ...rest },
      pieces: new Uint8Array(),
      key: b64u.decode(key),
      prefix: b64u.decode(prefix),
      stripped: stripped ?? false,
    });
  }
}
