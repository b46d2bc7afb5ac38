/** A thread as pages are handed it, for tests: active, read, with nobody in it unless told. */

import type { ThreadView } from "../../src/ui/client";

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
    held: 0,
    failed: 0,
    fresh: false,
    started: true,
    ...over,
  };
}
