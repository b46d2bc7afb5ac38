/** Where a request stands, as the server calls it (requests_mla/states.py). Pure. */

export const STAGES = [
  "draft",
  "self_check",
  "informal_consultation",
  "needs_changes",
  "ready",
  "authorised",
  "transmitted",
  "acknowledged",
  "information_requested",
  "in_execution",
  "partially_executed",
  "executed",
  "postponed",
  "returned",
  "refused",
  "withdrawn",
  "expired",
  "closed",
] as const;

export type Stage = (typeof STAGES)[number];

/** Being written, or withdrawn: nothing that a State would sign (casehub/papers/policies.py). */
const NOT_MADE_OF: ReadonlySet<Stage | "unknown"> = new Set<Stage | "unknown">([
  "draft",
  "self_check",
  "informal_consultation",
  "needs_changes",
  "withdrawn",
  "unknown",
]);

/** Whether documents may be made of a request that stands there. */
export const isMadeOf = (stage: Stage | "unknown"): boolean => !NOT_MADE_OF.has(stage);

/** A stage that this build has not heard of is never taken for one that it has. */
export const stageOf = (name: string): Stage | "unknown" =>
  STAGES.find((stage) => stage === name) ?? "unknown";
