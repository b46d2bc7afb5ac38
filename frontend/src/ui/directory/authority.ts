/** Which office is central authority for an instrument on a day: pure. */

import type { Competence, OfficeCard } from "../client";

export type Authority = { readonly office: OfficeCard; readonly competence: Competence };

function all(offices: readonly OfficeCard[], state: string): Authority[] {
  return offices
    .filter((office) => office.state === state)
    .flatMap((office) => office.competences.map((competence) => ({ office, competence })));
}

const begun = ({ competence }: Authority, day: string): boolean => competence.since <= day;
const over = ({ competence: { until } }: Authority, day: string): boolean =>
  until !== null && until <= day;

function newest(found: readonly Authority[], day: string): Authority | null {
  // What began last took the place of what was before, also if it has ended since.
  const last = found
    .filter((one) => begun(one, day) && one.competence.until !== one.competence.since)
    .sort((a, b) => b.competence.since.localeCompare(a.competence.since))[0];
  return last === undefined || over(last, day) ? null : last;
}

/**
 * The central authority of `state` for `instrument` on `day` (`2026-11-24`): the newest entry that
 * has begun; where the instrument has none, the one for all others.
 */
export function authorityOn(
  offices: readonly OfficeCard[],
  state: string,
  instrument: string,
  day: string,
): Authority | null {
  const entries = all(offices, state);
  const own = newest(
    entries.filter(({ competence }) => competence.instrument === instrument),
    day,
  );
  if (own !== null || instrument === "") return own;
  return newest(
    entries.filter(({ competence }) => competence.instrument === ""),
    day,
  );
}

export type Counts = "now" | "before" | "later";

/** Every entry of a State, by instrument and then the newest first; which of them counts on `day`. */
export function authoritiesOf(
  offices: readonly OfficeCard[],
  state: string,
  day: string,
): (Authority & { readonly counts: Counts })[] {
  const entries = all(offices, state);
  return entries
    .map((one) => {
      const same = entries.filter(
        ({ competence }) => competence.instrument === one.competence.instrument,
      );
      const isNewest = newest(same, day)?.competence.id === one.competence.id;
      const counts: Counts = !begun(one, day) ? "later" : isNewest ? "now" : "before";
      return { ...one, counts };
    })
    .sort(
      (a, b) =>
        a.competence.instrument.localeCompare(b.competence.instrument) ||
        b.competence.since.localeCompare(a.competence.since),
    );
}
