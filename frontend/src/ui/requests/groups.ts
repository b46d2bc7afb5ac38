/** Names of the shelves on which the rulebook keeps sections and measures. */

import { type Key, t } from "../words";

const NAMES: Readonly<Record<string, Key | undefined>> = {
  who: "group.who",
  law: "group.law",
  what: "group.what",
  safeguards: "group.safeguards",
  form: "group.form",
  judgement: "group.judgement",
  follow_up: "group.followUp",
  assets: "group.assets",
  digital: "group.digital",
  people: "group.people",
  records: "group.records",
  special: "group.special",
};

/** A shelf that the interface has no words for yet is simply among the others. */
export const groupName = (group: string): string => t(NAMES[group] ?? "group.other");
