/** What the page says by itself: successes for a moment, errors until closed or no longer true. */

import { type ShownError, shown } from "./errors";

export type Notice = { id: number; error: ShownError };

const SEEN_MS = 5_000;
/** What is over as soon as the server answers again. */
const WHILE_AWAY: ReadonlySet<string> = new Set([
  "unreachable",
  "busy",
  "server-error",
  "too-many",
  "too-slow",
  "try-again",
]);

class Notices {
  /** The last polite announcement, for the live region. */
  said = $state("");
  /** Whether it is drawn as well. */
  visible = $state(false);
  /** Whether all of it is done, or some of it waits. */
  tone: "ok" | "warn" = $state("ok");
  failures: Notice[] = $state([]);
  #next = 0;
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string, tone: "ok" | "warn" = "ok"): void {
    this.tone = tone;
    // A repeated text must change the region, or it is not read again.
    this.said = this.said === text ? `${text}\u00a0` : text;
    this.visible = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#seen(), SEEN_MS);
  }

  /** Of its own accord: what was said to whoever has just done something is seen first. */
  tell(text: string): void {
    if (!this.visible) this.say(text);
    else if (!this.#waiting.includes(text)) this.#waiting.push(text);
  }

  #seen(): void {
    this.visible = false;
    const next = this.#waiting.shift();
    if (next !== undefined) this.say(next);
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

  /** The server answers again. */
  reconnected(): void {
    this.failures = this.failures.filter((notice) => !WHILE_AWAY.has(notice.error.code));
  }

  /** Somebody came or went: what was said to whoever was there before is not for them. */
  clear(): void {
    this.failures = [];
    this.said = "";
    this.visible = false;
    this.#waiting = [];
    clearTimeout(this.#timer);
  }
}

export const notices = new Notices();
