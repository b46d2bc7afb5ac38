/** What somebody does with dossiers: see where a request stands, and do the next step of it. */

import type { Dossier, DossierRow, MoveRow, NextMove, Said } from "../../api/dossiers";
import { b64u, hex, sha256 } from "../../bytes";
import type { Json } from "../../canonical";
import { signWith } from "../../crypto/ed25519";
import { MOVE, type Moved, moveBody, movedBy, moveInput } from "../../crypto/move";
import { instantText } from "../../crypto/statements";
import type { Directory } from "../../verify/chain";
import type { Deps } from "../deps";
import { digestOfFile } from "../designations/payload";
import type { Opened } from "../opening";
import { NotPossible } from "../problems";

/** Whether a move was signed by whom it says, in a post that makes such moves. */
export type MoveVerdict = "ok" | "signature" | "key" | "unchecked";

export interface DossierActs {
  list(): Promise<DossierRow[]>;
  /** The look is logged. */
  read(id: string): Promise<Dossier>;
  /** Sign the next step, as the page shows it, and do it. */
  move(found: Dossier, next: NextMove, on: string, said: Said): Promise<Dossier>;
  /** SHA-256 (hex) of each file; the files stay here. */
  hashes(files: readonly Blob[]): Promise<string[]>;
  /** What this browser finds of each move by itself, by number. */
  check(found: Dossier): Promise<ReadonlyMap<number, MoveVerdict>>;
}

type Door = {
  readonly guarded: <T>(act: () => Promise<T>) => Promise<T>;
  readonly letting: <T>(act: () => Promise<T>) => Promise<T>;
  readonly opened: () => Promise<Opened | null>;
  /** This browser's device, for those who draft; null for whoever has none. */
  readonly desk: () => DeskOf | null;
  readonly replayed: () => Promise<Directory | null>;
};

type DeskOf = {
  readonly core: { readonly device: { readonly signaturePrivate: Uint8Array } };
  readonly requests: {
    readonly versions: { open(id: string, version: number): Promise<unknown> };
  };
};

const CENTRAL = "central-authority";

export function dossierActs({ api, clock, random }: Deps, door: Door): DossierActs {
  const routes = api.dossiers;
  const { guarded } = door;
  const sign = async (moved: Moved, central: boolean): Promise<string> => {
    if (central) {
      const opened = await door.opened();
      if (opened === null) throw new NotPossible("identity-not-here");
      return opened.identity.signOther(MOVE, moveBody(moved));
    }
    const desk = door.desk();
    if (desk === null) throw new NotPossible("device-needed");
    await requireRead(desk, moved);
    const { signaturePrivate } = desk.core.device;
    return b64u.encode((await signWith(signaturePrivate, moveInput(moved))).signature);
  };
  /** Whoever drafts signs about what this device can read, whatever digest the server names. */
  const requireRead = async (desk: DeskOf, { request, version, digest }: Moved): Promise<void> => {
    if (version === 0) return;
    const { body } = await api.version(request, version);
    const found = hex.encode(await sha256(body));
    if (found !== digest) throw new NotPossible("version-behind");
    if ((await desk.requests.versions.open(request, version)) === null) {
      throw new NotPossible("version-key-missing");
    }
  };
  return {
    list: () => guarded(() => routes.list()),
    read: (id) => guarded(() => routes.read(id)),
    move: (found, next, on, said) =>
      guarded(() =>
        door.letting(async () => {
          const about = {
            act: next.act,
            number: found.moves.length + 1,
            version: found.version,
            digest: found.digest,
            on,
            issued: instantText(clock()),
            said,
          };
          const moved = { ...about, request: found.id, before: found.stage, after: next.after };
          const signature = await sign(moved, next.who.includes(CENTRAL));
          return routes.move(found.id, { ...about, client_id: random.uuid(), signature });
        }),
      ),
    hashes: (files) => Promise.all(files.map(digestOfFile)),
    check: (found) =>
      guarded(async () => {
        const directory = await door.replayed();
        const verdicts = await Promise.all(
          found.moves.map(async (one) => [one.number, await judge(found, one, directory)] as const),
        );
        return new Map(verdicts);
      }),
  };
}

async function judge(
  { id, requesting_state, requested_state }: Dossier,
  move: MoveRow,
  directory: Directory | null,
): Promise<MoveVerdict> {
  const key = b64u.decode(move.key);
  const moved: Moved = { ...move, request: id, said: move.said as { [name: string]: Json } };
  if (!(await movedBy(key, moved, b64u.decode(move.signature)))) return "signature";
  if (![requesting_state, requested_state].includes(move.state)) return "key";
  if (directory === null) return "unchecked";
  return isSigners(move, directory) ? "ok" : "key";
}

/** Whether the key was this person's when they signed: their device's, or their own. */
function isSigners(move: MoveRow, directory: Directory): boolean {
  const then = { now: Date.parse(move.at) };
  const standing = directory.standing(move.person, then);
  if (!standing.ok || standing.bound.state !== move.state) return false;
  if (move.device === null) {
    return standing.bound.roles.has(CENTRAL) && standing.bound.key === move.key;
  }
  const named = directory.deviceNamed(move.device);
  return named !== null && named.person === move.person && named.signature_key === move.key;
}
