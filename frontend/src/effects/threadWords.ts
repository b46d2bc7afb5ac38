/** What two people read to each other of a thread: that both are in one group, with one roster. */

import { threadWords } from "../crypto/threadWords";
import { keys } from "../store/records";
import type { Core } from "./core";

/** Eight words, and the epoch that they are of: who is a step behind hears other words. */
export type ThreadWords = { readonly words: readonly string[]; readonly epoch: string };

export interface ThreadWordActs {
  /** Null where this device is not in the thread's group. */
  threadWords(circle: string): Promise<ThreadWords | null>;
}

export function threadWordActs(at: () => { core: Core } | null): ThreadWordActs {
  return {
    threadWords: async (circle) => {
      const core = at()?.core;
      if (core === undefined) return null;
      const found = await core.exclusive(async (tx) => {
        const thread = await tx.get(keys.thread(circle));
        if (thread?.status !== "active") return null;
        const state = await core.groups.take(thread);
        if (state === undefined) return null;
        const { epoch, epochAuthenticator } = core.engine.info(state);
        core.groups.unused(thread, state);
        return { epoch: String(epoch), epochAuthenticator };
      });
      if (found === null) return null;
      return { words: await threadWords(found.epochAuthenticator), epoch: found.epoch };
    },
  };
}
