/**
 * Pages of one person who has no device: whoever has one is told of the others by it (../tabs.ts).
 *
 * Which page is at an upload must be known to the others: none of them offers to begin it anew, or
 * takes away what is under way. A page that dies says nothing: the others show what it had begun
 * once they are loaded again.
 */

import * as v from "valibot";
import type { Channel, Deps } from "../deps";

const message = v.variant("kind", [
  v.object({ kind: v.literal("who") }),
  v.object({ kind: v.literal("here"), tab: v.string() }),
]);

/** Say that this one is here; whether another one is, by its id. `isOver`: its store is closed. */
export function besides(
  { channel }: Pick<Deps, "channel">,
  person: string,
  tab: string,
  isOver: () => boolean,
): (tab: string) => boolean {
  const others = new Set<string>();
  const say = (what: v.InferOutput<typeof message>) => line?.post(what);
  const line: Channel | undefined = channel?.(`casehub-letters-${person}`, (heard) => {
    if (isOver()) return line?.close();
    const parsed = v.safeParse(message, heard);
    if (!parsed.success) return;
    if (parsed.output.kind === "who") say({ kind: "here", tab });
    else others.add(parsed.output.tab);
  });
  say({ kind: "who" });
  say({ kind: "here", tab });
  return (other) => others.has(other);
}
