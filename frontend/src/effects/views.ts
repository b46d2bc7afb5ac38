/** What the screen draws: made from the mirror whenever something changed. */

import type { ExportRow } from "../api/exports";
import type { KeepingRow, Retention } from "../api/retention";
import type { CaseFile, Joining, Person, SessionInfo, StateName, Stopped } from "../api/schema";
import { type ActKind, isOfThread } from "../crypto/content";
import type { Along } from "../store/along";
import type { ErasedRecord, EventKind, Stranger, ThreadRecord } from "../store/records";
import type { ActRecord, Call, Resolved, SaidRecord } from "../store/said";
import type { Core } from "./core";
import type { AskingView, DevicesView } from "./devices/acts";
import type { StoppedSince } from "./directory/stops";
import { EDIT, type Edit, editIn } from "./drafts";
import { type FrozenView, frozenView } from "./frozen/view";
import type { LogView } from "./log/acts";
import type { Circle, Mirror } from "./mirror";
import type { NoteView, UnsentNote } from "./noteViews";
import type { RequestView } from "./requestViews";

export type Message = {
  id: string;
  /** Null until the server has accepted it. */
  seq: number | null;
  at: string;
  person: string;
  device: string;
  mine: boolean;
  text: string;
  /** "held": it waits for its author to agree to `newReaders`, or to discard it. */
  status: "queued" | "sent" | "received" | "failed" | "held";
  /** Of a held message: who would read it and was not there when it was written. */
  newReaders?: string[];
  /** A code with words in the catalogue of errors. */
  error?: string;
  /** Of an own one: its proven place in the public log, and who of the witnesses cosigned it. */
  settled?: { index: number; cosigned: readonly string[] };
  /** Of an own one: the log has promised its place and not kept the promise in time. */
  unsettled?: "late" | "due" | "wrong" | "unopened";
} & Omit<SaidRecord, "quotedBy" | "kept">;

/** Something done to a message that needs a line of its own, or that has not got through. */
export type ActLine = {
  kind: "act";
  id: string;
  /** Null until the server has accepted it. */
  seq: number | null;
  at: string;
  person: string;
  mine: boolean;
  what: ActKind;
  about: number;
  outcome: "waiting" | "done" | "refused" | "not-here";
  why?: string;
  text?: string;
  asking?: ActRecord["asking"];
  giving?: ActRecord["giving"];
  /** Of one that waits. */
  status?: Message["status"];
  newReaders?: string[];
};

export type Line =
  | { kind: "message"; message: Message }
  | ActLine
  | {
      kind: "event";
      seq: number;
      at: string;
      what: EventKind;
      people: string[];
      by: string | null;
      /** Of people or devices taken out because they had been stopped. */
      stopped?: StoppedSince;
      /** How many devices were taken out of whoever stays in. */
      devices?: number;
      /** Of people let in again whom a stop had taken out. */
      back?: true;
    };

export type ThreadView = {
  circle: string;
  caseId: string;
  name: string | null;
  kind: "case" | "thread" | "note";
  /** Who is entitled to read, as the server says. */
  people: string[];
  /** Who can read: persons with devices in the group. */
  readers: { person: string; states: string; devices: number }[];
  unread: number;
  /** Messages that name this person and are unread, or wait for their acknowledgement. */
  calls: readonly Call[];
  /** Who said that it has done its work, and why; null while it goes on. */
  resolved: Resolved | null;
  lastAt: string | null;
  status: "waiting" | "active" | "left" | "frozen";
  frozenWhy?: string;
  /** What there is to say of a thread that stopped here. */
  frozen: FrozenView | null;
  /** It waits since then for a directory that its members know and this device is not shown. */
  behind: string | null;
  /** How many entries the server has of it that have not come here: nothing after them is shown. */
  missing: number;
  /** Keys offered under a reader's name that nobody vouched for; none of them came in. */
  strangers: readonly Stranger[];
  /** The stopped thread that it goes on from, as whoever began it says. */
  continues: string | null;
  draft: string;
  /** What goes along with it, besides its words. */
  along: Along;
  /** Nobody is told that this person writes in it. */
  quiet: boolean;
  /** Another text that is being written for one of its messages. */
  edit: Edit | null;
  /** Own messages that wait for a word about who reads them. */
  held: number;
  /** Own messages that were refused, and wait to be sent again. */
  failed: number;
  /** This person has never opened it, here or elsewhere. */
  fresh: boolean;
  /** Whether there is a group at all; null while that is not known. */
  started: boolean | null;
};

