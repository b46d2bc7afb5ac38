/** What the page knows of the reader's own access: its end, its devices', what was said of both. */

import type { CaseHubClient, DirectoryStanding, ListedDevice, Reminders } from "../client";
import { whileSeen } from "../looking";

const LOOK_MS = 60_000;
/** What ends in weeks is looked at so often, however often the page comes to the front. */
const SLOWLY_MS = 15 * LOOK_MS;

/** Of what this session's person is asked at all. */
export type Asked = { readonly reads: boolean; readonly confirms: boolean };

class Access {
  reminders: Reminders | null = $state.raw(null);
  devices: readonly ListedDevice[] = $state.raw([]);
  /** Of whoever confirms each quarter that their State's directory is true. */
  standing: DirectoryStanding | null = $state.raw(null);

  /** Look now, and again each minute while the page is seen; returns the way to stop. */
  follow(client: CaseHubClient, { reads, confirms }: Asked): () => void {
    const devices = slowly(() => this.#lookAtDevices(client));
    const standing = slowly(() => this.lookAtStanding(client));
    const stop = whileSeen(() => {
      if (reads) devices();
      if (confirms) standing();
      return this.look(client);
    }, LOOK_MS);
    return () => {
      stop();
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

/** Return the same look, taken when the last that was answered is long enough ago. */
function slowly(look: () => Promise<unknown>): () => void {
  let since = Number.NEGATIVE_INFINITY;
  return () => {
    // A second less, for timers are not exact: this one must not wait for the look after.
    if (Date.now() - since < SLOWLY_MS - 1000) return;
    const before = since;
    since = Date.now();
    look().catch(() => {
      since = before;
    });
  };
}

export const access = new Access();
