import { describe, expect, it } from "vitest";
import type { ThreadView } from "./client";
import { newsOf } from "./news";

function thread(kind: ThreadView["kind"], fresh: boolean): ThreadView {
  return {
    circle: crypto.randomUUID(),
    caseId: "c",
    name: null,
    kind,
    people: [],
    readers: [],
    unread: 0,
    calls: [],
    resolved: null,
    lastAt: null,
    status: "active",
    frozen: null,
    behind: null,
    strangers: [],
    continues: null,
    draft: "",
    held: 0,
    fresh,
    started: true,
  };
}

describe("newsOf", () => {
  const TABLE: ReadonlyArray<[string, ThreadView[], number]> = [
    ["a case that was never opened", [thread("case", true), thread("thread", true)], 1],
    [
      "two new threads of a known case",
      [thread("case", false), thread("thread", true), thread("thread", true)],
      2,
    ],
    ["nothing new", [thread("case", false), thread("thread", false)], 0],
  ];
  it.each(TABLE)("counts %s", (_name, threads, count) => {
    expect(newsOf({ threads })).toBe(count);
  });
});
