import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { exportPlain, LIMITS } from "../../../documents/plain";
import type { Book, Draft } from "../../../rules/book";
import { screen } from "../../../rules/engine";
import { derive } from "../../../rules/facts";
import { readBook } from "../../../rules/load";
import { newDraft } from "../document";
import { type FileRefused, readChosen } from "./file";
import { originsOf } from "./origins";
import { begun, measuresIn, type Source } from "./start";

let book: Book;
beforeAll(async () => {
  const path = join(import.meta.dirname, "../../../rules/rulebook.json");
  book = await readBook(readFileSync(path, "utf8"));
});

const GIVEN = {
  lawDate: "2026-11-24",
  requesting: "SV",
  requested: "MX",
  measures: ["bank_records"],
  language: "en" as const,
};
const SAID: Extract<Source, { kind: "message" }> = {
  kind: "message",
  origin: {
    kind: "message",
    circle: "c",
    seq: 7,
    person: "p",
    state: "MX",
    at: "2026-11-20T15:12:00Z",
  },
  text: "Dos cuentas.\nUna en Puebla.",
};
const former = (): Draft => ({
  ...begun(book, SAID, { ...GIVEN, language: "es" }),
  law_date: "2026-01-02",
  urgency: { level: "urgent" },
});
const file = (text: string, name = "SV-2026-0147.json") =>
  new File([text], name, { type: "application/json" });
const refusal = (one: File): Promise<string> =>
  readChosen(one, book, "SV").then(
    () => "taken",
    (error: FileRefused) => error.code,
  );

describe("a draft", () => {
  it("that starts from nothing has no origin", () => {
    expect(begun(book, { kind: "nothing" }, GIVEN)).toEqual(newDraft(GIVEN));
  });

  it("that starts from a message has its text in the facts and knows where it was said", () => {
    const draft = begun(book, SAID, GIVEN);
    expect(draft.facts).toEqual({ summary: SAID.text });
    expect(draft.measures).toEqual([{ type: "bank_records", fields: {} }]);
    expect(originsOf(draft)).toEqual([SAID.origin]);
  });

  it("that starts from a former request knows which version, and what that came from", () => {
    const origin = { kind: "request", request: "r", version: 4 } as const;
    const source: Source = { kind: "request", origin, draft: former() };
    expect(measuresIn(book, source)).toEqual(["bank_records"]);
    const draft = begun(book, source, GIVEN);
    expect(draft).toMatchObject({ language: "es", law_date: "2026-11-24" });
    expect(draft.facts).toEqual({ summary: SAID.text });
    expect(draft.urgency).toBeUndefined();
    expect(originsOf(draft)).toEqual([SAID.origin, origin]);
  });

  it("that starts from a file has all that fits the form, and the file as its only origin", async () => {
    const source = await readChosen(file(exportPlain(former(), book)), book, "SV");
    expect(source.imported.problems).toEqual([]);
    const draft = begun(book, source, GIVEN);
    const { origins: _, ...rest } = draft;
    const { origins: __, ...expected } = former();
    expect(rest).toEqual({ ...expected, law_date: "2026-11-24" });
    expect(originsOf(draft)).toEqual([source.origin]);
    expect(source.origin).toMatchObject({ name: "SV-2026-0147.json", law_date: "2026-01-02" });
    expect(source.origin.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it("gives the rules the same facts and findings whatever it came from", () => {
    const { origins: _, ...without } = former();
    expect(derive(book, former(), "draft")).toEqual(derive(book, without as Draft, "draft"));
    expect(screen(book, former(), "draft")).toEqual(screen(book, without as Draft, "draft"));
  });
});

describe("a file", () => {
  it.each([
    ["import-not-json", "a letter"],
    ["import-other-schema", "{}"],
    ["import-too-large", `"${"x".repeat(LIMITS.bytes)}"`],
    ["import-too-deep", `${"[".repeat(60)}${"]".repeat(60)}`],
    ["import-header", '{"schema": "urn:casehub:request:1"}'],
  ])("is refused with %s", async (code, text) => {
    expect(await refusal(file(text))).toBe(code);
  });

  it("is refused when it is a request of another State", async () => {
    const theirs = { ...former(), requesting_state: "GT", requested_state: "SV" };
    expect(await refusal(file(exportPlain(theirs, book)))).toBe("import-other-state");
  });

  it.each<[string, object]>([
    ["a very long key", { ["x".repeat(300)]: 1 }],
    ["a name that objects answer to", JSON.parse('{"__proto__": {"x": 1}}')],
    ["levels that add up to too many", { colour: JSON.parse("[".repeat(24) + "]".repeat(24)) }],
  ])("with %s is refused: colleagues would refuse its draft", async (_, over) => {
    const plain = JSON.stringify(
      Object.defineProperties(
        JSON.parse(exportPlain(former(), book)),
        Object.getOwnPropertyDescriptors(over),
      ),
    );
    expect(await refusal(file(plain))).toBe("import-not-kept");
  });

  it("may be addressed to its own State by mistake: the State is chosen here", async () => {
    const odd = { ...former(), requested_state: "SV" };
    expect(await refusal(file(exportPlain(odd, book)))).toBe("taken");
  });

  it("with half a letter is taken with a sign in its place", async () => {
    const plain = exportPlain(former(), book).replace("Dos cuentas", "Dos \\ud800cuentas");
    const source = await readChosen(file(plain), book, "SV");
    expect(source.imported.draft.facts).toEqual({ summary: "Dos \ufffdcuentas.\nUna en Puebla." });
  });

  it("that grew too large is never read", async () => {
    const huge = {
      name: "a.json",
      size: LIMITS.bytes + 1,
      arrayBuffer: () => Promise.reject(new Error("read")),
    };
    await expect(readChosen(huge, book, "SV")).rejects.toMatchObject({ code: "import-too-large" });
  });

  it("that is gone when it is to be read says so", async () => {
    const gone = { name: "a.json", size: 1, arrayBuffer: () => Promise.reject(new Error("gone")) };
    await expect(readChosen(gone, book, "SV")).rejects.toMatchObject({ code: "import-unreadable" });
  });

  it("loses nothing that has no place in the form", async () => {
    const plain = { ...JSON.parse(exportPlain(former(), book)), origins: ["a rumour"], colour: 3 };
    const source = await readChosen(file(JSON.stringify(plain)), book, "SV");
    expect(source.imported.problems.map(({ path }) => path)).toEqual(["origins", "colour"]);
    const draft = begun(book, source, GIVEN);
    expect(draft.notes).toEqual({ imported: { origins: ["a rumour"], colour: 3 } });
    expect(originsOf(draft)).toEqual([source.origin]);
  });
});
