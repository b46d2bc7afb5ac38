/** Ana's terms in the directory's log, one after the other, and the log as a browser replays it. */

import { readStatement } from "../src/crypto/statements";
import { Directory, type Entry } from "../src/verify/chain";
import {
  binding,
  designationThree,
  good,
  hours,
  keyOf,
  LATER,
  type Log,
} from "./vectors/chain-links";

const ROOTS = { SV: await keyOf("root SV"), GT: await keyOf("root GT") };
export const OFFICERS = ["cora", "olga", "omar"];
/** When her second term says that it begins, and when her key was vouched for in it. */
export const [FROM, BOUND] = [60, 84];

export async function replayed({ entries }: Log): Promise<Directory> {
  const read = entries.map(async ({ at, statement }, index): Promise<Entry> => {
    const said = statement && (await readStatement(statement));
    return { index, at: Date.parse(at), statement: said };
  });
  return new Directory(await Promise.all(read), ROOTS);
}

export type Term = { roles?: string[]; functions?: string[] };

export const said = async ({ roles = ["liaison"], functions = [] }: Term) => ({
  ...(await designationThree("SV", "ana", roles)),
  functions,
});

/** Ana's first term, and one that takes its place; `bound`: in hours, never if null. */
export async function renewed(
  before: Term,
  after: Term,
  bound: number | null = BOUND,
): Promise<Log> {
  const log = await good();
  await log.put("designation", "ana", await said(before), OFFICERS);
  const term = { ...(await said(after)), from: hours(FROM), until: LATER };
  await log.at(FROM).add("designation", "ana 2", term, OFFICERS);
  if (bound === null) return log;
  const hands = after.roles?.includes("coordinator") ? ["olga"] : ["cora"];
  return log.at(bound).add("binding", "ana 2", await binding("SV", "ana", "ana", "ana 2"), hands);
}

/** She was a signatory and is a focal point; and the other way round. */
export const lost = () => renewed({ functions: ["signatory"] }, { functions: ["focal-point"] });
export const gained = () => renewed({ functions: ["focal-point"] }, { functions: ["signatory"] });
