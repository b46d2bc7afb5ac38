/** Which entries of a log are a State's: each carries a blinded tag of every State concerned. */

import { concat, equal, type Hash, utf8 } from "../../bytes";
import { entriesIn, Frontier } from "./entries";
import { leafHash } from "./merkle";
import { Unproven } from "./refusal";
import { fromBase64, toBase64 } from "./text";
import { pathOf, type ReadFile } from "./tiles";

const WIDTH = 256; // entries in a full bundle
const TAG = 8; // bytes of the code that are kept
const CONTEXT = utf8.encode("casehub-audit-tag/1");

/** Says of an entry whether the State of this tag key (32 bytes) is concerned by it. */
export async function tagReader(key: Uint8Array<ArrayBuffer>) {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const mac = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  return async (entry: Uint8Array): Promise<boolean> => {
    const { k, c, g } = JSON.parse(utf8.decode(entry)) as Record<string, unknown>;
    if (k !== "event" || typeof c !== "string" || !Array.isArray(g)) return false;
    const code = await crypto.subtle.sign("HMAC", mac, concat(CONTEXT, fromBase64(c)));
    return g.includes(toBase64(new Uint8Array(code).subarray(0, TAG)));
  };
}

/**
 * The places below `before` whose entries carry a State's tag, in order.
 *
 * All `size` entries are read, and have to make `root`: none can be left out, or changed.
 *
 * @throws {Unproven} if they do not.
 */
export async function taggedPlaces(
  tree: { size: number; root: Hash },
  before: number,
  key: Uint8Array<ArrayBuffer>,
  read: ReadFile,
  progress: (done: number) => void = () => undefined,
): Promise<number[]> {
  const isTagged = await tagReader(key);
  const whole = new Frontier();
  const found: number[] = [];
  while (whole.size < tree.size) {
    const number = Math.floor(whole.size / WIDTH);
    const width = Math.min(tree.size - number * WIDTH, WIDTH);
    const entries = entriesIn(await read(pathOf(null, number, width)));
    if (entries.length !== width) throw new Unproven(`bundle ${number} has not ${width} entries`);
    for (const entry of entries) {
      if (whole.size < before && (await isTagged(entry))) found.push(whole.size);
      await whole.append(await leafHash(entry));
    }
    progress(whole.size);
  }
  if (!equal(await whole.root(), tree.root)) throw new Unproven("the entries make another root");
  return found;
}
