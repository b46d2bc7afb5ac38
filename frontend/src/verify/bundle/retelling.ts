/**
 * What the entries of a bundle tell of each request, step by step, in the order in which they stand:
 * from the log alone, in codes. To be told only of entries in which nothing was found.
 *
 * Numbers of moves and of versions are part of what was recorded, so a step that is not in the
 * bundle shows as a gap.
 */

import type { Json } from "../../canonical";
import type { Event } from "./form";

/** For which of the two States something was done; `either` where no entry says for which. */
export type Side = "ours" | "theirs" | "either" | "nobody";

/** One thing that a step says besides: what it is about, and codes, days or hashes. */
export type Detail = { readonly about: string; readonly said: readonly string[] };

/** One step; `what` is the name of its sentence, and `by` whoever did it, by id. */
export type Told = {
  readonly index: number;
  readonly time: number;
  readonly side: Side;
  readonly what: string;
  readonly by: string;
  readonly version: number | null;
  readonly count: number;
  readonly details: readonly Detail[];
};

/** What is missing before the step at this place in the story: moves from one number to another. */
export type Gap = { readonly before: number; readonly from: number; readonly to: number };

/**
 * What became of one request. `ours` asked `theirs`; empty is a State that no entry here names.
 * `looks` is how often somebody looked into it or took the turn at its draft.
 */
export type Story = {
  readonly request: string;
  readonly ours: string;
  readonly theirs: string;
  readonly states: readonly string[];
  readonly steps: readonly Told[];
  readonly gaps: readonly Gap[];
  readonly looks: number;
};

type Happened = { readonly index: number; readonly time: number; readonly event: Event };

/** Acts of the State that was asked; the others are the asking one's (requests_mla/states.py). */
const THEIRS: ReadonlySet<string> = new Set([
  "acknowledge",
  "answer-part",
  "ask-information",
  "begin",
  "execute",
  "postpone",
  "refuse",
  "refuse-part",
  "resume",
  "return",
]);
const LOOKS: ReadonlySet<string> = new Set([
  "requests.dossier.read",
  "requests.request.read",
  "requests.turn.taken",
]);
/** The end of a look that is counted already; uploads: files are told of with their letter. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  "requests.enclosure.begun",
  "requests.enclosure.completed",
  "requests.enclosure.removed",
  "requests.turn.given-back",
]);

type Draft = {
  ours: string;
  theirs: string;
  readonly states: Set<string>;
  readonly steps: Told[];
  readonly gaps: Gap[];
  /** Of whom it is known for which State they act. */
  readonly sides: Map<string, Side>;
  moves: number;
  looks: number;
};

/** Takes entries one by one, and keeps of them what stories are made of. */
export class Retelling {
  readonly #requests = new Map<string, Draft>();

  take({ index, time, event }: Happened): void {
    const { kind, payload, actor, states } = event;
    if (!kind.startsWith("requests.") && kind !== "papers.documents.made") return;
    const request = textOf(payload, "request");
    if (request === "") return;
    const one = this.#of(request);
    for (const state of states) one.states.add(state);
    if (LOOKS.has(kind)) {
      one.looks += 1;
      return;
    }
    if (PASSED_OVER.has(kind)) return;
    const read = READS[kind] ?? later(kind);
    const { side = "ours", count = 0, version, what, details = [] } = read(payload, one, states);
    const told = details.filter(({ said }) => said.length > 0);
    if (textOf(payload, "proof") === "") placed(one, actor, side);
    one.steps.push({
      ...{ index, time, side, what, by: actor, count, details: told },
      version: version ?? numberOf(payload, "version"),
    });
  }

  stories(): Story[] {
    return [...this.#requests].map(([request, one]) => {
      const { ours, theirs, states, steps, gaps, looks, sides } = one;
      return {
        ...{ request, gaps, looks },
        steps: steps.map((step) =>
          step.side === "either" ? { ...step, side: sides.get(step.by) ?? "either" } : step,
        ),
        ours: ours || otherOf(states, theirs),
        theirs: theirs || otherOf(states, ours),
        states: [...states].sort(),
      };
    });
  }

  #of(request: string): Draft {
    const known = this.#requests.get(request);
    if (known !== undefined) return known;
    const states = new Set<string>();
    const sides = new Map<string, Side>();
    const made = { ours: "", theirs: "", states, steps: [], gaps: [], sides, moves: 0, looks: 0 };
    this.#requests.set(request, made);
    return made;
  }
}

/**
 * Whoever does a step acts for the State whose step it is, in what the log does not say it of, too.
 * Not what one State recorded of the other (with a proof), and not who would act for both.
 */
function placed(one: Draft, person: string, side: Side): void {
  if (side !== "ours" && side !== "theirs") return;
  const known = one.sides.get(person) ?? side;
  one.sides.set(person, known === side ? side : "either");
}

/** A kind that this program does not know is told of by its name: a later one may have written it. */
const later = (kind: string) => (): Read => ({ side: "either", what: kind });

/** The other of two States, if one of them is known. */
function otherOf(states: ReadonlySet<string>, one: string): string {
  return one === "" ? "" : ([...states].find((other) => other !== one) ?? "");
}

type Read = {
  side?: Side;
  what: string;
  version?: number;
  count?: number;
  details?: readonly Detail[];
};

