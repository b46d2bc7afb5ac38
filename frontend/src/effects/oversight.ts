/** What an auditor does: the console's routes, each noticing the end of the session. */

import type { OversightRoutes } from "../api/oversight";

export type { OversightRoutes as OversightActs } from "../api/oversight";

/** `guarded`: notices the session's end. */
export function oversightActs(
  routes: OversightRoutes,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
): OversightRoutes {
  return {
    integrity: () => guarded(() => routes.integrity()),
    offices: () => guarded(() => routes.offices()),
    ask: (asked) => guarded(() => routes.ask(asked)),
    page: (id, cursor) => guarded(() => routes.page(id, cursor)),
    figures: (id) => guarded(() => routes.figures(id)),
    export: (id, format) => guarded(() => routes.export(id, format)),
    piece: (id, cursor) => guarded(() => routes.piece(id, cursor)),
    open: (log, position) => guarded(() => routes.open(log, position)),
    views: () => guarded(() => routes.views()),
    saveView: (name, filter) => guarded(() => routes.saveView(name, filter)),
    removeView: (id) => guarded(() => routes.removeView(id)),
    unmaskings: () => guarded(() => routes.unmaskings()),
    askUnmasking: (person, ground, reference) =>
      guarded(() => routes.askUnmasking(person, ground, reference)),
    agreeToUnmasking: (id) => guarded(() => routes.agreeToUnmasking(id)),
    refuseUnmasking: (id) => guarded(() => routes.refuseUnmasking(id)),
    audits: (cursor) => guarded(() => routes.audits(cursor)),
    statistics: (month) => guarded(() => routes.statistics(month)),
  };
}
