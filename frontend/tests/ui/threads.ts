/** A thread as pages are handed it, for tests: active, read, with nobody in it unless told. */

import type { CaseHubClient, ThreadView, View } from "../../src/ui/client";
import { personOf } from "./people";

export function threadView(over: Partial<ThreadView> = {}): ThreadView {
  return {
    circle: crypto.randomUUID(),
    caseId: "c1",
    name: null,
    kind: "thread",
    people: [],
    readers: [],
    unread: 0,
    calls: [],
    resolved: null,
    lastAt: null,
    status: "active",
    frozen: null,
    behind: null,
    missing: 0,
    strangers: [],
    continues: null,
    draft: "",
    along: {},
    quiet: false,
    edit: null,
    held: 0,
    failed: 0,
    fresh: false,
    started: true,
    ...over,
  };
}

/** The same with these people in it; Emily Ward's device has not come in yet. */
export function thread(
  circle: string,
  name: string | null,
  people: string[],
  over: Partial<ThreadView>,
): ThreadView {
  const readers = people.map((id) => ({
    person: id,
    states: personOf(id).state,
    devices: id === "p-ew" ? 0 : 1,
  }));
  return threadView({ circle, name, people, readers, ...over });
}

/** Without a network: what was refused before, what has not come, and what was begun meanwhile. */
export const AWAY: Readonly<Record<string, Partial<ThreadView>>> = {
  t1: { failed: 2, missing: 3 },
  t2: { failed: 1 },
};
export const BEGUN: View["begun"] = [
  { id: "b1", caseId: null, title: "Ruta Las Chinamas" },
  { id: "b2", caseId: "c1", title: "Cuentas en Guatemala" },
];

/** Acts of which these pages show nothing. */
export const silent = {
  discard: async () => undefined,
  resend: async () => undefined,
  resendAll: async () => undefined,
  saveDrafts: async () => undefined,
  setAlong: () => undefined,
  setEdit: () => undefined,
  holdsDraft: () => false,
  setTyped: () => undefined,
  tellTyping: () => undefined,
  keepQuiet: async () => undefined,
  typed: () => "",
};

/** Who writes in the thread of the bank's records, by scene: as many as there are ways to say it. */
const WRITING: Readonly<Record<string, readonly string[]>> = {
  full: ["p-lo"],
  files: ["p-lo", "p-rc"],
  given: ["p-lo", "p-rc", "p-ew"],
};
export const typingPart = (scene: string): Pick<CaseHubClient, "onTyping"> => ({
  onTyping: (circle, listener) => {
    listener(circle === "t1" ? (WRITING[scene] ?? []) : []);
    return () => undefined;
  },
});
