/** A record of some people of two States, each step signed, and the directory that knows them. */

import {
  type Dossier,
  type MoveRow,
  NOTHING_SAID,
  type ProposalRow,
  type Said,
  type SecondRow,
} from "../src/api/dossiers";
import { b64u } from "../src/bytes";
import type { Json } from "../src/canonical";
import { signWith } from "../src/crypto/ed25519";
import { FORM, factsOf, moveInput, secondInput, stepOf } from "../src/crypto/move";
import type { judged } from "../src/effects/dossiers/judging";
import { secondedAs } from "../src/effects/dossiers/seconds";

const ID = "11111111-1111-4111-8111-111111111111";
type Six = [string, string, string, string, string, string];
/** Nadia is Mario's colleague, Elena coordinates their State. */
export const [BEA, SOFIA, MARIO, LIAISON, NADIA, ELENA] = [..."bsmlne"].map((one) =>
  one.repeat(8),
) as Six;
const DEVICES = new Map([
  [BEA, "22222222-2222-4222-8222-222222222222"],
  [LIAISON, "33333333-3333-4333-8333-333333333333"],
  [ELENA, "44444444-4444-4444-8444-444444444444"],
]);
const POSTS: Record<string, { state: string; roles: string[]; functions?: string[] }> = {
  [BEA]: { state: "SV", roles: ["coordinator"], functions: ["signatory"] },
  [LIAISON]: { state: "SV", roles: ["liaison"], functions: ["focal-point"] },
  [SOFIA]: { state: "SV", roles: ["central-authority"] },
  [MARIO]: { state: "MX", roles: ["central-authority"] },
  [NADIA]: { state: "MX", roles: ["central-authority"] },
  [ELENA]: { state: "MX", roles: ["coordinator"], functions: ["focal-point", "signatory"] },
};
/** What the server was told of the request. */
export const FACTS: Dossier["disclosed"] = {
  requesting_state: "SV",
  requested_state: "MX",
  law_date: "2026-11-20",
  measures: ["bank_records", "service"],
  instruments: [],
  urgency: "",
  deadline: "",
};
const FACTS_SIGNED = await factsOf(FACTS);
export const AT = "2026-11-24T15:00:00Z";
export const seeds = new Map<string, Uint8Array<ArrayBuffer>>();
const keys = new Map<string, string>();

export type Known = Parameters<typeof judged>[1];
export type Told = Partial<NonNullable<Known>>;

/** The directory as it would answer about these; `changes` are its other answers. */
export function directory(changes: Told = {}): Known {
  const names = (person: string) => new Set([`name of ${person}`]);
  const bound = (person: string) => ({
    ok: true,
    late: undefined,
    bound: {
      person,
      state: POSTS[person]?.state,
      roles: new Set(POSTS[person]?.roles),
      functions: new Set(POSTS[person]?.functions),
      key: keys.get(person),
      name: [...(changes.names ?? names)(person)].at(-1),
    },
  });
  return {
    standing: bound,
    device: () => ({ ok: true, person: "", state: "" }),
    deviceNamed: (device: string) => {
      const person = [...DEVICES].find(([, one]) => one === device)?.[0] ?? "";
      const key = keys.get(person);
      const state = POSTS[person]?.state ?? "";
      return { person, state, device, serial: "1", signature_key: key, history_key: "" };
    },
    sizeAt: () => 1,
    isEnded: () => false,
    names,
    stops: () => [],
    ...changes,
  } as unknown as Known;
}

type Wish = Partial<MoveRow> & { by?: string };
/** What each act says where nothing else is asked. */
const USUAL: { readonly [act: string]: Partial<Said> } = {
  authorise: { power: "statute" },
  transmit: { channel: "paper", language: "es" },
  "ask-information": { due: "2026-12-15" },
  return: { codes: ["D01"], rules: ["NO-HURRY"] },
  withdraw: { codes: ["no-longer-needed"] },
};

/** The same in the forms that know of no power. */
const { authorise: _, ...BEFORE } = USUAL;

export async function signed({ by = SOFIA, ...changes }: Wish): Promise<MoveRow> {
  const row: MoveRow = {
    number: 1,
    act: "authorise",
    before: "ready",
    after: "authorised",
    side: POSTS[by]?.state === "MX" ? "requested" : "requesting",
    person: by,
    name: `name of ${by}`,
    state: POSTS[by]?.state ?? "",
    device: DEVICES.get(by) ?? null,
    key: keys.get(by) ?? "",
    at: AT,
    on: "2026-11-24",
    issued: AT,
    version: 1,
    digest: "ab",
    said: {
      ...NOTHING_SAID,
      ...((changes.form ?? FORM) >= FORM
        ? USUAL[changes.act ?? "authorise"]
        : BEFORE[changes.act ?? ""]),
    },
    signature: "",
    form: FORM,
    disclosed: FACTS_SIGNED,
    second: null,
    ...changes,
  };
  const said = row.said as { [name: string]: Json };
  const input = moveInput({ ...row, request: ID, said });
  const seed = seeds.get(by);
  if (seed === undefined) throw new Error("nobody");
  return { ...row, signature: b64u.encode((await signWith(seed, input)).signature) } as MoveRow;
}

/** The same step with the hand of `by` under it; `changes` are made after it was signed. */
export async function seconded(
  move: MoveRow,
  by = NADIA,
  changes: Partial<SecondRow> = {},
): Promise<MoveRow> {
  const issued = changes.issued ?? AT;
  const seed = seeds.get(by);
  if (seed === undefined) throw new Error("nobody");
  const { key, signature } = await signWith(seed, secondInput(await secondedAs(ID, move, issued)));
  const second: SecondRow = {
    ...{ person: by, name: `name of ${by}`, state: POSTS[by]?.state ?? "", issued },
    ...{
      device: DEVICES.get(by) ?? null,
      key: b64u.encode(key),
      signature: b64u.encode(signature),
    },
    ...changes,
  };
  return { ...move, second };
}

/** The same step as it is proposed. */
export async function proposed(move: MoveRow): Promise<ProposalRow> {
  const { device: _, second: __, ...row } = move;
  const said = move.said as { [name: string]: Json };
  const step = await stepOf({ ...move, request: ID, said });
  const open = { outcome: "", reason: "", decider: "", stopped: false };
  return { ...row, ...open, step, lapses_at: "2026-11-27T15:00:00Z" };
}

export function dossier(moves: MoveRow[], changes: Partial<Dossier> = {}): Dossier {
  return {
    id: ID,
    requesting_state: "SV",
    requested_state: "MX",
    version: 1,
    disclosed: FACTS,
    proposal: null,
    stage: moves.at(-1)?.after ?? "draft",
    moves,
    ...changes,
  } as Dossier;
}

const STEPS: readonly Wish[] = [
  { by: BEA },
  { number: 2, act: "transmit", before: "authorised", after: "transmitted" },
  { by: MARIO, number: 3, act: "acknowledge", before: "transmitted", after: "acknowledged" },
];
export const chain = (changes: Wish[] = []): Promise<MoveRow[]> =>
  Promise.all(STEPS.map((one, place) => signed({ ...one, ...changes[place] })));

for (const person of Object.keys(POSTS)) {
  const seed = crypto.getRandomValues(new Uint8Array(32));
  seeds.set(person, seed);
  keys.set(person, b64u.encode((await signWith(seed, new Uint8Array(1))).key));
}
