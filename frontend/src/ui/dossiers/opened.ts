/** Who opened a file of a letter, as the server says it. */

import type { ShownLetter } from "../client";
import type { Hub } from "../hub.svelte";
import { preferences } from "../preferences.svelte";
import { moment, zoneHere } from "../time";
import { isolated, listed, t } from "../words";

type LetterFile = ShownLetter["files"][number];

/** `mine`: to its author what is to be done is said otherwise. */
export function openedSaid({ isThere, opened }: LetterFile, hub: Hub, mine: boolean): string {
  if (!isThere) return t(mine ? "letters.fileGoneMine" : "letters.fileGone");
  if (opened.length === 0) return t("letters.fileUnopened");
  const people = opened.map(({ name, state, at }) => {
    const when = moment(at, preferences.language, zoneHere());
    return `${isolated(name)} (${hub.stateName(state)}), ${when}`;
  });
  return t("letters.fileOpened", { people: listed(people) });
}
