/** Another tab wrote to the store: read again, once for a burst; what comes meanwhile is told anew. */

import type { Desk } from "./desk";

const REREAD_MS = 20;

export function rereading(desk: Desk): () => void {
  const { core } = desk;
  let rereading = false;
  const reread = async (): Promise<void> => {
    await core.mirror.reload();
    desk.search.doubt();
    const waiting = new Set([...core.mirror.outbox.values()].map(({ circle }) => circle));
    for (const circle of waiting) desk.sending.submitted(circle);
  };
  return () => {
    if (core.over || rereading) return;
    rereading = true;
    core.after(REREAD_MS, () => {
      rereading = false;
      void reread().catch((error) => core.report(error));
    });
  };
}
