/** What the page says by itself: read aloud by screen readers, errors also drawn until closed. */

import { type ShownError, shown } from "./errors";

export type Notice = { id: number; error: ShownError };

class Notices {
  /** The last polite announcement, for the live region. */
  said = $state("");
  failures: Notice[] = $state([]);
  #next = 0;

  say(text: string): void {
    // A repeated text must change the region, or it is not read again.
    this.said = this.said === text ? `${text}\u00a0` : text;
  }

  fail(error: unknown): void {
    const found = shown(error);
    if (this.failures.some((notice) => notice.error.code === found.code)) return;
    this.#next += 1;
    this.failures.push({ id: this.#next, error: found });
  }

  close(id: number): void {
    this.failures = this.failures.filter((notice) => notice.id !== id);
  }
}

export const notices = new Notices();
