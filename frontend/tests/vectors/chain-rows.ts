/** One row, one log: what is changed in the good one, and what both readers must then say. */
import type { Row } from "./chain-changes";
import { onceMore } from "./chain-rows-again";
import { hands } from "./chain-rows-hands";
import { later } from "./chain-rows-later";
import { links } from "./chain-rows-links";
import { roles } from "./chain-rows-roles";
import { second } from "./chain-rows-second";
import { states } from "./chain-rows-states";
import { third } from "./chain-rows-third";

export type { Row } from "./chain-changes";

export async function rows(): Promise<Row[]> {
  const parts = [links(), later(), states(), onceMore(), roles(), hands(), second(), third()];
  return (await Promise.all(parts)).flat();
}
