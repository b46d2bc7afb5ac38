/** What a step says besides its act, line by line, in words. */

import type { Dossier } from "../client";
import { preferences } from "../preferences.svelte";
import { languageName } from "../requests/languages";
import { shortDay } from "../time";
import { type Key, listed, t } from "../words";
import { CHOICES } from "./asks";
import { assetName, CHANNELS, CHOSEN, CONDITIONS, codeName, listLabel, wordOf } from "./words";

type Move = Dossier["moves"][number];

const DUE: Readonly<Record<string, Key | undefined>> = {
  begin: "move.due.execution",
  postpone: "move.due.review",
};

/** What the day is called that a step names: each asks for one of its own. */
export const dueLabel = (act: string): string => t(DUE[act] ?? "move.due.answer");

export function detailsOf({ act, said }: Pick<Move, "act" | "said">): string[] {
  const day = (iso: string): string => shortDay(iso, preferences.language, "UTC");
  const lines: [string, string][] = [
    [t("move.channel"), wordOf(CHANNELS, said.channel)],
    [t("move.language"), said.language && languageName(said.language)],
    [listLabel(act, "codes"), listed(said.codes.map(codeName))],
    ...CHOICES.map((one): [string, string] => [
      t(CHOSEN[one].label),
      wordOf(CHOSEN[one].codes, said[one]),
    ]),
    [t("move.rules"), said.rules.join(", ")],
    [listLabel(act, "conditions"), listed(said.conditions.map((one) => wordOf(CONDITIONS, one)))],
    [dueLabel(act), said.due && day(said.due)],
    [t("move.assets"), listed(said.assets.map(assetName))],
    [t("move.restsOn"), said.rests_on && day(said.rests_on)],
    [t("move.keepUntil"), said.keep_until && day(said.keep_until)],
  ];
  return [
    ...lines.flatMap(([label, value]) =>
      value === "" ? [] : [`${label}${t("label.colon")} ${value}`],
    ),
    ...measuresTold(act, said.measures),
    ...(said.agreed ? [t("move.agreed")] : []),
    ...(said.consulted ? [t("move.consulted")] : []),
  ];
}

/** Which measures it answers or refuses: by their places in the list that the request's page has. */
function measuresTold(act: string, measures: readonly number[]): string[] {
  if (measures.length === 0) return [];
  const key = act === "refuse-part" ? "move.measuresRefusedTold" : "move.measuresTold";
  const places = listed(measures.map((one) => String(one + 1)));
  return [t(key, { count: measures.length, places })];
}
