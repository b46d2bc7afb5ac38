/** Where a request stands, as the server calls it (requests_mla/states.py). Pure. */

export const STAGES = [
  "idea",
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
  "idea",
  "draft",
  "self_check",
  "informal_consultation",
  "needs_changes",
  "withdrawn",
  "unknown",
]);

/** Whether documents may be made of a request that stands there. */
export const isMadeOf = (stage: Stage | "unknown"): boolean => !NOT_MADE_OF.has(stage);

/** What is still written on, and was never called ready as it stands. */
const IN_WRITING: readonly string[] = [
  "idea",
  "draft",
  "self_check",
  "informal_consultation",
  "needs_changes",
];
/** Whose version can be screened and signed: what was sent back is written anew first. */
const SCREENED: readonly string[] = ["idea", "draft", "self_check"];
/** Where a request also comes to without having been ready. */
const WITHOUT: readonly string[] = ["withdrawn", "closed"];

export const isInWriting = (stage: string): boolean => IN_WRITING.includes(stage);
export const isScreened = (stage: string): boolean => SCREENED.includes(stage);
/** Whether somebody must have signed that it is ready: whatever stage nobody has heard of, too. */
export const cameByReady = (stage: string): boolean =>
  !isInWriting(stage) && !WITHOUT.includes(stage);

/** A stage that this build has not heard of is never taken for one that it has. */
export const stageOf = (name: string): Stage | "unknown" =>
  STAGES.find((stage) => stage === name) ?? "unknown";
