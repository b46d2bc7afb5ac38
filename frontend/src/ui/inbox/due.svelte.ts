/** What has a date and waits for this session's person, out of what the page already knows. */

import { announced } from "../announced/announced.svelte";
import type { View } from "../client";
import { taskOf } from "../designations/waiting";
import { asks } from "../joining/waiting";
import { mayAcknowledge, mayDraft, onlyReads } from "../rights";
import { paths } from "../routes";
import { access } from "../shell/access.svelte";
import { waiting } from "../shell/waiting.svelte";
import { ownDue, standingDue } from "./access";
import type { Due } from "./inbox";

export function dueOf({ session, joinings }: View): Due[] {
  return [
    ...joiningsDue(session, joinings),
    ...designationsDue(session),
    ...noticesDue(session),
    ...standingDue(access.standing),
    ...ownDue(access.reminders, access.devices, Date.now()),
  ];
}

function joiningsDue(session: View["session"], joinings: View["joinings"]): Due[] {
  if (onlyReads(session)) return [];
  return joinings
    .filter((one) => asks(one, session) !== "nothing")
    .map(({ id, reference, lapses_at }) => {
      return { id, href: paths.cases, what: "joining", of: reference, at: lapses_at };
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

/** Notices are taken note of all at once: the first that is due stands for them. */
function noticesDue(session: View["session"]): Due[] {
  if (!mayAcknowledge(session)) return [];
  const open = (announced.rows ?? []).filter((one) => announced.waits(one));
  const first = open.map(({ due_at }) => due_at).sort()[0];
  if (first === undefined) return [];
  const of = String(open.length);
  return [{ id: "notices", href: paths.announced, what: "notices", of, at: first }];
}
