import { describe, expect, it } from "vitest";
import { threadView } from "../../tests/ui/threads";
import type { ThreadView } from "./client";
import { newsOf } from "./news";

const thread = (kind: ThreadView["kind"], fresh: boolean) => threadView({ kind, fresh });

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
