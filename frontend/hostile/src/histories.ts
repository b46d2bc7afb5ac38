/** Lies about what happened: victims are kept in a history of their own. */

import { Apart, type Host } from "./apart";
import type { Attack } from "./attacks";
import type { Answered, Asked, Lies } from "./proxy";

/** Victims' own commits and messages go nowhere, and are called accepted: a group of their own. */
export async function forkedGroup(host: Host, { thread, victims }: Attack): Promise<Lies> {
  const apart = new Apart(host, thread, victims);
  return apart.lies();
}

/** Victims do not hear of a removal: what they write is still for whoever was removed. */
export async function withheldRemove(host: Host, attack: Attack): Promise<Lies> {
  const apart = new Apart(host, attack.thread, attack.victims);
  // What they are shown of the case is what it was.
  const shown = new Map<string, Answered>();
  const { answering, ...lies } = apart.lies();
  return {
    ...lies,
    answering: async (asked, answered) => {
      const asWas = asked.method === "GET" && /^\/api\/(cases|threads\/[^/]+$)/.test(asked.path);
      if (!victims(attack, asked) || !asWas)
        return (await answering?.(asked, answered)) ?? answered;
      const before = shown.get(asked.path) ?? answered;
      shown.set(asked.path, before);
      return before;
    },
  };
}

function victims({ victims: of }: Attack, asked: Asked): boolean {
  return of.includes(asked.person);
}
