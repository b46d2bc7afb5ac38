/** What somebody reads no more, in words: on the page, on paper and in a file. */

import type { Losses, Person, ShownPerson, ThreadEnding } from "../client";
import { t } from "../words";

export type Names = {
  person: (id: string) => ShownPerson | null;
  stateName: (code: string) => string;
  /** What the person calls a device of theirs. */
  device: (id: string) => string;
};

export type Inviter = { id: string; called: string };

export function threadCalled({ kind, name, here }: ThreadEnding): string {
  if (kind === "case") return t("inbox.caseItself");
  if (!here) return t("losses.notHere");
  if (name !== null) return name;
  if (kind === "drafting") return t("request.untitled");
  return t(kind === "note" ? "notes.unnamed" : "thread.unnamed");
}

export function withOffice({ name, office }: Person, stateName: string): string {
  return `${name}, ${office} (${stateName})`;
}

/**
 * Who lets a new device in, with their office and State; whoever answers for the case first. Two may
 * be called the same, and once the session is over nobody has a name: who they are is their id.
 */
export function invitersOf({ people, owner }: ThreadEnding, names: Names): Inviter[] {
  const first = owner === null ? [] : [owner];
  return [...new Set([...first, ...people])].map((id) => {
    const found = names.person(id);
    if (found === null) return { id, called: t("people.unknown") };
    const called = withOffice(found, names.stateName(found.state));
    if (id !== owner) return { id, called };
    const key = people.includes(id) ? "losses.owner" : "losses.ownerOutside";
    return { id, called: t(key, { person: called }) };
  });
}

/** What was typed into a thread and goes; null if nothing was. */
export function typedIn({ draft, unsent }: ThreadEnding): string | null {
  if (!draft && unsent === 0) return null;
  if (unsent === 0) return t("losses.draft");
  return t(draft ? "losses.draftAndUnsent" : "losses.unsent", { count: unsent });
}

export function asText({ threads, begun }: Losses, names: Names): string {
  const lines = threads.flatMap((one) => {
    const where = [one.caseReference, one.caseTitle, threadCalled(one)].filter(Boolean).join(" · ");
    const on = one.devices.map((device) => names.device(device)).join(", ");
    const inviters = invitersOf(one, names).map(({ called }) => called);
    const whom = inviters.length === 0 ? [t("losses.nobody")] : inviters;
    const by = on ? [t("losses.readOn", { devices: on })] : [t("losses.by"), ...whom];
    const typed = typedIn(one);
    return [where, ...[...by, ...(typed === null ? [] : [typed])].map((line) => `  ${line}`), ""];
  });
  const rest = begun.length === 0 ? [] : [t("losses.begun"), ...begun.map((one) => `  ${one}`), ""];
  return [t("losses.listTitle"), "", ...lines, ...rest, t("losses.history"), ""].join("\n");
}
