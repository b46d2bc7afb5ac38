/** What the program can be told, one JSON object a line. */

import * as v from "valibot";

const text = v.string();
const list = v.array(text);
const ref = { ref: v.optional(v.union([text, v.number()])) };

export const command = v.variant("do", [
  v.strictObject({
    do: v.literal("sign-in"),
    account: text,
    password: v.optional(text),
    code: v.optional(text),
    ...ref,
  }),
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
  v.strictObject({ do: v.literal("post"), thread: text, text, ...ref }),
  v.strictObject({ do: v.literal("renew"), thread: text, ...ref }),
  v.strictObject({ do: v.literal("resend"), ...ref }),
  v.strictObject({
    do: v.literal("read"),
    thread: text,
    limit: v.optional(v.number(), 500),
    ...ref,
  }),
  v.strictObject({ do: v.literal("mark-read"), thread: text, ...ref }),
  v.strictObject({ do: v.literal("follow"), thread: v.optional(text), ...ref }),
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
