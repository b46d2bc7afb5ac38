import { beforeAll, describe, expect, it } from "vitest";
import type { Book } from "../../rules/book";
import { loadBook } from "../../rules/load";
import type { Key } from "../words";
import { type Fact, factsOf } from "./facts";

const STATES = ["BZ", "CA", "CR", "DO", "GT", "HN", "MX", "NI", "PA", "SV", "US"];
/** Where the page shows each fact of a file. */
const SHOWN: Readonly<Record<string, Key>> = {
  central_authority: "facts.authority",
  death_penalty: "facts.penalty",
  dual_criminality: "facts.dual",
  languages: "facts.languages",
  legal_tradition: "facts.tradition",
  mla_statute: "facts.statute",
  smuggling_benefit_element: "facts.benefit",
  smuggling_max_years: "facts.longest",
};

type Told = { readonly value: unknown; readonly sources?: readonly string[] };
type File = {
  readonly facts: Readonly<Record<string, Told>>;
  readonly smuggling_offence: {
    readonly statute: string;
    readonly penalties?: readonly { readonly case: { readonly es: string } }[];
    readonly sources?: readonly string[];
  };
  readonly interpol_ncb: Told;
};

let book: Book;
beforeAll(async () => {
  book = await loadBook();
});

const fileOf = (state: string) => book.states.get(state) as unknown as File;
function shownOf(state: string, words: Key | undefined): Fact {
  const found = factsOf(book, state).filter((one) => one.words === words);
  if (found[0] === undefined || found.length > 1) throw new Error(`${words}: ${found.length} rows`);
  return found[0];
}

describe("the facts of a State", () => {
  it("are those of the eleven files of the rulebook", () => {
    expect([...book.states.keys()].sort()).toEqual(STATES);
    expect(factsOf(book, "ZZ")).toEqual([]);
  });

  it.each(STATES)(
    "are all shown of %s, with their sources, and with how sure they are",
    (state) => {
      for (const [name, { value, sources = [] }] of Object.entries(fileOf(state).facts)) {
        const fact = shownOf(state, SHOWN[name]);
        expect(fact.sources).toEqual(sources);
        expect(fact.confidence).not.toBe("");
        expect(fact.value === null, name).toBe(value === "unknown");
        // A code of the file is no word of the page.
        expect(fact.value ?? "—").not.toMatch(/^$|_|^(yes|no|life)$/u);
      }
    },
  );

  it.each(STATES)(
    "are unknown of %s where its file says so of the offence or the bureau",
    (state) => {
      const { smuggling_offence: offence, interpol_ncb: bureau } = fileOf(state);
      expect(shownOf(state, "facts.offence").value === null).toBe(offence.statute === "unknown");
      expect(shownOf(state, "facts.interpol").value === null).toBe(bureau.value === "unknown");
    },
  );
});

describe("the penalties of smuggling migrants", () => {
  it.each(STATES)("are shown of %s case by case, or as unknown", (state) => {
    const { penalties, sources } = fileOf(state).smuggling_offence;
    const fact = shownOf(state, "facts.penalties");
    expect(fact.cases?.map(({ of }) => of)).toEqual(penalties?.map((one) => one.case.es));
    expect(fact.value === null).toBe(penalties === undefined);
    expect(fact.sources).toEqual(penalties === undefined ? [] : sources);
  });

  it("are terms of years, also with none at the beginning or at the end", () => {
    expect(shownOf("CR", "facts.penalties").cases).toEqual([
      { of: "Tipo básico", value: "de 4 a 8 años de prisión" },
      { of: "Agravado", value: "de 6 a 10 años de prisión" },
    ]);
    const of = (state: string) => shownOf(state, "facts.penalties").cases?.at(-1)?.value;
    expect(of("CA")).toBe("hasta cadena perpetua");
    expect(of("US")).toBe("hasta cadena perpetua o pena de muerte");
    expect(shownOf("US", "facts.penalties").cases?.[1]?.value).toBe("hasta 5 años de prisión");
  });

  it("have a longest term, and a benefit that is an element of the offence or is not", () => {
    const both = (state: string) =>
      (["facts.longest", "facts.benefit"] as const).map((words) => shownOf(state, words).value);
    expect(both("MX")).toEqual(["16 años de prisión", "Exigido: sin beneficio no hay delito"]);
    expect(both("US")).toEqual(["cadena perpetua o pena de muerte", "No exigido"]);
    expect(both("SV")).toEqual([null, null]);
  });
});
