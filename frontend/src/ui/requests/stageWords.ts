/** What a stage is called, and how it is coloured: only "ready" looks ready. */

import type { RequestView } from "../client";
import type { Key } from "../words";

type Shown = { readonly key: Key; readonly tone: "" | "ok" | "warn" };

export function stageWords(stage: RequestView["stage"]): Shown {
  switch (stage) {
    case "idea":
      return { key: "stage.idea", tone: "" };
    case "draft":
      return { key: "request.draft", tone: "" };
    case "ready":
      return { key: "request.ready", tone: "ok" };
    case "self_check":
      return { key: "stage.selfCheck", tone: "" };
    case "informal_consultation":
      return { key: "stage.informalConsultation", tone: "" };
    case "needs_changes":
      return { key: "stage.needsChanges", tone: "" };
    case "authorised":
      return { key: "stage.authorised", tone: "" };
    case "transmitted":
      return { key: "stage.transmitted", tone: "" };
    case "acknowledged":
      return { key: "stage.acknowledged", tone: "" };
    case "information_requested":
      return { key: "stage.informationRequested", tone: "" };
    case "in_execution":
      return { key: "stage.inExecution", tone: "" };
    case "partially_executed":
      return { key: "stage.partiallyExecuted", tone: "" };
    case "executed":
      return { key: "stage.executed", tone: "" };
    case "postponed":
      return { key: "stage.postponed", tone: "" };
    case "returned":
      return { key: "stage.returned", tone: "" };
    case "refused":
      return { key: "stage.refused", tone: "" };
    case "withdrawn":
      return { key: "stage.withdrawn", tone: "" };
    case "expired":
      return { key: "stage.expired", tone: "" };
    case "closed":
      return { key: "stage.closed", tone: "" };
    case "unknown":
      return { key: "stage.unknown", tone: "warn" };
    default:
      return neither(stage);
  }
}

/** A stage without words does not build. */
const neither = (stage: never): never => {
  throw new Error(`no words for the stage ${String(stage)}`);
};
