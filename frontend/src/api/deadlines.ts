/** Until when somebody has to act, and each State's holidays, on the wire. */

import * as v from "valibot";
import type { Call } from "./http";

const text = v.string();

export const KINDS = [
  "consultation",
  "deletion",
  "designation",
  "export",
  "joining",
  "keeping",
  "notice",
  "request-answer",
  "request-confirmation",
  "request-deadline",
  "request-execution",
  "request-review",
  "request-second",
  "standing",
] as const;
export const deadlines = v.array(
  v.object({
    kind: v.picklist(KINDS),
    ends: text,
    state: text,
    zone: text,
    last: text,
    /** Days, 0 for today; null for what is overdue. */
    left: v.nullable(v.number()),
    /** The holiday on which the last day falls, or "weekend"; "" for a working day. */
    closed: text,
    /** The request that it is a day of. */
    request: v.nullable(text),
    /** The circle in which an informal consultation is to be answered. */
    circle: v.nullable(text),
    /** How many days before it those concerned were reminded last: 7, 3 or 1. */
    reminded: v.nullable(v.number()),
  }),
);
export type Deadline = v.InferOutput<typeof deadlines>[number];

export const calendars = v.array(
  v.object({
    state: text,
    zone: text,
    today: text,
    days: v.array(v.object({ day: text, name: text, language: text })),
  }),
);
export type Calendar = v.InferOutput<typeof calendars>[number];

export function deadlineRoutes(call: Call) {
  return {
    deadlines: (of?: "requests") =>
      call("GET", of === undefined ? "/deadlines" : `/deadlines?of=${of}`, deadlines),
    calendars: () => call("GET", "/calendars", calendars),
  };
}
