/** What the drafters left each other to look at, by section of the form. Pure. */

type Comment = { readonly section: string; readonly resolved: unknown };

/** How many comments of each section nobody has marked as resolved. */
export function openOf(comments: readonly Comment[]): ReadonlyMap<string, number> {
  const open = new Map<string, number>();
  for (const { section, resolved } of comments) {
    if (resolved === null) open.set(section, (open.get(section) ?? 0) + 1);
  }
  return open;
}
