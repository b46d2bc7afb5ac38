/** What browsers keep of fields: the state of a form lies on the disk, in clear, for "restore". */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const UI = fileURLToPath(new URL(".", import.meta.url));
const TYPED = /<(?:textarea|input)\b(?:[^>]|=>)*>/gs;
const NOT_TYPED = /type=(?:"(?:checkbox|radio|file|date|number|hidden)"|\{several)/;

describe("a field in which something is typed", () => {
  const files = readdirSync(UI, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".svelte"),
  );
  it.each(files)("tells the browser to keep nothing, in %s", (name) => {
    const fields = readFileSync(`${UI}/${name}`, "utf8").match(TYPED) ?? [];
    const kept = fields.filter((one) => !/autocomplete="/.test(one) && !NOT_TYPED.test(one));
    expect(kept).toEqual([]);
  });
});
