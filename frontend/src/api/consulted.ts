/** What is told of an informal consultation, to whoever drafts the request and in its circle. */

import * as v from "valibot";

const text = v.string();
const uuid = v.pipe(text, v.uuid());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** That focal points of the requested State were asked; what is said is in the circle alone. */
export const consulted = v.object({
  id: uuid,
  circle: uuid,
  state: text,
  asker: uuid,
  version: count,
  digest: text,
  questions: v.array(text),
  urgent: v.boolean(),
  asked_at: text,
  due: text,
  /** Empty while it waits. */
  outcome: text,
  answerer: v.nullable(uuid),
  /** The message that answers. */
  answer: v.nullable(uuid),
  ended_at: v.nullable(text),
});
export type Consulted = v.InferOutput<typeof consulted>;
