/**
 * Days of requests that are before the reader, and of what they were asked informally about one: for
 * the bars, the inbox and the pages of requests.
 */

import type { Deadline } from "../../api/deadlines";
import type { CaseHubClient } from "../client";
import { whileSeen } from "../looking";

/** A day is looked at so often, where what somebody moves rings besides; else an urgent step would wait as long. */
const LOOK_MS = 15 * 60_000;
const LOOK_UNHEARD_MS = 60_000;

type Client = Pick<CaseHubClient, "deadlines" | "dossiers">;

/** What waits for the reader's own hand, for hours: of that nobody is reminded besides. */
const OWN_HAND = "request-second";

/** Whether a day is to be said of by itself: somebody was reminded of it, it is over, or only one's hand is missing. */
export const isNear = (one: Deadline): boolean =>
  isDay(one) && (one.reminded !== null || one.left === null || one.kind === OWN_HAND);

/** What others are told nothing of in another way: the rest has its own line where it waits. */
const isDay = ({ request, circle }: Deadline): boolean => request !== null || circle !== null;

class RequestDays {
  /** Null before they were read. */
  rows: readonly Deadline[] | null = $state.raw(null);
  #asked = 0;
  /** How often it rang, and how much of that a look has begun after. */
  #rung = 0;
  #answered = 0;
  /** Of whoever follows: the page of a request may find a reminder before the shell looks again. */
  #onreminded = (): void => undefined;

  readonly near = $derived((this.rows ?? []).filter(isNear));

  of(request: string): readonly Deadline[] {
    return (this.rows ?? []).filter((one) => one.request === request);
  }

  /**
   * Look now, and again while the page is seen; returns the way to stop. `onreminded` is called
   * when somebody was reminded of something since the look before, whoever looks. `hears`: this browser
   * is a device, for which moves ring.
   */
  follow(client: Client, onreminded: () => void, hears = true): () => void {
    this.#onreminded = onreminded;
    const stop = whileSeen(() => this.look(client), hears ? LOOK_MS : LOOK_UNHEARD_MS, {
      ring: (heard) =>
        client.dossiers.onMoved(() => {
          this.#rung += 1;
          heard();
        }),
      // The page of the request that somebody moved has looked by then.
      isAnswered: () => this.#answered === this.#rung,
      isPatient: true,
    });
    return () => {
      stop();
      this.#asked += 1;
      this.#onreminded = () => undefined;
      this.rows = null;
    };
  }

  async look(client: Client): Promise<void> {
    this.#asked += 1;
    const [asked, rung] = [this.#asked, this.#rung];
    const found = (await client.deadlines("requests")).filter(isDay);
    if (asked !== this.#asked) return; // a later look is under way, or nobody follows any more
    this.#answered = rung;
    const known = this.rows;
    this.rows = found;
    if (known !== null && found.some((one) => isNews(one, known))) this.#onreminded();
  }
}

/** Reminded of since the look before, or once more. */
function isNews(one: Deadline, known: readonly Deadline[]): boolean {
  if (one.reminded === null) return false;
  const same = known.find(
    ({ request, circle, kind, ends }) =>
      request === one.request && circle === one.circle && kind === one.kind && ends === one.ends,
  );
  return same?.reminded !== one.reminded;
}

export const requestDays = new RequestDays();