const READS: Readonly<Record<string, (said: Json, one: Draft, states: readonly string[]) => Read>> =
  {
    "requests.request.opened": (said, one, states) => {
      one.ours = states[0] ?? "";
      return { what: "opened", count: textsOf(said, "people").length };
    },
    "requests.version.saved": () => ({ what: "saved" }),
    "requests.attestation.made": (said, one) => {
      one.theirs = textOf(said, "requested") || one.theirs;
      return {
        what: fieldOf(said, "ready") === true ? "ready" : "screened",
        details: [
          about("measures", textsOf(said, "measures")),
          about("urgency", some(textOf(said, "urgency"))),
          about("deadline", some(textOf(said, "deadline"))),
          about("aside", textsOf(said, "overridden")),
        ],
      };
    },
    "requests.reader.added": () => ({ what: "entered" }),
    "requests.reader.removed": () => ({ what: "left" }),
    "requests.consultation.asked": (said, one) => {
      one.theirs = textOf(said, "state") || one.theirs;
      return {
        what: "consulted",
        count: textsOf(said, "people").length,
        details: [
          about("questions", textsOf(said, "questions")),
          about("term", some(textOf(said, "due"))),
        ],
      };
    },
    "requests.consultation.answered": (said) => ({
      side: "theirs",
      what: "answered",
      details: [about("outcome", some(textOf(said, "outcome")))],
    }),
    "requests.consultation.ended": (said) => ({
      what: textOf(said, "outcome") === "not_answered" ? "unanswered" : "taken-back",
    }),
    "requests.move.made": moved,
    "requests.proposal.made": (said) => ({
      side: "theirs",
      what: "proposed",
      details: [about("act", some(textOf(said, "step"))), about("term", some(textOf(said, "due")))],
    }),
    "requests.proposal.declined": (said) => ({
      side: "theirs",
      what: "declined",
      details: [
        about("act", some(textOf(said, "step"))),
        about("reason", some(textOf(said, "reason"))),
      ],
    }),
    "requests.reminder.given": (said) => ({
      side: "nobody",
      what: "reminded",
      details: [
        about("reminder", some(textOf(said, "what"))),
        about("on", some(textOf(said, "on"))),
        about("days", [String(numberOf(said, "days") ?? "")].flatMap(some)),
      ],
    }),
    "requests.letter.sent": (said) => ({
      ...(textOf(said, "audience") === "home"
        ? { side: "ours", what: "home-letter" }
        : { side: "either", what: "letter" }),
      count: textsOf(said, "people").length,
      // 0 is none: a letter that goes with no step
      details: [
        about("step", [String(numberOf(said, "step") || "")].flatMap(some)),
        about("files", textsOf(said, "enclosures").map(shortOf)),
      ],
    }),
    "requests.enclosure.opened": (said) => ({
      side: "either",
      what: "file-opened",
      details: [about("files", [shortOf(textOf(said, "enclosure"))].flatMap(some))],
    }),
    "requests.letters.shared": (said) => ({
      side: "either",
      what: "shared",
      count: textsOf(said, "letters").length,
    }),
    "papers.documents.made": (said) => ({
      what: "papers",
      count: textsOf(said, "commitments").length,
    }),
  };

function moved(said: Json, one: Draft): Read {
  const number = numberOf(said, "number") ?? 0;
  if (number > one.moves + 1) {
    one.gaps.push({ before: one.steps.length, from: one.moves + 1, to: number - 1 });
  }
  one.moves = Math.max(one.moves, number);
  const step = textOf(said, "step");
  const codes = (name: string): string[] =>
    textsOf(said, "said")
      .filter((text) => text.startsWith(`${name}:`))
      .map((text) => text.slice(name.length + 1));
  const places = codes("measures").map((place) => String(Number(place) + 1));
  const agreed = textsOf(said, "said").includes("agreed");
  return {
    side: THEIRS.has(step) ? "theirs" : "ours",
    what: step,
    details: [
      about("on", some(textOf(said, "on"))),
      about("channel", codes("channel")),
      about("language", codes("language")),
      about("agreed", agreed ? [""] : []),
      about(step === "close" ? "use" : "codes", codes("codes")),
      about("terms", codes("terms")),
      about("power", codes("power")),
      about("lapsed", codes("lapsed")),
      about("rests", codes("rests_on")),
      about("assets", codes("assets")),
      about("rules", textsOf(said, "rules")),
      about("parts", places),
      about("evidence", textsOf(said, "evidence")),
      about(step === "refuse-part" ? "accepted" : "conditions", codes("conditions")),
      about("due", codes("due")),
      about("keep", codes("keep_until")),
      about("proof", some(textOf(said, "proof"))),
      about("proposer", some(shortOf(textOf(said, "proposer")))),
    ],
  };
}

const about = (what: string, said: readonly string[]): Detail => ({ about: what, said });
/** As people go by: the beginning of an id, which tells one file from another. */
const shortOf = (id: string): string => id.slice(0, 8);
const some = (text: string): string[] => (text === "" ? [] : [text]);

function fieldOf(said: Json, name: string): Json | undefined {
  if (typeof said !== "object" || said === null || Array.isArray(said)) return undefined;
  return (said as Readonly<Record<string, Json>>)[name];
}

function textOf(said: Json, name: string): string {
  const found = fieldOf(said, name);
  return typeof found === "string" ? found : "";
}

function numberOf(said: Json, name: string): number | null {
  const found = fieldOf(said, name);
  return typeof found === "number" ? found : null;
}

function textsOf(said: Json, name: string): string[] {
  const found = fieldOf(said, name);
  return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
}
