/** The indicators on the wire: a quarter's numbers, null where one is not told. */

import * as v from "valibot";
import type { Call } from "./http";

const count = v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0)));

const counts = v.object({
  code: v.string(),
  cells: v.record(v.string(), count),
  whole: v.optional(count, null),
});
export type Counts = v.InferOutput<typeof counts>;

const group = v.object({
  name: v.string(),
  count: v.optional(count, null),
  median: v.optional(count, null),
  ninth: v.optional(count, null),
});
const times = v.object({ code: v.string(), groups: v.array(group) });
/** Seconds by group; the one without a name is all of them. */
export type Times = v.InferOutput<typeof times>;

export const indicators = v.object({
  quarter: v.string(),
  state: v.string(),
  least: v.number(),
  ninth_least: v.number(),
  counts: v.array(counts),
  unrecorded: v.array(v.string()),
  incomplete: v.boolean(),
  times: v.array(times),
});
export type Indicators = v.InferOutput<typeof indicators>;

export function indicatorRoutes(call: Call) {
  return {
    indicators: (quarter: string) => call("POST", "/indicators", indicators, { quarter }),
  };
}
