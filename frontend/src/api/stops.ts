/** Stops as those see them who make, confirm or lift them. */

import * as v from "valibot";
import { count, statement, stopped, uuid } from "./schema";

const text = v.string();

export const ownStop = v.object({
  ...stopped,
  id: uuid,
  reason: text,
  coordinators_left: v.optional(v.nullable(count), null),
});
export type OwnStop = v.InferOutput<typeof ownStop>;
/** A State's stop, with what was signed of it so far for whoever is the second. */
export const stateAccess = v.object({
  code: text,
  stop: v.nullable(
    v.object({
      ...stopped,
      id: uuid,
      by: uuid,
      reason: text,
      confirmed: v.boolean(),
      lifts_at: v.nullable(text),
      lift_by: v.nullable(uuid),
      lift_at: v.nullable(text),
      /** Until when the first word to lift it counts; why it does not any more. */
      lift_until: v.optional(v.nullable(text), null),
      lift_void: v.optional(v.nullable(text), null),
      statement: v.nullable(statement),
      lift: v.nullable(statement),
    }),
  ),
});
export type StateAccess = v.InferOutput<typeof stateAccess>;
