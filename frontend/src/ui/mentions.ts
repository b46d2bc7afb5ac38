/** Naming readers while writing: what is being picked, and who is named in the end. Pure. */

type Named = { readonly id: string; readonly name: string };

const MOST_TYPED = 40;

/** What stands after the "@" that the cursor is at, and where it begins; null outside of one. */
export function pickingAt(text: string, cursor: number): { from: number; typed: string } | null {
  const before = text.slice(Math.max(0, cursor - MOST_TYPED), cursor);
  const found = /(?:^|[\s(¿¡"«])@([\p{L}\p{M}'’ .-]*)$/u.exec(before);
  const typed = found?.[1];
  if (typed === undefined || /\s{2}|\s\S+\s\S+\s\S+\s/u.test(typed)) return null;
  return { from: cursor - typed.length - 1, typed };
}

const plain = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

/** Those whose name, or a word of it, begins with what was typed; accents do not matter. */
export function matching<T extends Named>(people: readonly T[], typed: string): T[] {
  const wanted = plain(typed);
  return people.filter(({ name }) => {
    const whole = plain(name);
    return whole.startsWith(wanted) || whole.split(/\s+/).some((word) => word.startsWith(wanted));
  });
}

/** The text with the name in place of what was typed, and where the cursor goes. */
export function picked(
  text: string,
  cursor: number,
  from: number,
  name: string,
): { text: string; cursor: number } {
  const named = `@${name} `;
  return { text: text.slice(0, from) + named + text.slice(cursor), cursor: from + named.length };
}

/** Whom a text names: of two whose names begin alike, the longer counts where it stands. */
export function mentionedIn(text: string, people: readonly Named[]): string[] {
  const sorted = [...people].sort((a, b) => b.name.length - a.name.length);
  const found = new Set<string>();
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    const named = sorted.filter(({ name }) => text.startsWith(`@${name}`, at));
    const longest = named[0]?.name.length;
    for (const one of named) if (one.name.length === longest) found.add(one.id);
  }
  return [...found];
}
