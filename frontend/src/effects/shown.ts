/** What the screen is told, of a session with its work open or without. */

import type { SessionInfo, StateName } from "../api/schema";
import type { Desk } from "./desk";
import type { AskingView } from "./devices/asking";
import { NO_DEVICES } from "./devices/own";
import type { LogView } from "./log/acts";
import { noteViews, unsentNotes } from "./noteViews";
import { requestViews } from "./requestViews";
import { alarmOf, begunHere, caseViews, type View, waiting } from "./views";

type Base = {
  session: SessionInfo;
  states: StateName[];
  log: LogView;
  asking: AskingView | null;
  apart: number | null;
};

export function viewOf(desk: Desk | null, base: Base): View {
  if (desk === null) {
    const empty = {
      people: [],
      cases: [],
      joinings: [],
      exports: [],
      requests: [],
      notes: [],
      unsentNotes: [],
      erasedNotes: [],
      erasedDrafts: [],
      keeping: { classes: [], cases: [], notes: [], erased: [] },
      begun: [],
    };
    const nothing = { ...empty, outbox: 0, alarm: null };
    const away = { connection: "connecting", offlineSince: null } as const;
    return { ...base, ...nothing, ...away, devices: NO_DEVICES };
  }
  const { mirror, person } = desk.core;
  return {
    ...base,
    connection: desk.link.shown,
    offlineSince: desk.link.offlineSince,
    people: mirror.people.map((one) => desk.core.people.shown(one)),
    states: mirror.states.length > 0 ? mirror.states : base.states,
    cases: caseViews(desk.core),
    joinings: mirror.joinings,
    exports: mirror.exports,
    requests: requestViews(mirror, person),
    notes: noteViews(mirror, person, desk.core.device.state),
    unsentNotes: unsentNotes(mirror),
    keeping: mirror.keeping,
    erasedNotes: [...mirror.erased.values()].filter(({ kind }) => kind === "note"),
    erasedDrafts: [...mirror.erased.values()].filter(({ kind }) => kind === "drafting"),
    begun: begunHere(mirror),
    outbox: waiting(mirror),
    alarm: alarmOf(mirror),
    devices: desk.devices.view,
  };
}
