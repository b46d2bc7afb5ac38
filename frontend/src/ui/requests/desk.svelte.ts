/**
 * One draft on the screen: its text, what the rules say of it, and where in it somebody is.
 *
 * While this person has the turn the draft here leads and every change goes to the client at once;
 * otherwise the client's draft is shown as it comes.
 */

import { createContext, tick } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import type { Json } from "../../canonical";
import { isWrittenOn } from "../../effects/dossiers/table";
import type { Book, Draft } from "../../rules/book";
import { AIM, type Finding, Screener } from "../../rules/engine";
import { NoDate } from "../../rules/facts";
import { loadBook } from "../../rules/load";
import type { DraftView, RequestView } from "../client";
import type { Hub } from "../hub.svelte";
import { notices } from "../notices.svelte";
import { type Language, preferences } from "../preferences.svelte";
import { router } from "../router.svelte";
import { paths } from "../routes";
import { t } from "../words";
import { openOf } from "./commented";
import { put, removeItem } from "./document";
import { type Gap, gapAfter, gapsOf } from "./gaps";
import { type Screened, screenedAs } from "./screened";
import { type Counts, countsOf, type Row } from "./screening";

const NONE: readonly Row[] = [];
const QUIET_MS = 150;
const SPEECH_MS = 5_000;

export type Panel = "sections" | "form" | "checklist";

export class DraftDesk {
  readonly request: RequestView | null;
  readonly editing: boolean;
  readonly counts: Counts;
  /** What keeps the draft from being ready, in the order of the form. */
  readonly gaps: readonly Gap[];
  /** The one to go on with. */
  readonly nextGap: Gap | null;
  book: Book | null = $state.raw(null);
  draft: Draft | null = $state.raw(null);
  remote: DraftView | null = $state.raw(null);
  /** What the last screening said, and of which text: it comes a moment after the last key. */
  screened: Screened | null = $state.raw(null);
  /** The language shown beside the draft's own. */
  second: Language | null = $state(null);
  /** The gap that was last gone to: nobody has begun while it is null. */
  visited: string | null = $state(null);
  /** Which pane a narrow screen shows. */
  panel: Panel = $state("form");
  /** What a removed item can be brought back with, until the next change. */
  removed: Draft | null = $state.raw(null);
  /** Comments being written, by section: they outlive a walk to another section. */
  readonly comments = new SvelteMap<string, string>();
  #screener: Screener | null = null;
  #screening: ReturnType<typeof setTimeout> | undefined;
  #speaking: ReturnType<typeof setTimeout> | undefined;
  #spoken: string | null = null;
  #ours = false;

  constructor(
    readonly hub: Hub,
    readonly id: string,
  ) {
    this.request = $derived(hub.view.requests.find((one) => one.id === id) ?? null);
    this.editing = $derived(
      this.draft !== null &&
        this.request?.status === "active" &&
        this.request.turn?.mine === true &&
        isWrittenOn(this.request.stage),
    );
    this.counts = $derived(countsOf(this.rows));
    this.gaps = $derived(
      this.book === null || this.screened === null
        ? []
        : gapsOf(this.book, this.screened.draft, this.rows),
    );
    this.nextGap = $derived(
      this.book === null || this.screened === null
        ? null
        : gapAfter(this.book, this.screened.draft, this.gaps, this.visited),
    );
  }

  get rows(): readonly Row[] {
    return this.screened?.rows ?? [];
  }

  /** How many comments nobody has resolved yet, by section. */
  get commented(): ReadonlyMap<string, number> {
    return openOf(this.remote?.comments ?? []);
  }

