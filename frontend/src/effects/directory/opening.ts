/** From an entry of the directory's log and what the server says of it to what was signed. */

import type { DirectoryPage, WireStatement } from "../../api/schema";
import { b64u, MalformedBytes, utf8 } from "../../bytes";
import {
  digestOf,
  readStatement,
  type Statement,
  StatementMalformed,
} from "../../crypto/statements";
import { openEvent } from "../../verify/tlog/event";
import type { Opening } from "../../verify/tlog/evidence";
import { Malformed, Unproven } from "../../verify/tlog/refusal";
import { toBase64 } from "../../verify/tlog/text";

/** Acts are dated before their transactions end, and servers' clocks differ a little. */
const SKEW_MS = 300_000;
const DIGEST = /^[0-9a-f]{64}$/;

/** What the server says does not fit its own log: nobody new is believed from there on. */
export class NotAsLogged extends Error {
  override readonly name = "NotAsLogged";

  constructor(
    readonly why: "misopened" | "withheld",
    readonly opening: Opening,
  ) {
    super(`entry ${opening.index} of the directory: ${why}`);
  }
}

export type Opened = { at: number; wire: WireStatement | null; statement: Statement | null };
type Said = DirectoryPage["entries"][number] | undefined;
/** Not before the entry before it, nor after its checkpoint was cosigned, in milliseconds. */
export type Bounds = { from: number; until: number };

/**
 * The statement at an entry, if it is of one.
 *
 * @throws {NotAsLogged} if the server does not open it, or opens something else.
 */
export async function openEntry(
  index: number,
  leaf: Uint8Array,
  said: Said,
  { from, until }: Bounds,
): Promise<Opened> {
  const { salt = null, payload = null, statement: wire = null } = said ?? {};
  const not = (why: NotAsLogged["why"]) =>
    new NotAsLogged(why, { index, leaf: toBase64(leaf), salt, payload, statement: wire });
  const { kind, at } = headOf(leaf, () => not("misopened"));
  if (at < from - SKEW_MS || at > until + SKEW_MS) throw not("misopened");
  if (kind !== "event") return { at, wire: null, statement: null };
  if (salt === null || payload === null) throw not("withheld");
  const digest = await digestIn(leaf, payload, salt, () => not("misopened"));
  if (digest === null) return { at, wire: null, statement: null };
  if (wire === null) throw not("withheld");
  if ((await digestOf(wire)) !== digest) throw not("misopened");
  try {
    return { at, wire, statement: await readStatement(wire) };
  } catch (error) {
    // Entered as it is, and of no form that anybody agreed on: it has no effect, for nobody.
    if (error instanceof StatementMalformed) return { at, wire, statement: null };
    throw error;
  }
}

function headOf(leaf: Uint8Array, refused: () => NotAsLogged): { kind: string; at: number } {
  try {
    const { k, t } = (JSON.parse(utf8.decode(leaf)) ?? {}) as { k?: unknown; t?: unknown };
    if (typeof k === "string" && typeof t === "number") return { kind: k, at: t * 1_000 };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof MalformedBytes)) throw error;
  }
  throw refused();
}

/** The name of the statement that an event is of; null if it is of none. */
async function digestIn(
  leaf: Uint8Array,
  payload: string,
  salt: string,
  refused: () => NotAsLogged,
): Promise<string | null> {
  try {
    const event = await openEvent(leaf, b64u.decode(payload), b64u.decode(salt));
    const { digest } = event.payload;
    return typeof digest === "string" && DIGEST.test(digest) ? digest : null;
  } catch (error) {
    const known = error instanceof Malformed || error instanceof Unproven;
    if (known || error instanceof MalformedBytes) throw refused();
    throw error;
  }
}
