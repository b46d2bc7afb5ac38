/** What somebody does with the directory: read it, look at a card, reach a person, keep it true. */

import type { Card, CardRoutes, Figures, OfficeCard } from "../../api/directory";
import type { Directory } from "../../verify/chain";
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
  /**
   * By whose signatures each of `people` counts; of whom one is told no statements, nothing. Null
   * where this session keeps no directory of its own.
   */
  standings(people: readonly Card[]): Promise<ReadonlyMap<string, Standing> | null>;
  /** How many people each State has. */
  figures(): Promise<Figures>;
};

/** `guarded` notices the session's end; `whose` says whose it is; `replayed`: this device's own. */
export function directoryActs(
  { api, clock }: Pick<Deps, "api" | "clock">,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
  whose: () => string | null,
  replayed: () => Promise<Directory | null>,
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
        const directory = await replayed();
        return directory && standings(asked, directory, clock());
      }),
    figures: () => guarded(() => routes.figures()),
    printPage: () => guarded(() => routes.printPage()),
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
