/**
 * What a person reads no more once devices of theirs end, and who can let them in again: told before
 * they do it, by the names that this device has decrypted.
 */

import type { CaseFile } from "../api/schema";
import { isOfThread } from "../crypto/content";
import type { Desk } from "./desk";
import type { Circle, Mirror } from "./mirror";
import { begunHere } from "./views";

export type ThreadEnding = {
  circle: string;
  kind: Circle["kind"];
  /** Empty of what hangs on no case of theirs. */
  caseReference: string;
  caseTitle: string | null;
  /** Null where nobody has said it to this device. */
  name: string | null;
  /** Own devices that read it on; with none of them what was said in it is gone for this person. */
  devices: readonly string[];
  /** This device is in its group: otherwise who else is, is only known from the server. */
  here: boolean;
  /** Who is in it, or entitled to be, besides: any of them lets a new device in. */
  people: readonly string[];
  /** Who answers for the case; null without one, or if it is this person or somebody stopped. */
  owner: string | null;
  /** Typed in this browser and sent nowhere: a draft, and how many messages or changes. */
  draft: boolean;
  unsent: number;
};

export type Losses = {
  /** Those that nobody else of this person's reads come first. */
  threads: readonly ThreadEnding[];
  /** This browser ends with it, and what is typed here. */
  here: boolean;
  /** No other device of theirs is left. */
  last: boolean;
  /** Cases, threads and notes that were begun here and are not at the server yet. */
  begun: readonly string[];
};

/** @param device which one ends; null for all of them, as with the account */
export async function lossesOf(desk: Desk, device: string | null): Promise<Losses> {
  const { core } = desk;
  await desk.drafts.flush(); // what is being typed is not yet among what is known
  const listed = await core.api.devices();
  const now = core.deps.clock();
  const counts = new Set(
    listed.filter(({ revoked, until }) => !revoked && Date.parse(until) > now).map(({ id }) => id),
  );
  const ending = (id: string) => device === null || id === device;
  const staying = [...counts].filter((id) => !ending(id));
  const here = ending(core.device.device);
  return {
    threads: endings(core.mirror, core.person, new Set(staying), here),
    here,
    last: staying.length === 0,
    begun: here ? begunHere(core.mirror).map(({ title }) => title) : [],
  };
}

/** `staying`: own devices that count on; `typed`: whether what is typed here goes. */
export function endings(
  mirror: Mirror,
  me: string,
  staying: ReadonlySet<string>,
  typed: boolean,
): ThreadEnding[] {
  const cases = new Map(mirror.cases.flatMap((one) => circlesOf(one).map((at) => [at, one])));
  // Where there is no group yet nobody has said anything.
  const begun = [...mirror.circles()].filter(([circle]) => mirror.begun.get(circle) !== false);
  const found = begun.map(([circle, { kind, people }]): ThreadEnding => {
    const thread = mirror.threads.get(circle);
    const isIn = thread !== undefined && thread.status !== "left";
    const file = cases.get(circle);
    const roster = isIn ? thread.roster : [];
    const others = people.filter((one) => one !== me);
    const able = isIn
      ? others.filter((one) => roster.some(({ person }) => person === one))
      : others;
    return {
      circle,
      kind,
      caseReference: file?.reference ?? "",
      caseTitle: file === undefined ? null : (mirror.threads.get(file.circle)?.name ?? null),
      name: thread?.name ?? null,
      devices: roster.map(({ device }) => device).filter((one) => staying.has(one)),
      here: isIn,
      people: able,
      owner: ownerOf(file, me),
      draft: typed && ((mirror.drafts.get(circle) ?? "") !== "" || mirror.hasTyped(circle)),
      unsent: typed ? unsentIn(mirror, circle) : 0,
    };
  });
  const goes = ({ devices }: ThreadEnding) => (devices.length === 0 ? 0 : 1);
  const where = ({ caseReference }: ThreadEnding) => caseReference || "\uffff";
  return found.sort((a, b) => goes(a) - goes(b) || (where(a) < where(b) ? -1 : 1));
}

function circlesOf({ circle, threads, drafts }: CaseFile): string[] {
  return [circle, ...[...threads, ...drafts].map((one) => one.circle)];
}

function ownerOf(file: CaseFile | undefined, me: string): string | null {
  if (file === undefined || file.owner === me) return null;
  const inForce = file.people.some(({ id, stopped }) => id === file.owner && stopped === null);
  return inForce ? file.owner : null;
}

function unsentIn(mirror: Mirror, circle: string): number {
  const waiting = [...mirror.outbox.values()].filter(
    (one) => one.circle === circle && isOfThread(one.content),
  );
  const drafted = mirror.requests.filter(
    (row) => row.circle === circle && mirror.drafting.get(row.id)?.dirty === true,
  );
  return waiting.length + drafted.length;
}
