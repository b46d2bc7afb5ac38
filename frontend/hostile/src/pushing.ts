/** Entries of the host's own in a thread's log. */

import { afterOf, type Host } from "./apart";
import type { Attack } from "./attacks";
import { placed, type WireEntry } from "./forge";
import { json, type Lies, saying } from "./proxy";

/** Put an entry of the host's own at the end of what victims see, again whenever they ask. */
export async function pushed(
  host: Host,
  { thread, victims }: Attack,
  made: { id: string; body: string; epoch: number; device: string },
): Promise<Lies> {
  const entry = await placed(thread, host.memory.last(thread), {
    ...made,
    kind: "commit",
    at: new Date().toISOString(),
  });
  for (const person of victims) {
    host.proxy.tell(person, { type: "entries", thread, entries: [entry] });
  }
  host.did("pushed");
  return {
    answering: (asked, answered) => {
      const after = afterOf(asked, thread);
      if (!victims.includes(asked.person) || after === null || after >= entry.seq) return answered;
      const log = json<{ head: number; entries: WireEntry[] }>(answered);
      if (log === null) return answered;
      const entries = [...log.entries.filter(({ seq }) => seq < entry.seq), entry];
      return saying(answered, { head: entry.seq, entries });
    },
  };
}

/** The GroupInfo of the thread that is attacked, as its newest commit left it. */
export function groupOf({ memory }: Host, { thread }: Attack): string {
  const found = memory.groups.get(thread);
  if (found === undefined) throw new Error("that group was not seen");
  return found;
}
