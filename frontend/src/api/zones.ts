/** Where each State's capital is, as the server's calendars have it. */

import zones from "./zones.json";

const ZONES: Readonly<Record<string, string>> = zones;

/** The zone of a State's capital; of the region, or nobody's State, UTC. */
export function capitalZone(state: string | undefined): string {
  return (Object.hasOwn(ZONES, state ?? "") && ZONES[state ?? ""]) || "UTC";
}
