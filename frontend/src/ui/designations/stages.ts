/** Stages and tasks in plain words. */

import type { DesignationStage } from "../client";
import type { Key } from "../words";
import type { Left, Task } from "./waiting";

type Shown = { readonly name: Key; readonly next: Key; readonly tone: "" | "ok" | "warn" | "stop" };

/** What a stage is called, and what happens next for whoever is not asked to do it. */
export const STAGE: Readonly<Record<DesignationStage, Shown>> = {
  draft: { name: "desig.stage.draft", next: "desig.next.draft", tone: "" },
  consulted: { name: "desig.stage.consulted", next: "desig.next.consulted", tone: "" },
  nominated: { name: "desig.stage.nominated", next: "desig.next.nominated", tone: "" },
  "ministry-1": { name: "desig.stage.ministry1", next: "desig.next.ministry1", tone: "" },
  approved: { name: "desig.stage.approved", next: "desig.next.approved", tone: "" },
  ceremony: { name: "desig.stage.ceremony", next: "desig.next.ceremony", tone: "" },
  active: { name: "desig.stage.active", next: "desig.next.active", tone: "ok" },
  suspended: { name: "desig.stage.suspended", next: "desig.next.suspended", tone: "stop" },
  expired: { name: "desig.stage.expired", next: "desig.next.expired", tone: "" },
  removed: { name: "desig.stage.removed", next: "desig.next.removed", tone: "" },
  rejected: { name: "desig.stage.rejected", next: "desig.next.rejected", tone: "" },
};

export const TASK: Readonly<Record<Task, Key>> = {
  consult: "desig.task.consult",
  nominate: "desig.task.nominate",
  approve: "desig.task.approve",
  signed: "desig.task.signed",
  code: "desig.task.code",
  ceremony: "desig.task.ceremony",
  reinstate: "desig.task.reinstate",
  renew: "desig.task.renew",
};

export const LEFT: Readonly<Record<Left["unit"], Key>> = {
  days: "desig.left.days",
  hours: "desig.left.hours",
  minutes: "desig.left.minutes",
  over: "desig.left.over",
};
