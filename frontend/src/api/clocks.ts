/**
 * How far the server's clock is from this device's, by the `Date` of its answers (RFC 9110, 6.6.1).
 *
 * It decides nothing: which of the two is wrong it does not know, and a server may say any time.
 */

import type { HttpDeps } from "./http";

/** Less is nobody's concern: a signature counts within five minutes (casehub/directory). */
const APART_MS = 120_000;
/** An answer that took longer, or a device that slept meanwhile, says too little. */
const ROUGH_MS = 10_000;
const MINUTE_MS = 60_000;

export class Clocks {
  #apart: number | null = null;
  /** Told whenever {@link apart} is another one. */
  changed: () => void = () => undefined;

  constructor(private readonly now: () => number) {}

  /** Milliseconds by which the server's clock is before this one's, to the minute; null if hardly. */
  get apart(): number | null {
    return this.#apart;
  }

  /** A `fetch` that reads the clock of whatever answers; not of what may lie in a cache. */
  reading(fetch: HttpDeps["fetch"]): HttpDeps["fetch"] {
    return async (url, init) => {
      const asked = this.now();
      const response = await fetch(url, init);
      if (init.cache === "no-store") this.#read(response.headers.get("Date"), asked);
      return response;
    };
  }

  #read(date: string | null, asked: number): void {
    const [there, here] = [Date.parse(date ?? ""), this.now()];
    const took = here - asked;
    if (Number.isNaN(there) || took < 0 || took > ROUGH_MS) return;
    const apart = there - (asked + took / 2);
    const minutes = Math.round(apart / MINUTE_MS) * MINUTE_MS;
    const shown = Math.abs(apart) > APART_MS ? minutes : null;
    if (shown === this.#apart) return;
    this.#apart = shown;
    this.changed();
  }
}
