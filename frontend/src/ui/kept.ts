/** What is typed in a dialog, kept on this device with the circle that it is about until it is sent. */

import type { CaseHubClient } from "./client";

type Client = Pick<CaseHubClient, "typed" | "setTyped">;

export class Kept<Typed extends object> {
  #last: string;
  #over = false;

  constructor(
    private readonly device: Client,
    private readonly circle: string | undefined,
    private readonly what: string,
  ) {
    this.#last = circle === undefined ? "" : device.typed(circle, what);
  }

  /** As it was typed, or null: nothing was. */
  read(): Typed | null {
    return this.#last === "" ? null : (JSON.parse(this.#last) as Typed);
  }

  /** `null` of what says nothing. */
  keep(now: Typed | null): void {
    const said = now === null ? "" : JSON.stringify(now);
    if (this.#over || said === this.#last || this.circle === undefined) return;
    this.#last = said;
    this.device.setTyped(this.circle, this.what, said);
  }

  /** It is sent. */
  over(): void {
    this.#over = true;
    if (this.circle !== undefined) this.device.setTyped(this.circle, this.what, "");
  }
}
