/** What has a date and waits for this session's person, out of what the page already knows. */

import type { HoldRow } from "../../api/retention";
import { announced } from "../announced/announced.svelte";
import type { KeepingRow, View } from "../client";
import { requestDays } from "../deadlines/days.svelte";
import { numbered, placeOf } from "../deadlines/kinds";
import { taskOf } from "../designations/waiting";
import { asks } from "../joining/waiting";
import { acting, mayAcknowledge, mayDraft, onlyReads } from "../rights";
import { paths } from "../routes";
import { access } from "../shell/access.svelte";
import { exportsWanted, waiting } from "../shell/waiting.svelte";
import { isolated, t } from "../words";
import { ownDue, standingDue } from "./access";
import type { Due } from "./inbox";

/** The first reminder of a day may come earlier than seven days before, ahead of a holiday. */
const AHEAD_DAYS = 21;

export function dueOf(view: View): Due[] {
  const { session, joinings, exports, keeping } = view;
  return [
    ...joiningsDue(session, joinings),
    ...exportsDue(session, exports),
    ...designationsDue(session),
    ...noticesDue(session),
    ...standingDue(access.standing),
    ...ownDue(access.reminders, access.devices, Date.now(), session.person?.roles),
    ...keeping.cases.flatMap((row) => keepingDue(session, row)),
    ...liftsDue(session, keeping.notes, t("hold.ofNote")),
    ...requestsDue(view),
  ];
}

/** Days of requests of which somebody was reminded, or that are over; consultations among them. */
function requestsDue({ requests, notes }: Pick<View, "requests" | "notes">): Due[] {
  return requestDays.near.map((one) => {
    const request = requests.find(({ id }) => id === one.request)?.title ?? null;
    const asked = notes.find(({ thread }) => thread.circle === one.circle)?.thread.name ?? null;
    const title = request ?? asked;
    const of =
      title === null ? numbered(one) : `${numbered(one)}${t("label.colon")} ${isolated(title)}`;
    const id = `${one.request ?? one.circle} ${one.kind}`;
    return { id, href: placeOf(one), what: "requestDay", of, at: one.ends, ahead: AHEAD_DAYS };
  });
}

function joiningsDue(session: View["session"], joinings: View["joinings"]): Due[] {
  if (onlyReads(session)) return [];
  return joinings
    .filter((one) => asks(one, session) !== "nothing")
    .map(({ id, reference, lapses_at }) => {
      return { id, href: paths.cases, what: "joining", of: reference, at: lapses_at };
    });
}

/** Exports for a court: to be looked at, or one's own to be made, before it lapses. */
function exportsDue(session: View["session"], exports: View["exports"]): Due[] {
  return exportsWanted(exports, session).map(({ id, step, lapses_at: at }) => {
    const what = step === "consent" ? "exportConsent" : "exportReady";
    return { id, href: paths.cases, what, of: "", at };
  });
}

function designationsDue(session: View["session"]): Due[] {
  const { person } = session;
  if (person === null || !mayDraft(session)) return [];
  return waiting.rows.flatMap((row) => {
    const task = taskOf(row, person);
    if (task === null || task === "signed" || row.due_at === null) return [];
    const { id, name, due_at } = row;
    return [{ id, href: paths.designation(id), what: "designation", of: name, at: due_at }];
  });
}

/** What is about to be deleted, and what waits for a second hand before that. */
function keepingDue(session: View["session"], row: KeepingRow): Due[] {
  const { case: id, reference: of, delete_at, holds } = row;
  const found: Due[] = [];
  if (row.inside && row.erased_at === null && delete_at !== null && holds.length === 0) {
    const href = paths.caseFile(of);
    found.push({ id: `${id} deletion`, href, what: "deletion", of, at: delete_at });
  }
  return [...found, ...liftsDue(session, row.by_office ? holds : [], of)];
}

function liftsDue(session: View["session"], holds: readonly HoldRow[], of: string): Due[] {
  if (!acting(session, "cases.hold.agree-lift")) return [];
  return holds.flatMap(({ id, lift }) => {
    if (lift === null || lift.asker === session.person?.id) return [];
    return [{ id, href: paths.retention, what: "secondHand", of, at: lift.lapses_at }];
  });
}

/** Notices are taken note of all at once: the first that is due stands for them. */
function noticesDue(session: View["session"]): Due[] {
  if (!mayAcknowledge(session)) return [];
  const open = (announced.rows ?? []).filter((one) => announced.waits(one));
  const first = open.map(({ due_at }) => due_at).sort()[0];
  if (first === undefined) return [];
  const of = String(open.length);
  return [{ id: "notices", href: paths.announced, what: "notices", of, at: first }];
}
