/** The lines of one thread as its page shows them: the newest, and earlier ones once asked for. */

import { onMount, untrack } from "svelte";
import type { Line } from "../client";
import type { Hub } from "../hub.svelte";
import { notices } from "../notices.svelte";
import { keyOf } from "../record";
import { router } from "../router.svelte";
import { messageIn, paths } from "../routes";
import { t } from "../words";

/** As many lines as the client hands out at first: fewer means there are no earlier ones. */
const WINDOW = 500;
/** What is fetched above a line that somebody came to see. */
const ABOVE = 100;

export class Reading {
  #recent: readonly Line[] = $state.raw([]);
  #earlier: readonly Line[] = $state.raw([]);
  #noMore = $state(false);
  loaded = $state(false);
  /** The entry that somebody came to see. */
  sought: { seq: number } | null = $state.raw(null);
  /** Of a line that stands in both, what was heard last: it may have been edited or withdrawn. */
  readonly lines: readonly Line[] = $derived.by(() => {
    const known = new Set(this.#recent.map(keyOf));
    return [...this.#earlier.filter((line) => !known.has(keyOf(line))), ...this.#recent];
  });
  readonly pinned = $derived(
    this.lines.flatMap((line) =>
      line.kind === "message" && line.message.pinned ? [line.message] : [],
    ),
  );
  /** The terms of one's own last message here: the next one has them too, unless told. */
  readonly remembered = $derived(
    this.lines.findLast(
      (line) => line.kind === "message" && line.message.mine && !line.message.carried,
    ),
  );
  /** Fetches lines before the first, while there may be any. */
  readonly onearlier: (() => Promise<void>) | null = $derived(
    this.#noMore || this.#recent.length < WINDOW
      ? null
      : async () => void (await this.#loadEarlier()),
  );
  readonly #hub: Hub;
  readonly #circle: string;
  /** Of the thread's case; empty where it stands in none. */
  readonly #reference: string;

  constructor(hub: Hub, reference: string, circle: string) {
    this.#hub = hub;
    this.#reference = reference;
    this.#circle = circle;
  }

  /**
   * Read, and go on reading while the component that calls this is there. So much of what is
   * `unread` is fetched that its beginning can be shown.
   */
  follow(unread: number): void {
    onMount(() => {
      let live = true;
      const stop = this.#hub.client.onLines(this.#circle, (now) => {
        this.#recent = now;
      });
      void this.#hub.attempt(async () => {
        const found = await this.#hub.client.lines(this.#circle);
        if (!live) return;
        this.#recent = found;
        await this.#reach(unread);
        await this.#seek();
        this.loaded = true;
      });
      return () => {
        live = false;
        stop();
      };
    });
    // The address of another message, e.g. by the browser's own way back.
    let address = router.search;
    $effect(() => {
      const now = router.search;
      if (!this.loaded || now === address) return;
      address = now;
      const seq = messageIn(now);
      untrack(() => seq !== null && seq !== this.sought?.seq && void this.#show(seq));
    });
  }

  /** Bring an entry before the reader, and its address with it. */
  readonly seek = (seq: number): void => {
    router.go(paths.message(this.#reference, this.#circle, seq));
    void this.#show(seq);
  };

  /** Fetch what is needed to show the message that somebody came for, here or by its address. */
  async #seek(): Promise<void> {
    const hub = this.#hub;
    const wanted = hub.sought?.circle === this.#circle ? hub.sought.seq : messageIn(router.search);
    hub.sought = null;
    if (wanted !== null) await this.#show(wanted);
  }

  /**
   * Go to the first message at or after a moment. Answers when that was said; null where there is
   * none.
   */
  readonly goTo = async (at: string): Promise<string | null> => {
    const found = await this.#hub.client.firstSince(this.#circle, at);
    if (found !== null) await this.#show(found.seq);
    return found?.at ?? null;
  };

  async #reach(unread: number): Promise<void> {
    let more = unread >= WINDOW && this.#recent.length >= WINDOW;
    while (more && !this.#noMore && othersIn(this.lines) < unread)
      more = await this.#loadEarlier(unread);
  }

  async #show(seq: number): Promise<void> {
    let more = !this.#has(seq);
    while (more && !this.#noMore && (this.#before ?? seq + 1) > seq) {
      more = await this.#loadEarlier((this.#before ?? seq) - seq + ABOVE);
    }
    if (this.#has(seq)) this.sought = { seq };
    else notices.say(t("record.notHere"));
  }

  #has(seq: number): boolean {
    return this.lines.some((line) => line.kind === "message" && line.message.seq === seq);
  }

  /** The number of the first entry held; null where nothing of the log is. */
  get #before(): number | null {
    const first = this.lines[0];
    return (first?.kind === "message" ? first.message.seq : first?.seq) ?? null;
  }

  /** Fetch at least `least` lines before the first one held; answers whether that was done. */
  async #loadEarlier(least = 0): Promise<boolean> {
    const before = this.#before;
    if (before === null) {
      this.#noMore = true;
      return false;
    }
    return this.#hub.attempt(async () => {
      const limit = Math.max(WINDOW, least);
      const found = await this.#hub.client.lines(this.#circle, { before, limit });
      this.#noMore = found.length < limit;
      this.#earlier = [...found, ...this.#earlier];
    });
  }
}

/** Messages of others among these. */
function othersIn(lines: readonly Line[]): number {
  return lines.filter((line) => line.kind === "message" && !line.message.mine).length;
}
