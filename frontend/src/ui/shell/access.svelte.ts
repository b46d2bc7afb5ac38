/** What the page knows of the reader's own access: its end, its devices', what was said of both. */

import type { CaseHubClient, DirectoryStanding, ListedDevice, Reminders } from "../client";

const LOOK_MS = 60_000;
/** What ends in weeks is looked at once in so many looks. */
const SLOWLY = 15;

/** Of what this session's person is asked at all. */
export type Asked = { readonly reads: boolean; readonly confirms: boolean };

class Access {
  reminders: Reminders | null = $state.raw(null);
  devices: readonly ListedDevice[] = $state.raw([]);
  /** Of whoever confirms each quarter that their State's directory is true. */
  standing: DirectoryStanding | null = $state.raw(null);

  /** Look now, and again each minute while the page is seen; returns the way to stop. */
  follow(client: CaseHubClient, { reads, confirms }: Asked): () => void {
    let looks = 0;
    const look = (): void => {
      if (document.visibilityState !== "visible") return;
      const slowly = looks % SLOWLY === 0;
      looks += 1;
      // What cannot be looked at now is at the next look.
      void this.look(client).catch(() => undefined);
      if (slowly && reads) void this.#lookAtDevices(client).catch(() => undefined);
      if (slowly && confirms) void this.lookAtStanding(client).catch(() => undefined);
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
      this.reminders = null;
      this.devices = [];
      this.standing = null;
    };
  }

  async look(client: CaseHubClient): Promise<void> {
    this.reminders = await client.designations.reminders();
  }

  async lookAtStanding(client: CaseHubClient): Promise<DirectoryStanding> {
    const found = await client.designations.standing();
    this.standing = found;
    return found;
  }

  async #lookAtDevices(client: CaseHubClient): Promise<void> {
    this.devices = await client.devices();
  }
}

export const access = new Access();