export type CaseView = {
  id: string;
  reference: string;
  title: string | null;
  state: string;
  states: string[];
  /** Of each State that is not in: the newest proposal to open the case to it. */
  joinings: Joining[];
  owner: string;
  opened_at: string;
  people: { id: string; since: string; stopped: Stopped | null }[];
  /** The circle of the title first (kind "case"), then the threads. */
  threads: ThreadView[];
  unread: number;
  /** How long it is kept, and who holds it; null while the server was not asked. */
  keeping: KeepingRow | null;
  /** What was deleted of it at the end of its period. */
  erased: readonly ErasedRecord[];
};

/** Named as signed statements do; `verified` is false where only the server says who this is. */
export type ShownPerson = Person & { verified: boolean };

/** `caseId` is null of a case; `title` is what its opener called it. */
export type Begun = { id: string; caseId: string | null; title: string };

/** What somebody began to open; without a network it waits, and then goes on by itself. */
export function begunHere({ intents }: Mirror): Begun[] {
  return [...intents.values()].flatMap((intent): Begun[] => {
    const { id } = intent;
    if (intent.kind === "open-case") return [{ id, caseId: null, title: intent.title }];
    if (intent.kind !== "open-thread") return [];
    return [{ id, caseId: intent.caseId, title: intent.name }];
  });
}

export type View = {
  session: SessionInfo;
  connection: "online" | "connecting" | "offline";
  offlineSince: string | null;
  /** Milliseconds by which the server's clock is before this device's; null while they agree. */
  apart: number | null;
  people: ShownPerson[];
  states: StateName[];
  cases: CaseView[];
  /** What waits for the reader's State, by whichever other one. */
  joinings: readonly Joining[];
  /** Exports for a court that concern the reader, the newest first. */
  exports: readonly ExportRow[];
  requests: RequestView[];
  /** First-line information, the newest first; and what was written of it and not sent. */
  notes: NoteView[];
  unsentNotes: UnsentNote[];
  /** How long each case is kept that the reader is in or has to do with by their office. */
  keeping: Retention;
  /** First-line information that was deleted at the end of its period. */
  erasedNotes: readonly ErasedRecord[];
  /** Drafts of requests that were, each named by its request. */
  erasedDrafts: readonly ErasedRecord[];
  /** Cases and threads that were begun here and are not there yet. */
  begun: readonly Begun[];
  outbox: number;
  alarm: string | null;
  log: LogView;
  /** Of a browser that is no device of its person yet: how its asking stands. */
  asking: AskingView | null;
  devices: DevicesView;
};

export function caseViews({ mirror, person, people }: Core): CaseView[] {
  // Looked up once for all: with hundreds of threads, anything that is gone through for each is slow.
  const [circles, stuck] = [mirror.circles(), stuckIn(mirror)];
  return mirror.cases.map((caseFile) => {
    const judged = caseFile.people.map((one) => ({ ...one, ...people.stopped(one) }));
    return caseView({ mirror, circles, stuck, me: person }, { ...caseFile, people: judged });
  });
}

/** How many own messages are held, and how many failed, by circle. */
export type Stuck = ReadonlyMap<string, { held: number; failed: number }>;

export function stuckIn({ outbox }: Mirror): Stuck {
  const found = new Map<string, { held: number; failed: number }>();
  for (const { circle, status, content } of outbox.values()) {
    const { held, failed } = found.get(circle) ?? { held: 0, failed: 0 };
    const lost = status === "failed" && isOfThread(content);
    found.set(circle, {
      held: held + (status === "held" ? 1 : 0),
      failed: failed + (lost ? 1 : 0),
    });
  }
  return found;
}

