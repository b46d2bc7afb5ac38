import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseCommand } from "./commands";
import { Jar } from "./jar";
import { takeProfile } from "./profile";

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
