import { describe, expect, it } from "vitest";
import type { Draft } from "../../rules/book";
import {
  addItem,
  excepted,
  isFilled,
  isUnknown,
  markUnknown,
  newDraft,
  notExcepted,
  put,
  removeItem,
  swapItems,
  textAt,
  textsAt,
  translated,
  translationAt,
  valueAt,
} from "./document";

function started(): Draft {
  return {
    ...newDraft({
      language: "es",
      lawDate: "2026-11-24",
      requesting: "SV",
      requested: "MX",
      measures: ["bank_records"],
    }),
    persons: [{ name: "A" }, { name: "B" }, { name: "C" }],
    unknown: ["persons.0.birth", "persons.2.location", "facts.when"],
    translations: { "persons.1.reason": { en: { text: "why", status: "draft" } } },
  };
}

describe("a new draft", () => {
  it("has one measure for each that was ticked, with room for its own fields", () => {
    expect(started().measures).toEqual([{ type: "bank_records", fields: {} }]);
  });
});

describe("put", () => {
  it("makes the sections and boxes on the way and leaves the old draft alone", () => {
    const draft = started();
    const next = put(put(draft, "facts.when", "ayer"), "measures.0.fields.account", "123");
    expect(textAt(next, "facts.when")).toBe("ayer");
    expect(textAt(next, "measures.0.fields.account")).toBe("123");
    expect(valueAt(draft, "facts")).toBeUndefined();
  });

  it("takes the review off a translation whose original changed", () => {
    const reviewed = translated(started(), "facts.when", "en", {
      text: "yesterday",
      status: "reviewed",
    });
    const next = put(reviewed, "facts.when", "hoy");
    expect(translationAt(next, "facts.when", "en")).toEqual({ text: "yesterday", status: "draft" });
  });

  it("does nothing to an item that is not there", () => {
    expect(put(started(), "persons.9.name", "Z").persons).toEqual(started().persons);
  });
});

describe("valueAt", () => {
  it.each(["persons.7.name", "facts.when.x", "constructor.name", "nothing"])(
    "finds nothing at %s",
    (pointer) => {
      expect(valueAt(started(), pointer)).toBeUndefined();
    },
  );
});

describe("items", () => {
  it("are added at the end", () => {
    expect(addItem(started(), "annexes")).toMatchObject({ annexes: [{}] });
  });

  it("take what is said of them by pointer along when one goes", () => {
    const next = removeItem(started(), "persons", 0);
    expect(next.persons).toEqual([{ name: "B" }, { name: "C" }]);
    expect(next.unknown).toEqual(["persons.1.location", "facts.when"]);
    expect(translationAt(next, "persons.0.reason", "en").text).toBe("why");
  });

  it("take it along when two change places", () => {
    const next = swapItems(started(), "persons", 1, 2);
    expect(next.persons).toEqual([{ name: "A" }, { name: "C" }, { name: "B" }]);
    expect(next.unknown).toEqual(["persons.0.birth", "persons.1.location", "facts.when"]);
    expect(translationAt(next, "persons.2.reason", "en").text).toBe("why");
  });

  it("stay where there is no neighbour", () => {
    expect(swapItems(started(), "persons", 2, 3)).toEqual(started());
  });
});

describe("an answer marked as not known", () => {
  it("keeps what was written", () => {
    const draft = markUnknown(put(started(), "facts.who", "yo"), "facts.who", true);
    expect(isUnknown(draft, "facts.who")).toBe(true);
    expect(textAt(draft, "facts.who")).toBe("yo");
    expect(isUnknown(markUnknown(draft, "facts.who", false), "facts.who")).toBe(false);
  });

  it("is marked once", () => {
    const twice = markUnknown(markUnknown(started(), "a.b", true), "a.b", true);
    expect(twice.unknown.filter((one) => one === "a.b")).toEqual(["a.b"]);
  });
});

describe("an exception", () => {
  it("has one reason for each rule and can be withdrawn", () => {
    const draft = excepted(excepted(started(), "R", "una", "p"), "R", "otra", "q");
    expect(draft.overrides).toEqual([{ rule: "R", reason: "otra", by: "q" }]);
    expect(notExcepted(draft, "R").overrides).toEqual([]);
  });
});

describe("isFilled", () => {
  it.each([
    [undefined, false],
    [null, false],
    ["  ", false],
    ["x", true],
    [0, true],
    [["", " "], false],
    [["", "x"], true],
    [{ from: "", to: "" }, false],
    [{ from: "2026-01-01", to: "" }, true],
  ])("of %j is %j", (value, filled) => {
    expect(isFilled(value)).toBe(filled);
  });
});

describe("textsAt", () => {
  it("leaves out what is no text", () => {
    expect(textsAt({ ...started(), a: { b: ["x", 1, null] } }, "a.b")).toEqual(["x"]);
  });
});
