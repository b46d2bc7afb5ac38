/**
 * How somebody came to act, as far as the entries of a bundle say so: the console's chain, offline.
 * To be asked only of entries in which nothing was found. Python: audit/bundles/explaining.py;
 * tests/vectors/audit/bundle-chains.json holds both to one answer.
 */

import { b64u, utf8 } from "../../bytes";
import type { Json } from "../../canonical";
import type { Event } from "./form";

/** In the order in which they come to be; whoever has no device is vouched for all the same. */
const STEPS = ["entered", "nominated", "approved", "designated", "bound", "devices"] as const;
export type StepName = (typeof STEPS)[number] | "cases";

/** What of a log tells of a step; of the rest a reader need keep nothing. */
const TELLING: ReadonlySet<string> = new Set([
  "cases.case.opened",
  "cases.person.added",
  "cases.person.removed",
  "designations.approval.given",
  "designations.designation.nominated",
  "directory.device.registered",
  "directory.person.entered",
  "directory.statement.entered",
]);
export const tells = ({ kind }: Pick<Event, "kind">): boolean => TELLING.has(kind);

/** An opened event: its index, the second of its entry, and what it says. */
export type Happened = {
  readonly index: number;
  readonly time: number;
  readonly event: Pick<Event, "actor" | "kind" | "payload">;
};

/**
 * One step: in which entry, when (seconds since 1970), and how often. `count` is, of "approved",
 * which hand; of "designated" and "bound", how many signatures the statement carries (0: it is not
 * in the bundle); of "devices" and "cases", how many there are. "cases" has no entry of its own.
 */
export type Step = {
  readonly step: StepName;
  readonly index: number | null;
  readonly time: number | null;
  readonly count: number;
};

/** What a bundle tells of one person, by id; `name` is a signed designation's, if it is there. */
export type Chain = {
  readonly person: string;
  readonly name: string | null;
  readonly steps: readonly Step[];
  readonly lacks: readonly StepName[];
};

type Person = {
  name: string | null;
  readonly nominated: Map<string, { signed: string; step: Step }>;
  readonly approved: { designation: string; signed: string; step: Step }[];
  readonly others: Step[];
  readonly devices: Map<string, Step>;
};

/**
 * A chain for everybody of whom a step is told, in the order of their first one. `statements` are
 * the bundle's, by SHA-256 in hex. Of a designation that was nominated anew the last nomination
 * counts, and the hands under it. Cases are counted for whoever has a chain.
 */
export function explained(
  opened: Iterable<Happened>,
  statements: ReadonlyMap<string, Uint8Array>,
): Chain[] {
  const people = new Map<string, Person>();
  const cases = new Map<string, Set<string>>();
  for (const one of opened) take(one, people, cases, statements);
  return [...people].map(([id, one]) => chainOf(id, one, cases.get(id)?.size ?? 0));
}

function take(
  one: Happened,
  people: Map<string, Person>,
  cases: Map<string, Set<string>>,
  statements: ReadonlyMap<string, Uint8Array>,
): void {
  const { kind, actor, payload } = one.event;
  const said = (name: string): string => textOf(payload, name);
  const person = said("person");
  if (kind === "cases.case.opened") {
    of(cases, actor, () => new Set<string>()).add(said("case"));
    return;
  }
  if (person === "") return;
  const theirs = (): Person => of(people, person, nobody);
  const step = (name: StepName, count: number): Step => ({
    step: name,
    index: one.index,
    time: one.time,
    count,
  });
  switch (kind) {
    case "cases.person.added":
      of(cases, person, () => new Set<string>()).add(said("case"));
      break;
    case "cases.person.removed":
      cases.get(person)?.delete(said("case"));
      break;
    case "directory.person.entered":
      theirs().others.push(step("entered", 1));
      break;
    case "designations.designation.nominated":
      theirs().nominated.set(said("designation"), {
        signed: said("signed"),
        step: step("nominated", 1),
      });
      break;
    case "designations.approval.given": {
      const about = { designation: said("designation"), signed: said("signed") };
      theirs().approved.push({ ...about, step: step("approved", countOf(payload, "hand")) });
      break;
    }
    case "directory.statement.entered": {
      const type = said("type");
      if (type !== "designation" && type !== "binding") break;
      const { signatures, name } = read(statements.get(said("digest")), said("person"));
      theirs().others.push(step(type === "designation" ? "designated" : "bound", signatures));
      if (type === "designation" && name !== "") theirs().name = name;
      break;
    }
    case "directory.device.registered":
      theirs().devices.set(said("device"), step("devices", 1));
      break;
  }
}

const nobody = (): Person => ({
  name: null,
  nominated: new Map(),
  approved: [],
  others: [],
  devices: new Map(),
});

function of<V>(all: Map<string, V>, key: string, make: () => V): V {
  const found = all.get(key) ?? make();
  all.set(key, found);
  return found;
}

function chainOf(person: string, one: Person, cases: number): Chain {
  const hands = one.approved.filter(({ designation, signed }) => {
    const last = one.nominated.get(designation);
    return last === undefined || last.signed === signed; // under what was nominated before: void
  });
  const made = [
    ...one.others,
    ...[...one.nominated.values()].map(({ step }) => step),
    ...hands.map(({ step }) => step),
  ].sort((a, b) => (a.index ?? 0) - (b.index ?? 0));
  const last = [...one.devices.values()].at(-1);
  if (last !== undefined) made.push({ ...last, count: one.devices.size });
  const held = new Set<string>(made.map(({ step }) => step));
  return {
    person,
    name: one.name,
    steps: [...made, { step: "cases", index: null, time: null, count: cases }],
    lacks: STEPS.filter((step) => !held.has(step)),
  };
}

/** How many signatures a statement carries, and the name in it if it is of this person. */
function read(line: Uint8Array | undefined, person: string): { signatures: number; name: string } {
  const none = { signatures: 0, name: "" };
  if (line === undefined) return none;
  try {
    const { body, signatures } = JSON.parse(utf8.decode(line)) as Record<string, Json>;
    if (typeof body !== "string" || !Array.isArray(signatures)) return none;
    const fields = JSON.parse(utf8.decode(b64u.decode(body))) as Json;
    const isTheirs = textOf(fields, "person") === person;
    return { signatures: signatures.length, name: isTheirs ? textOf(fields, "name") : "" };
  } catch {
    return none;
  }
}

function textOf(said: Json, name: string): string {
  const found = fieldOf(said, name);
  return typeof found === "string" ? found : "";
}

function countOf(said: Json, name: string): number {
  const found = fieldOf(said, name);
  return typeof found === "number" ? found : 0;
}

function fieldOf(said: Json, name: string): Json | undefined {
  if (typeof said !== "object" || said === null || Array.isArray(said)) return undefined;
  return (said as Readonly<Record<string, Json>>)[name];
}
