import { describe, expect, it } from "vitest";
import type { Core } from "../core";
import { Rows } from "./rows";

describe("a request that somebody moved", () => {
  it("is told to whoever listens, and read once however often it rings", () => {
    const reads: (() => void)[] = [];
    const rows = new Rows({
      after: (_wait: number, act: () => void) => reads.push(act),
    } as never as Core);
    const heard: string[] = [];
    const leave = rows.onRung((request) => heard.push(request));
    rows.rang("r1");
    rows.rang("r2");
    leave();
    rows.rang("r3");
    expect(heard).toEqual(["r1", "r2"]);
    expect(reads).toHaveLength(1);
  });
});
