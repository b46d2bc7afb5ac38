/** Handing deadlines over as a calendar file: made here, of kinds, numbers and moments alone. */

import type { Deadline } from "../../api/deadlines";
import { download } from "../download";
import { ics } from "./ics";
import { summaryOf } from "./kinds";

export function saveCalendar(rows: readonly Deadline[]): void {
  const text = ics(rows, summaryOf, Date.now());
  download("casehub-plazos.ics", new Blob([text], { type: "text/calendar;charset=utf-8" }));
}
