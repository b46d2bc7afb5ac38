/** What the program can be told, one JSON object a line. */

import * as v from "valibot";
import type { Draft } from "../../src/rules/book";

const text = v.string();
const list = v.array(text);
/** A draft of a request: what is in it, the rules say. */
const draft = v.pipe(
  v.looseObject({
    v: v.literal(1),
    language: text,
    law_date: text,
    requesting_state: text,
    requested_state: text,
    unknown: list,
    overrides: v.array(v.object({ rule: text, reason: text, by: text })),
  }),
  v.transform((given) => given as Draft),
);
const ref = { ref: v.optional(v.union([text, v.number()])) };

export const command = v.variant("do", [
  v.strictObject({
    do: v.literal("sign-in"),
    account: text,
    password: v.optional(text),
    code: v.optional(text),
    ...ref,
  }),
  /** The person shows a code once more, in a session that is theirs: before what asks for that. */
  v.strictObject({ do: v.literal("prove"), account: text, ...ref }),
  /** Whoever drives this program is there: the session lasts longer. Nothing else says so. */
  v.strictObject({ do: v.literal("active"), ...ref }),
  v.strictObject({ do: v.literal("list"), ...ref }),
  v.strictObject({ do: v.literal("open-case"), states: list, title: text, ...ref }),
  v.strictObject({
    do: v.literal("open-thread"),
    case: text,
    name: text,
    people: v.optional(list, []),
    ...ref,
  }),
  v.strictObject({
    do: v.literal("add-person"),
    case: text,
    person: text,
    threads: v.optional(list, []),
    ...ref,
  }),
  v.strictObject({ do: v.literal("remove-person"), case: text, person: text, ...ref }),
  v.strictObject({ do: v.literal("remove-reader"), thread: text, person: text, ...ref }),
  v.strictObject({ do: v.literal("post"), thread: text, text, ...ref }),
  v.strictObject({ do: v.literal("renew"), thread: text, ...ref }),
  v.strictObject({ do: v.literal("resend"), ...ref }),
  v.strictObject({
    do: v.literal("read"),
    thread: text,
    limit: v.optional(v.number(), 500),
    ...ref,
  }),
  /** What there is to show of a thread that stopped or waits: for others, nothing confidential. */
  v.strictObject({ do: v.literal("evidence"), thread: text, ...ref }),
  /** What is the matter: of the circles, and of the public log with what shows it. */
  v.strictObject({ do: v.literal("alarms"), ...ref }),
  v.strictObject({ do: v.literal("mark-read"), thread: text, ...ref }),
  v.strictObject({ do: v.literal("follow"), thread: v.optional(text), ...ref }),
  v.strictObject({
    do: v.literal("draft"),
    case: text,
    title: text,
    draft,
    people: v.optional(list, []),
    ...ref,
  }),
  v.strictObject({ do: v.literal("read-draft"), request: text, ...ref }),
  /** Takes the turn if need be, writes, and saves. */
  v.strictObject({ do: v.literal("edit"), request: text, draft, ...ref }),
  v.strictObject({ do: v.literal("give-turn"), request: text, ...ref }),
  v.strictObject({ do: v.literal("versions"), request: text, ...ref }),
  v.strictObject({ do: v.literal("read-version"), request: text, version: v.number(), ...ref }),
  v.strictObject({ do: v.literal("comment"), request: text, section: text, text, ...ref }),
  v.strictObject({
    do: v.literal("attest"),
    request: text,
    ready: v.optional(v.boolean(), false),
    ...ref,
  }),
  v.strictObject({ do: v.literal("add-drafter"), request: text, person: text, ...ref }),
  v.strictObject({ do: v.literal("remove-drafter"), request: text, person: text, ...ref }),
  /** Stops the device as which this program works: signed, if its key is in this profile. */
  v.strictObject({ do: v.literal("revoke-own-device"), ...ref }),
  v.strictObject({ do: v.literal("sign-out"), ...ref }),
  v.strictObject({ do: v.literal("quit"), ...ref }),
]);
export type Command = v.InferOutput<typeof command>;

/** @throws {Error} saying what is wrong with the line. */
export function parseCommand(line: string): Command {
  const parsed = v.safeParse(command, JSON.parse(line));
  if (parsed.success) return parsed.output;
  const [first] = parsed.issues;
  throw new Error(`${v.getDotPath(first) ?? "command"}: ${first.message}`);
}
