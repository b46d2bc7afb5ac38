/** One draft in several tabs, and how much of it fits: pure. */

/** Bytes of UTF-8 that fit the largest padded envelope (32 KiB) with room for its other fields. */
const MAX_BYTES = 30_000;

/** How many bytes too many a text has; not above 0 where it fits. */
export function excess(text: string): number {
  return new TextEncoder().encode(text).length - MAX_BYTES;
}

/** The words, and what goes along with them as {@link said} puts it. */
export type Written = { text: string; along: string };

type Tabs = {
  /** What this tab and the others last agreed on. */
  base: Written;
  /** What stands in this tab's field, and below it. */
  local: Written;
  /** What the device keeps now. */
  incoming: Written;
  /** Whether something of this tab is on its way to the disk. */
  holds: boolean;
};

/**
 * What to show: news of other tabs, unless this one has typed or chosen something that is not kept
 * yet. Words and terms come together: nobody's words are shown under another's terms.
 */
export function merged({ base, local, incoming, holds }: Tabs): Written {
  const untouched = local.text === base.text && local.along === base.along;
  return untouched && !holds ? incoming : local;
}
