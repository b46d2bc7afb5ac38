/** What the pages of the directory show: read, judged on this device, and the law beside it. */

import type { Book } from "../../rules/book";
import { loadBook } from "../../rules/load";
import type { Card, DirectoryRead, OfficeCard, Standing } from "../client";
import { type ShownError, shown } from "../errors";
import type { Hub } from "../hub.svelte";
import { isAtWork } from "./hours";

/** How often "speaks now" is looked at again. */
const MINUTE_MS = 60_000;

export class DirectoryBook {
  read: DirectoryRead | null = $state.raw(null);
  standings: ReadonlyMap<string, Standing> = $state.raw(new Map());
  /** True once the signatures were looked at, so that "unverified" can be said. */
  judged = $state(false);
  law: Book | null = $state.raw(null);
  failure: ShownError | null = $state.raw(null);
  now = $state(Date.now());

  constructor(private readonly hub: Hub) {
    this.read = hub.client.directory.last();
  }

  /** Read everything anew; what was read before stays where that fails. */
  async load(): Promise<void> {
    this.failure = null;
    const { directory } = this.hub.client;
    const law = loadBook().then(
      (book) => {
        this.law = book;
      },
      () => undefined, // States without their facts are shown all the same
    );
    try {
      this.read = await directory.read();
      const standings = await directory.standings(this.read.people);
      this.standings = standings ?? new Map();
      this.judged = standings !== null;
    } catch (error) {
      this.failure = shown(error);
    }
    await law;
  }

  /** Let the clock run; returns the way to stop it. */
  tick(): () => void {
    const timer = setInterval(() => {
      this.now = Date.now();
    }, MINUTE_MS);
    return () => clearInterval(timer);
  }

  readonly people: readonly Card[] = $derived(
    (this.read?.people ?? []).map((card) => this.signed(card)),
  );

  get offices(): readonly OfficeCard[] {
    return this.read?.offices ?? [];
  }

  /** A card with the functions that are signed, once they were looked at: not as the host lists them. */
  signed(card: Card): Card {
    const { functions } = this.standings.get(card.id) ?? {};
    return functions === undefined ? card : { ...card, functions: [...functions] };
  }

  person(id: string): Card | undefined {
    return this.people.find((card) => card.id === id);
  }

  /** What the server answered to an act: all offices again. */
  learn(offices: readonly OfficeCard[]): void {
    if (this.read !== null) this.read = { ...this.read, offices };
  }

  learnCard(card: Card): void {
    if (this.read === null) return;
    const people = this.read.people.map((one) => (one.id === card.id ? card : one));
    this.read = { ...this.read, people };
  }

  isAtWork(card: Card): boolean {
    return card.status === "in-force" && card.hours !== null && isAtWork(card.hours, this.now);
  }

  isUnverified(card: Card): boolean {
    if (card.told !== "card" && card.told !== "own") return false;
    return this.judged && (this.standings.get(card.id)?.level ?? "unverified") === "unverified";
  }
}
