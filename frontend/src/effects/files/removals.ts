/**
 * Files of messages that this person withdrew: the server is asked to destroy them, until it has.
 *
 * That they are to go is written down with the withdrawal itself, on each of the person's devices: one
 * that is away when it happens, or a refusal, leaves no file behind. Which files a message has the
 * server does not know, so nobody else can ask.
 */

import { ApiError } from "../../api/errors";
import { keys } from "../../store/records";
import type { Core } from "../core";

export async function removeWithdrawn(core: Core): Promise<void> {
  await core.deps.locks.run("casehub-removals", async () => {
    for (const [key, circle] of await core.vault.list(keys.removals)) {
      if (core.over) return;
      const id = key.slice(keys.removals.length);
      try {
        await core.api.attachments.remove(id);
      } catch (error) {
        // Gone already, by another device of theirs. Whatever else it is, it is tried again; so it is
        // once they read the circle again: until then the server answers as if it were gone.
        const gone = error instanceof ApiError && error.code === "not-found";
        if (!gone || !core.mirror.circles().has(circle)) continue;
      }
      await core.exclusive(async (tx) => tx.remove(key));
    }
  });
}
