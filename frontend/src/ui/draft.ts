/** One draft in several tabs: pure. */

type Texts = {
  /** The draft that this tab and the others last agreed on. */
  base: string;
  /** What stands in this tab's field. */
  local: string;
  /** What the device keeps now. */
  incoming: string;
};

/** What to show: news of other tabs, unless this one has typed something that is not kept yet. */
export function merged({ base, local, incoming }: Texts): string {
  return local === base ? incoming : local;
}
