/** Designations of version 3: which functions their people carry is signed with the rest. */
import { type Change, inOrder, type Row, row } from "./chain-changes";
import {
  binding,
  designationThree,
  designationTwo,
  type Fields,
  hours,
  LATER,
} from "./chain-links";

const ALL = ["cora", "olga", "omar"];
const ONE = ["cora", "olga"];
const BOTH = ["focal-point", "signatory"];

const first =
  (fields: Fields = {}, made = designationThree): Change =>
  async (log) => {
    await log.put(
      "designation",
      "ana",
      { ...(await made("SV", "ana", ["liaison"])), ...fields },
      ALL,
    );
  };

/** A later term of hers in which her key is vouched for. */
const next =
  (fields: Fields, signers: string[], made = designationThree): Change =>
  async (log) => {
    const usual = await made("SV", "ana", ["liaison"]);
    const may = { ...usual, from: hours(60), until: LATER, ...fields };
    await log.at(60).add("designation", "ana 2", may, signers);
    await log.add("binding", "ana 2", await binding("SV", "ana", "ana", "ana 2"), ["cora"]);
  };

const unsigned = ["designation-unsigned", "no-designation"] as const;

export async function third(): Promise<Row[]> {
  const two = first({}, designationTwo);
  return [
    row("a liaison who is a focal point, of version 3", "ok", first(), {
      functions: ["focal-point"],
    }),
    row("a liaison who signs, of version 3", "ok", first({ functions: ["signatory"] }), {
      functions: ["signatory"],
    }),
    row("a liaison without any function, of version 3", "ok", first({ functions: [] }), {
      functions: [],
    }),
    row("a liaison of version 2 is a focal point", "ok", two, { functions: ["focal-point"] }),
    row(
      "one more function by one officer",
      "ok",
      inOrder(first(), next({ functions: BOTH }, ONE)),
      {
        refused: [...unsigned],
        functions: ["focal-point"],
      },
    ),
    row(
      "one more function by two officers",
      "ok",
      inOrder(first(), next({ functions: BOTH }, ALL)),
      {
        functions: BOTH,
      },
    ),
    row(
      "as of the entries before her key was vouched for in a term with others",
      "ok",
      inOrder(first(), next({ functions: ["signatory"] }, ALL)),
      { size: 17, functions: ["focal-point"] },
    ),
    row("one function less by one officer", "ok", inOrder(first(), next({ functions: [] }, ONE)), {
      refused: [...unsigned],
      functions: ["focal-point"],
    }),
    row(
      "the same functions in another order by one officer",
      "ok",
      inOrder(first({ functions: BOTH }), next({ functions: [...BOTH].reverse() }, ONE)),
      { functions: BOTH },
    ),
    row(
      "by one officer, where version 3 says what a liaison of version 2 did",
      "ok",
      inOrder(two, next({}, ONE)),
      { functions: ["focal-point"] },
    ),
    row(
      "by one officer, where version 3 says more than that",
      "ok",
      inOrder(two, next({ functions: BOTH }, ONE)),
      { refused: [...unsigned], functions: ["focal-point"] },
    ),
    row(
      "back to version 2 by one officer: it gives a function that she had not",
      "ok",
      inOrder(first({ functions: ["signatory"] }), next({}, ONE, designationTwo)),
      { refused: [...unsigned], functions: ["signatory"] },
    ),
  ];
}
