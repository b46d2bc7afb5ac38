/** What goes along with the words that somebody is writing in a thread. */

import type { Handling } from "../crypto/handling";

/** Every field is absent where it is as usual; a record of none is not kept. */
export type Along = {
  /** The entry of the message that it answers to. */
  answers?: number;
  /** Under what terms it is given, where somebody chose that for this one; null for none. */
  handling?: Handling | null;
  /** It asks for an acknowledgement of receipt. */
  asks?: true;
  urgent?: true;
};
