/** What a notice to all States is about, in words. */

import { type Key, t } from "../words";

type Kind = { readonly words: Key; readonly tone: "" | "ok" | "warn" | "stop" };

const KINDS: Readonly<Record<string, Kind | undefined>> = {
  announced: { words: "announced.announced", tone: "ok" },
  "ministry-alone": { words: "announced.ministryAlone", tone: "warn" },
  changed: { words: "announced.changed", tone: "warn" },
  renewed: { words: "announced.renewed", tone: "ok" },
  suspended: { words: "announced.suspended", tone: "stop" },
  removed: { words: "announced.removed", tone: "stop" },
  reinstated: { words: "announced.reinstated", tone: "ok" },
  expired: { words: "announced.expired", tone: "warn" },
  "key-changed": { words: "announced.keyChanged", tone: "warn" },
  "device-stopped": { words: "announced.deviceStopped", tone: "stop" },
  "state-stopped": { words: "announced.stateStopped", tone: "stop" },
  "state-lifted": { words: "announced.stateLifted", tone: "ok" },
  unconfirmed: { words: "announced.unconfirmed", tone: "warn" },
};

/** A kind that this page does not know is a change of which it cannot say more. */
export function kindOf(kind: string): Kind {
  return KINDS[kind] ?? { words: "announced.other", tone: "warn" };
}

const CHANGED: Readonly<Record<string, Key | undefined>> = {
  name: "announced.what.name",
  post: "announced.what.post",
  office: "announced.what.office",
  roles: "announced.what.roles",
  functions: "announced.what.functions",
  languages: "announced.what.languages",
  scope: "announced.what.scope",
  region: "announced.what.region",
  deputy: "announced.what.deputy",
  key: "announced.what.key",
  hours: "announced.what.hours",
  "office-new": "announced.what.officeNew",
  "office-name": "announced.what.officeName",
  "office-kind": "announced.what.officeKind",
  "office-telephone": "announced.what.officeTelephone",
  "authority-new": "announced.what.authorityNew",
  "authority-ended": "announced.what.authorityEnded",
};

/** What is another now, in words; of what this page does not know the notice says nothing. */
export function changedNames(changed: readonly string[]): string[] {
  return changed.flatMap((one) => {
    const words = CHANGED[one];
    return words === undefined ? [] : [t(words)];
  });
}

export function kindName(kind: string): string {
  return t(kindOf(kind).words);
}
