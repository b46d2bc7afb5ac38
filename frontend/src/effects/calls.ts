/** Messages that call somebody: by name, for their acknowledgement, or because they are urgent (pure). */

import type { LineRecord } from "../store/records";
import type { Call } from "../store/said";

type Message = Extract<LineRecord, { kind: "message" }>;
/** Whoever is called more often has read none of it: the newest are shown. */
const MOST = 200;
type Known = {
  /** The message that an act is about, as it is after it. */
  readonly about: Message | undefined;
  readonly me: string;
  /** The last entry that this person has read. */
  readonly read: number;
};

function callOf(line: Message, me: string): Call | null {
  const asking = line.leaves?.findLast((one) => !one.given && !one.refused);
  if (line.person === me && !line.withdrawn && asking !== undefined) {
    return { seq: line.seq, at: asking.at, by: asking.person, leave: true };
  }
  const { seq, at, person, mentions = [], asks, urgent, withdrawn, acknowledged = [] } = line;
  // To whom it was given later, it was not said: they may acknowledge it, and owe nothing.
  const asked = line.asked?.includes(me) ?? line.given === undefined;
  if (person === me || withdrawn) return null;
  const named = mentions.includes(me);
  const newest = line.versions?.length ?? 0;
  const given = acknowledged.some((one) => one.person === me && one.version === newest);
  const owed = asks === true && asked && !given;
  if (!named && !owed && !urgent) return null;
  const why = { ...(named && { named }), ...(owed && { owed }), ...(urgent && { urgent }) };
  return { seq, at, by: person, ...why };
}

/**
 * What calls `me` once an entry was taken, oldest first. A name is forgotten when it has been read, and
 * so is what was urgent; an acknowledgement that is asked for waits until it is given, or the message is withdrawn.
 */
export function callsAfter(
  before: readonly Call[],
  line: LineRecord,
  { about, me, read }: Known,
): readonly Call[] {
  const waits = ({ owed, leave }: Call): boolean => owed === true || leave === true;
  const kept = before.filter((call) => waits(call) || (call.from ?? call.seq) > read);
  const waiting = kept.slice(-MOST);
  if (line.kind === "message") {
    const call = callOf(line, me);
    return call === null ? waiting : [...waiting, call];
  }
  if (line.kind !== "act" || line.outcome !== "done" || about === undefined) return waiting;
  const found = callOf(about, me);
  // Whom an edit names is called from then on, however long ago the message was read.
  const call = found?.named && line.what === "edit" ? { ...found, from: line.seq } : found;
  const rest = waiting.filter(({ seq }) => seq !== about.seq);
  return call === null ? rest : [...rest, call].sort((a, b) => a.seq - b.seq);
}

/** Those that still call: names and urgent words in what is unread, and what is not acknowledged yet. */
export function callsNow(
  calls: readonly Call[],
  { read, kept }: { read: number; kept: number | undefined },
): readonly Call[] {
  const unread = (seq: number): boolean => seq > read || (kept !== undefined && seq >= kept);
  return calls.flatMap((call) => {
    const { named, urgent, from, ...rest } = call;
    const shown = {
      ...rest,
      ...(named && unread(from ?? call.seq) && { named, ...(from !== undefined && { from }) }),
      ...(urgent && unread(call.seq) && { urgent }),
    };
    return shown.named || shown.urgent || rest.owed || rest.leave ? [shown] : [];
  });
}