  /** Begin to follow the draft; returns the way to stop. */
  open(): () => void {
    const stop = this.hub.client.onDraft(this.id, (view) => this.#received(view));
    void this.hub.attempt(async () => {
      this.book = await loadBook();
      this.#screener = new Screener(this.book);
      this.#screen();
    });
    return () => {
      stop();
      clearTimeout(this.#screening);
      clearTimeout(this.#speaking);
    };
  }

  #received(view: DraftView): void {
    this.remote = view;
    // What was typed here leads until it is safe on the server and another turn has begun.
    if (this.#ours && (view.dirty || this.request?.turn?.mine === true)) return;
    this.#ours = false;
    if (JSON.stringify(view.draft) === JSON.stringify(this.draft)) return;
    this.draft = view.draft;
    this.#screen();
  }

  /** Change the draft, if it is this person's turn. */
  edit(change: (draft: Draft) => Draft): void {
    if (this.draft === null || !this.editing) return;
    this.draft = change(this.draft);
    this.removed = null;
    this.#ours = true;
    this.hub.client.editDraft(this.id, this.draft);
    clearTimeout(this.#screening);
    this.#screening = setTimeout(() => this.#screen(), QUIET_MS);
  }

  set(pointer: string, value: Json): void {
    this.edit((draft) => put(draft, pointer, value));
  }

  /** Take an item out; it can be brought back until something else changes. */
  remove(section: string, place: number): void {
    const before = this.draft;
    this.edit((draft) => removeItem(draft, section, place));
    this.removed = before;
  }

  restore(): void {
    const { removed } = this;
    if (removed !== null) this.edit(() => removed);
  }

  /** Go on from the newest version; this person's own text is kept aside. */
  async takeTheirs(): Promise<void> {
    this.#ours = false;
    await this.hub.attempt(() => this.hub.client.takeTheirs(this.id));
  }

  #screen(): void {
    const { draft } = this;
    if (this.#screener === null || draft === null) return;
    let findings: readonly Finding[] = [];
    try {
      findings = this.#screener.screen(draft, AIM);
    } catch (error) {
      // A draft without a date of its law; the form asks for it.
      if (!(error instanceof NoDate)) notices.fail(error);
    }
    this.screened = screenedAs(this.#screener.book, draft, findings, this.screened);
    this.#speak();
  }

  /** Tell changed counts politely, and never more often than somebody can listen to. */
  #speak(): void {
    const { failed, ask } = this.counts;
    const words = t("checklist.said", { failed, ask });
    this.#spoken ??= words;
    if (words === this.#spoken) return;
    this.#speaking ??= setTimeout(() => {
      this.#speaking = undefined;
      const now = t("checklist.said", { failed: this.counts.failed, ask: this.counts.ask });
      if (now !== this.#spoken) notices.say(now);
      this.#spoken = now;
    }, SPEECH_MS);
  }

  /** What the rules say of one field or section. */
  rowsAt(pointer: string): readonly Row[] {
    return this.screened?.placed.get(pointer) ?? NONE;
  }

  /** Rows of a section that point to no field the form shows. */
  rowsBeside(section: string, shown: ReadonlySet<string>): readonly Row[] {
    return this.rows.filter((row) => row.section === section && !shown.has(row.pointer));
  }

  /** Bring the keyboard to the field of a finding. */
  async goTo(row: Pick<Row, "section" | "pointer">): Promise<void> {
    this.panel = "form";
    if (preferences.form === "section") router.go(paths.requestSection(this.id, row.section));
    else if (!onForm(this.id)) router.go(paths.request(this.id));
    await settled();
    focusIn(
      document.getElementById(`f-${row.pointer}`) ?? document.getElementById(`s-${row.section}`),
    );
  }

  /** Bring the keyboard to what is to be done next. */
  async goOn(): Promise<void> {
    const { nextGap } = this;
    if (nextGap === null) return;
    this.visited = nextGap.pointer;
    await this.goTo(nextGap);
  }

  /** Take the turn, or take it again; what was written meanwhile goes to the server then. */
  async takeTurn(): Promise<void> {
    const done = await this.hub.attempt(() => this.hub.client.takeTurn(this.id));
    if (done) notices.say(t("turn.taken"));
  }

  /** Bring the keyboard to a field that is drawn. */
  async focusOn(pointer: string): Promise<void> {
    await settled();
    focusIn(document.getElementById(`f-${pointer}`));
  }

  /** Bring the keyboard to a finding in the list. */
  async goToRow(key: string): Promise<void> {
    this.panel = "checklist";
    await settled();
    focusIn(document.getElementById(`r-${key}`));
  }
}

/** Whether the form is the part of the request that is drawn. */
function onForm(id: string): boolean {
  const { route } = router;
  return route.page === "request" && route.id === id && route.part === "draft";
}

/** After the page has moved its own focus. */
async function settled(): Promise<void> {
  await tick();
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await tick();
}

function focusIn(place: HTMLElement | null): void {
  for (let box = place?.closest("details"); box; box = box.parentElement?.closest("details")) {
    box.open = true;
  }
  const inner = place?.matches("input, select, textarea, summary, a, button")
    ? place
    : place?.querySelector<HTMLElement>(
        "input:not(:disabled), select:not(:disabled), textarea:not(:disabled)",
      );
  const target = inner ?? place;
  target?.focus({ preventScroll: true });
  (place ?? target)?.scrollIntoView({ block: "center" });
}

export const [useDesk, provideDesk] = createContext<DraftDesk>();
