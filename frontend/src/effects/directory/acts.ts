/** What somebody does with the directory: read it, look at a card, reach a person, keep it true. */

import type { Card, CardRoutes, Figures, OfficeCard } from "../../api/directory";
import type { Deps } from "../deps";
import { type Standing, standings } from "./standing";

/** What was read last, in this page's memory, and when. */
export type DirectoryRead = {
  readonly at: string;
  readonly people: readonly Card[];
  readonly offices: readonly OfficeCard[];
};

export type DirectoryActs = Omit<CardRoutes, "cards" | "offices" | "figures"> & {
  /** Read it anew. @throws {Unreachable} */
  read(): Promise<DirectoryRead>;
  /** What was read last in this session, also without a network. */
  last(): DirectoryRead | null;
  /** By whose signatures each of `people` counts; of whom one is told no statements, nothing. */
  standings(people: readonly Card[]): Promise<ReadonlyMap<string, Standing>>;
  /** How many people each State has. */
  figures(): Promise<Figures>;
};

/** Persons in one question; the server answers at most 200. */
const AT_ONCE = 150;

/** `guarded` notices the session's end; `whose` says whose it is. */
export function directoryActs(
  { api, clock, roots }: Pick<Deps, "api" | "clock" | "roots">,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
  whose: () => string | null,
): DirectoryActs {
  const routes = api.directory;
  let kept: { whose: string | null; read: DirectoryRead } | null = null;
  const last = () => (kept !== null && kept.whose === whose() ? kept.read : null);
  return {
    last,
    read: () =>
      guarded(async () => {
        const [people, offices] = await Promise.all([routes.cards(), routes.offices()]);
        const read = { at: new Date(clock()).toISOString(), people, offices };
        kept = { whose: whose(), read };
        return read;
      }),
    standings: (people) =>
      guarded(async () => {
        const asked = people
          .filter(({ told, state }) => state !== "" && (told === "card" || told === "own"))
          .map(({ id }) => id);
        const found = new Map<string, Standing>();
        for (let at = 0; at < asked.length; at += AT_ONCE) {
          const some = asked.slice(at, at + AT_ONCE);
          const judged = await standings(some, await api.chains(some), roots, clock());
          for (const [person, standing] of judged) found.set(person, standing);
        }
        return found;
      }),
    figures: () => guarded(() => routes.figures()),
    openCard: (person) => guarded(() => routes.openCard(person)),
    openContact: (person, caseId) => guarded(() => routes.openContact(person, caseId)),
    giveContact: (body) => guarded(() => routes.giveContact(body)),
    changeContact: (person, body) => guarded(() => routes.changeContact(person, body)),
    changeHours: (person, body) => guarded(() => routes.changeHours(person, body)),
    enterOffice: (body) => guarded(() => routes.enterOffice(body)),
    changeOffice: (id, body) => guarded(() => routes.changeOffice(id, body)),
    enterCompetence: (id, body) => guarded(() => routes.enterCompetence(id, body)),
    endCompetence: (id, until) => guarded(() => routes.endCompetence(id, until)),
  };
}
