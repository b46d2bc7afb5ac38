/** What each kind of deadline is called, and where one does something about it. */

import type { Deadline } from "../../api/deadlines";
import { shortId } from "../dossiers/asks";
import { paths } from "../routes";
import { type Key, t } from "../words";

const KINDS: Readonly<Record<Deadline["kind"], { words: Key; href: string }>> = {
  deletion: { words: "deadline.deletion", href: paths.cases },
  designation: { words: "deadline.designation", href: paths.designations },
  export: { words: "deadline.export", href: paths.cases },
  consultation: { words: "deadline.consultation", href: paths.notes },
  joining: { words: "deadline.joining", href: paths.cases },
  keeping: { words: "deadline.keeping", href: paths.retention },
  notice: { words: "deadline.notice", href: paths.announced },
  "request-answer": { words: "deadline.requestAnswer", href: paths.dossiers },
  "request-confirmation": { words: "deadline.requestConfirmation", href: paths.dossiers },
  "request-deadline": { words: "deadline.requestDeadline", href: paths.dossiers },
  "request-execution": { words: "deadline.requestExecution", href: paths.dossiers },
  "request-review": { words: "deadline.requestReview", href: paths.dossiers },
  "request-second": { words: "deadline.requestSecond", href: paths.dossiers },
  standing: { words: "deadline.standing", href: paths.standing },
};

export const kindName = ({ kind }: Pick<Deadline, "kind">): string => t(KINDS[kind].words);

/** The page of the request that it is a day of, the circle where one answers, or the place of its kind. */
export function placeOf({ kind, request, circle }: Pick<Deadline, "kind" | "request" | "circle">) {
  if (request !== null) return paths.dossier(request);
  return circle === null ? KINDS[kind].href : paths.note(circle);
}

/**
 * With the number of the request that it is a day of: it tells several between the same States apart,
 * and says nothing to whoever may not see that request.
 */
export function numbered(one: Pick<Deadline, "kind" | "request">): string {
  const what = kindName(one);
  if (one.request === null) return what;
  return t("deadline.numbered", { what, number: shortId(one.request) });
}

/** Neutral words alone: a calendar is read by telephones, assistants and whoever shares it. */
export const summaryOf = (one: Pick<Deadline, "kind" | "request">): string =>
  `CaseHub: ${numbered(one)}`;
