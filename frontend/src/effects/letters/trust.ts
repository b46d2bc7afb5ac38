/** Whether anything is sealed for the readers of a record, and why not. */

import type { Dossier } from "../../api/dossiers";
import type { Audience } from "../../audience";
import type { Key } from "../../store/vault";
import type { Directory } from "../../verify/chain";
import { isSound, judged } from "../dossiers/judging";
import type { Opened } from "../opening";

/**
 * Why nothing leaves: not all steps are true here; or other States than this browser saw first, or
 * what is for one's own would go to another one's.
 */
export type Held = "untrue" | "pair";
/** Whether all of a record is true as far as this browser can tell. */
export type Sound = (
  found: Dossier,
  directory: Directory | null,
  reader: string,
) => Promise<boolean>;

const isTrue: Sound = async (...record) => isSound(await judged(...record));
const pairOf = (request: string) => `letter-pair/${request}` as Key<string>;

/** What was found of one record by what one directory had, for one State. */
type Last = {
  readonly directory: Directory | null;
  readonly size: number;
  readonly reader: string;
  readonly sound: boolean;
};

export class Trust {
  readonly #last = new WeakMap<Dossier, Last>();

  constructor(private readonly sound: Sound = isTrue) {}

  /**
   * Steps of form 1 sign no pair of States, and those of now only that of their own version: a host
   * could name another, for the time of one look.
   */
  async whyHeld(
    opened: Opened,
    found: Dossier,
    audience: Audience,
    directory: Directory | null,
  ): Promise<Held | null> {
    if (audience === "home" && found.requesting_state !== opened.person.state) return "pair";
    if (!(await this.#isPair(opened, found))) return "pair";
    return (await this.#isSound(found, directory, opened.person.state ?? "")) ? null : "untrue";
  }

  async #isPair({ vault, inTurn }: Opened, found: Dossier): Promise<boolean> {
    const pair = `${found.requesting_state} ${found.requested_state}`;
    const known = await vault.read(pairOf(found.id));
    if (known !== undefined) return known === pair;
    const first = await inTurn(async (tx) => {
      const meanwhile = await tx.get(pairOf(found.id));
      if (meanwhile === undefined) tx.put(pairOf(found.id), pair);
      return meanwhile ?? pair;
    });
    return first === pair;
  }

  /** The same record is judged again only by a directory that has more: it grows in place. */
  async #isSound(found: Dossier, directory: Directory | null, reader: string): Promise<boolean> {
    const [last, size] = [this.#last.get(found), directory?.size ?? 0];
    if (last?.directory === directory && last.size === size && last.reader === reader) {
      return last.sound;
    }
    const sound = await this.sound(found, directory, reader);
    this.#last.set(found, { directory, size, reader, sound });
    return sound;
  }
}
