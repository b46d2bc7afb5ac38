/** Files that go with letters: kept where a letter is typed until it takes them along. */

import type { LetterRow } from "../../api/letters";
import { b64u, hex } from "../../bytes";
import type { FileSaid } from "../../crypto/content";
import type { Letter } from "../../crypto/letter";
import { requestOf } from "../../store/circle";
import type { Tx, Vault } from "../../store/vault";
import type { Deps } from "../deps";
import { type UploadActs, uploadActs } from "../files/acts";
import { attach } from "../files/attached";
import { keeperOf } from "../files/keeper";
import type { FileDoor, Keeper } from "../files/shapes";
import type { Opened } from "../opening";
import { NotPossible } from "../problems";
import { besides } from "./beside";
import type { Proven } from "./made";
import type { WaitingLetter } from "./outbox";

/** This page among those of one person's: whoever has threads has one already. */
type Tab = { readonly tab: string; isOpenElsewhere(tab: string): boolean };

/**
 * A file of a letter as it was signed. `isThere`: the server has it, as what the letter says it is;
 * `opened` is the server's word.
 */
export type LetterFile = {
  readonly file: FileSaid;
  readonly isThere: boolean;
  readonly opened: LetterRow["files"][number]["opened"];
  /** Whether it is a document that was made of the request, where its letter says so. */
  readonly proven: Proven;
  /** Whether this browser has fetched all of it, and found it to be what was signed. */
  readonly isCompared: boolean;
};

export function filesOf(letter: Letter, row: LetterRow): readonly LetterFile[] {
  return (letter.files ?? []).map((file) => {
    const found = row.files.find(({ id }) => id === file.id);
    const isThere = found?.digest === hex.encode(b64u.decode(file.sealed));
    const opened = found?.opened ?? [];
    return { file, isThere, opened, proven: null, isCompared: false };
  });
}

export type LetterUploads = UploadActs & { keeper(): Promise<Keeper> };

export function letterUploads(
  deps: Deps,
  store: () => Promise<Opened>,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
  desk: () => Tab | null,
): LetterUploads {
  const kept = new WeakMap<Vault, Keeper>();
  const own = deps.random.uuid();
  const { enclosures } = deps.api;
  const door: FileDoor = {
    ...enclosures,
    begin: (place, id, size) => enclosures.begin(requestOf(place) ?? place, id, size),
  };

  async function keeper(): Promise<Keeper> {
    const { vault, inTurn, person } = await store();
    const known = kept.get(vault);
    if (known !== undefined) return known;
    const isOver = (): boolean => vault.isClosed;
    const isBeside = besides(deps, person.id, own, isOver);
    const made = keeperOf(deps, {
      ...{ door, vault, exclusive: inTurn, isOver },
      tab: () => desk()?.tab ?? own,
      isOpenElsewhere: (tab) => desk()?.isOpenElsewhere(tab) ?? isBeside(tab),
      report: (error) => {
        if (!isOver()) deps.report?.(error);
      },
    });
    kept.set(vault, made);
    return made;
  }
  return { ...uploadActs(() => deps, keeper, guarded), keeper };
}

/**
 * What of a letter to come its files are. Of one whose step is signed they may be missing here (taken
 * out by another page): its words wait with that to be told, and what there is stays where it is.
 *
 * @throws {NotPossible} `attachment-incomplete` where nothing was signed yet
 */
export async function along(
  tx: Tx,
  place: string,
  ids: readonly string[],
  isSigned: boolean,
): Promise<Pick<WaitingLetter, "files" | "failure">> {
  if (ids.length === 0) return {};
  try {
    return { files: await attach(tx, place, ids) };
  } catch (error) {
    if (!isSigned || !(error instanceof NotPossible)) throw error;
    return { failure: "letter-files-gone" };
  }
}
