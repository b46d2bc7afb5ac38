/** What an auditor does: the console's routes, each noticing the end of the session. */

import type {
  Deferral,
  Entry,
  Filter,
  OversightRoutes,
  PairView,
  SavedView,
  Unmasking,
} from "../api/oversight";
import type { Deps } from "./deps";
import { type Completeness, completeness, type Looking } from "./log/complete";
import { followed, type Placed, placeOf } from "./log/placing";
import type { LogWatch } from "./log/watch";
import { NotPossible } from "./problems";
import { ViewNames } from "./viewNames";
import { deferralDigest, pairViewDigest, unmaskingDigest } from "./wishDigest";

/** A kept filter; its name is null on a device that was not told it. */
export type NamedView = SavedView & { name: string | null };

export type OversightActs = Omit<
  OversightRoutes,
  "views" | "saveView" | "removeView" | "agreeToUnmasking" | "agreeToDeferral" | "agreeToPairView"
> & {
  /** What is agreed to is what was shown. */
  agreeToUnmasking(shown: Unmasking): Promise<Unmasking[]>;
  agreeToDeferral(shown: Deferral): Promise<Unmasking[]>;
  agreeToPairView(shown: PairView): Promise<PairView[]>;
  views(): Promise<NamedView[]>;
  saveView(name: string, filter: Partial<Filter>): Promise<NamedView[]>;
  removeView(id: string): Promise<NamedView[]>;
  /**
   * Whether all that carries one's State's tag is shown.
   *
   * @throws {NotPossible} log-unchecked; log-not-followed, if it is not of the history followed here.
   */
  complete(how: Looking): Promise<Completeness>;
  /** Where an opened entry stands, as checked here. @throws {NotPossible} as `complete` */
  place(entry: Entry): Promise<Placed>;
  /** The session is over. */
  close(): Promise<void>;
};

/** `guarded` notices the session's end; `whose` says whose it is. */
export function oversightActs(
  deps: Pick<Deps, "api" | "store" | "locks" | "random">,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
  whose: () => string | null,
  watch: LogWatch | null = null,
): OversightActs {
  const routes = deps.api.oversight;
  const names = new ViewNames(deps, whose);
  async function named(ask: () => Promise<SavedView[]>): Promise<NamedView[]> {
    const views = await guarded(ask);
    if (views.length === 0) return [];
    const known = await guarded(() => names.read());
    return views.map((view) => ({ ...view, name: known.get(view.id) ?? null }));
  }
  return {
    close: () => names.close(),
    complete: (how) =>
      guarded(() => {
        const { publicLog } = deps.api;
        if (publicLog === undefined || watch === null) throw new NotPossible("log-unchecked");
        return followed(() => completeness(routes, publicLog, watch, how));
      }),
    place: async (entry) => {
      if (watch === null) throw new NotPossible("log-unchecked");
      return placeOf(entry, watch);
    },
    integrity: () => guarded(() => routes.integrity()),
    offices: () => guarded(() => routes.offices()),
    ask: (asked) => guarded(() => routes.ask(asked)),
    page: (id, cursor) => guarded(() => routes.page(id, cursor)),
    figures: (id) => guarded(() => routes.figures(id)),
    export: (id, format) => guarded(() => routes.export(id, format)),
    piece: (id, cursor) => guarded(() => routes.piece(id, cursor)),
    bundle: (log, range, how) => guarded(() => routes.bundle(log, range, how)),
    open: (log, position) => guarded(() => routes.open(log, position)),
    views: () => named(() => routes.views()),
    saveView: (name, filter) =>
      named(async () => {
        const views = await routes.saveView(filter);
        const made = views.at(-1); // the newest stands last
        if (made) await names.keep(made.id, name);
        return views;
      }),
    removeView: (id) =>
      named(async () => {
        const views = await routes.removeView(id);
        await names.forget(id);
        return views;
      }),
    unmaskings: () => guarded(() => routes.unmaskings()),
    askUnmasking: (person, ground, reference) =>
      guarded(() => routes.askUnmasking(person, ground, reference)),
    agreeToUnmasking: (shown) =>
      guarded(async () => routes.agreeToUnmasking(shown.id, await unmaskingDigest(shown))),
    refuseUnmasking: (id) => guarded(() => routes.refuseUnmasking(id)),
    askDeferral: (...asked) => guarded(() => routes.askDeferral(...asked)),
    agreeToDeferral: (shown) =>
      guarded(async () => routes.agreeToDeferral(shown.id, await deferralDigest(shown))),
    refuseDeferral: (id) => guarded(() => routes.refuseDeferral(id)),
    namings: () => guarded(() => routes.namings()),
    confirmNaming: (id) => guarded(() => routes.confirmNaming(id)),
    consents: () => guarded(() => routes.consents()),
    giveConsent: (other) => guarded(() => routes.giveConsent(other)),
    withdrawConsent: (other) => guarded(() => routes.withdrawConsent(other)),
    pairViews: () => guarded(() => routes.pairViews()),
    askPairView: (asked) => guarded(() => routes.askPairView(asked)),
    agreeToPairView: (shown) =>
      guarded(async () => routes.agreeToPairView(shown.id, await pairViewDigest(shown))),
    refusePairView: (id) => guarded(() => routes.refusePairView(id)),
    readPair: (id, skip) => guarded(() => routes.readPair(id, skip)),
    audits: (cursor) => guarded(() => routes.audits(cursor)),
    indicators: (quarter) => guarded(() => routes.indicators(quarter)),
    statistics: (month) => guarded(() => routes.statistics(month)),
  };
}
