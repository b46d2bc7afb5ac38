import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CaseHubClient } from "../../src/effects/client";
import { parseCommand } from "./commands";
import { Jar } from "./jar";
import { takeProfile } from "./profile";
import { Program } from "./program";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "casehub-headless-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe("the cookie jar", () => {
  it("keeps cookies across restarts, and lets go of those that ended", () => {
    const file = join(directory, "cookies.json");
    const jar = new Jar(file);
    jar.take(["casehub=abc; Path=/; HttpOnly", "csrftoken=t; Max-Age=31449600"]);
    jar.take(['casehub=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0']);
    expect(new Jar(file).header()).toBe("csrftoken=t");
  });
});

describe("a profile", () => {
  it("belongs to one process at a time", () => {
    const giveBack = takeProfile(directory);
    writeFileSync(join(directory, "lock"), String(process.ppid));
    expect(() => takeProfile(directory)).toThrow(/in use by process/);
    giveBack();
    takeProfile(directory)();
  });

  it.each(["999999999", "", "nonsense"])("is taken over from a dead owner (%j)", (owner) => {
    writeFileSync(join(directory, "lock"), owner);
    takeProfile(directory)();
  });
});

describe("a command", () => {
  it("is one JSON object with its own fields and no others", () => {
    expect(parseCommand('{"do":"post","thread":"t","text":"x","ref":7}')).toEqual({
      do: "post",
      thread: "t",
      text: "x",
      ref: 7,
    });
  });

  it.each(['{"do":"post"}', '{"do":"dance"}', '{"do":"list","more":1}', "[]", "nothing"])(
    "is refused when it is %s",
    (line) => {
      expect(() => parseCommand(line)).toThrow();
    },
  );
});

describe("a session", () => {
  const session = { state: "full", person: null, idle_seconds: 900, idle_left: 900, ends_at: null };
  const view = { session, cases: [], requests: [], people: [], outbox: 0, connection: "online" };

  function driven(): { program: Program; acts: string[] } {
    const acts: string[] = [];
    const client = {
      view: () => view,
      subscribe: () => () => undefined,
      stayActive: async () => void acts.push("active"),
      resendAll: async () => undefined,
      lines: async () => [],
    };
    return { program: new Program(client as unknown as CaseHubClient, () => undefined), acts };
  }

  it("is kept awake by whoever drives the program, when they say so", async () => {
    const { program, acts } = driven();
    expect(await program.run({ do: "active" })).toEqual({
      idle_seconds: 900,
      idle_left: 900,
      ends_at: null,
    });
    expect(acts).toEqual(["active"]);
  });

  it("is kept awake by no other command", async () => {
    const { program, acts } = driven();
    await program.run({ do: "list" });
    await program.run({ do: "resend" });
    await program.run({ do: "read", thread: "t", limit: 5 });
    expect(acts).toEqual([]);
  });
});