type Shared = { mirror: Mirror; circles: ReadonlyMap<string, Circle>; stuck: Stuck; me: string };

function caseView(shared: Shared, caseFile: CaseFile): CaseView {
  const { mirror, circles } = shared;
  const { id, reference, state, states, joinings, owner, opened_at, people } = caseFile;
  const readers = people.filter(({ stopped }) => stopped === null).map((person) => person.id);
  const threads = [
    threadView(shared, id, caseFile.circle, "case", readers),
    ...caseFile.threads
      .filter(({ circle }) => !mirror.isDrafting(circle, circles))
      .map((thread) => threadView(shared, id, thread.circle, "thread", thread.people)),
  ];
  const title = threads[0]?.name ?? null;
  const unread = threads.reduce((sum, thread) => sum + thread.unread, 0);
  const whose = { id, reference, title, state, states, joinings, owner, opened_at };
  const keeping = mirror.keeping.cases.find((one) => one.case === id) ?? null;
  const erased = [...mirror.erased.values()].filter((one) => one.case === id);
  return { ...whose, people, threads, unread, keeping, erased };
}

export function threadView(
  { mirror, stuck, me }: Pick<Shared, "mirror" | "stuck" | "me">,
  caseId: string,
  circle: string,
  kind: ThreadView["kind"],
  people: string[],
): ThreadView {
  const thread = mirror.threads.get(circle);
  return {
    circle,
    caseId,
    kind,
    people,
    name: thread?.name ?? null,
    readers: thread ? readersOf(thread) : [],
    unread: mirror.unread(circle),
    calls: mirror.calls(circle),
    resolved: thread?.resolved ?? null,
    lastAt: thread?.lastAt ?? null,
    status: thread?.status ?? "waiting",
    frozen: frozenView(mirror, circle, me),
    behind: thread?.behind?.at ?? null,
    missing: thread ? mirror.missing(thread) : 0,
    strangers: thread?.strangers ?? [],
    continues: thread?.continues ?? null,
    draft: mirror.drafts.get(circle) ?? "",
    along: mirror.alongs.get(circle) ?? {},
    quiet: mirror.quiet.has(circle),
    edit: editIn(mirror.typed.get(`${circle}/${EDIT}`)),
    ...(stuck.get(circle) ?? { held: 0, failed: 0 }),
    fresh: thread?.status !== "left" && !mirror.reads.has(circle),
    started: thread ? true : (mirror.begun.get(circle) ?? null),
    ...(thread?.frozenWhy !== undefined && { frozenWhy: `frozen-${thread.frozenWhy}` }),
  };
}

function readersOf(thread: ThreadRecord): ThreadView["readers"] {
  const found = new Map<string, { person: string; states: string; devices: number }>();
  for (const { person, state } of thread.roster) {
    const known = found.get(person);
    found.set(person, { person, states: state, devices: (known?.devices ?? 0) + 1 });
  }
  return [...found.values()];
}

/** Messages that wait to be accepted, in circles that still exist for this person. */
export function waiting(mirror: Mirror): number {
  const circles = mirror.circles();
  return [...mirror.outbox.values()].filter(
    ({ circle, status, content }) =>
      status !== "failed" &&
      status !== "held" &&
      isOfThread(content) &&
      circles.has(circle) &&
      mirror.threads.get(circle)?.status !== "frozen",
  ).length;
}

/** A stopped thread is an alarm until its owner has decided where to go on. */
export function alarmOf(mirror: Mirror): string | null {
  if (mirror.alarm !== null) return mirror.alarm;
  const frozen = [...mirror.threads.values()].some(
    ({ status, continuedIn }) => status === "frozen" && continuedIn === undefined,
  );
  if (frozen) return "thread-frozen";
  const behind = [...mirror.threads.values()].some((thread) => thread.behind !== undefined);
  return behind ? "directory-behind" : null;
}
