/**
 * What French asks of sentences that no catalogue can write down: the article of a State's name, and
 * the space before some marks. Pure.
 *
 * A catalogue writes "du {state}" and "au {state}", as it would of Honduras; each State is then named
 * with its own article: "de la République dominicaine", "des États-Unis d’Amérique".
 */

type Gender = "le" | "la" | "les";
/** The members of the Regional Conference on Migration, as the directory and as browsers name them. */
const STATES: ReadonlyMap<string, Gender> = new Map<string, Gender>([
  ["Belize", "le"],
  ["Canada", "le"],
  ["Costa Rica", "le"],
  ["République dominicaine", "la"],
  ["Salvador", "le"],
  ["Guatemala", "le"],
  ["Honduras", "le"],
  ["Mexique", "le"],
  ["Nicaragua", "le"],
  ["Panama", "le"],
  ["États-Unis", "les"],
  ["États-Unis d’Amérique", "les"],
]);
const JOINED: Readonly<Record<"du" | "au", Readonly<Record<Gender, string>>>> = {
  du: { le: "du ", la: "de la ", les: "des " },
  au: { le: "au ", la: "à la ", les: "aux " },
};
const AS_WRITTEN = /\b([Dd]u|[Aa]u) \{(state|states|own|owner|from|to)\}/g;
const AND = " et ";

/** A message with the space, unbreakable, that stands before a high mark and inside guillemets. */
export const spaced = (message: string): string =>
  message.replace(/ (?=[:;?!»](?![\p{L}]))/gu, "\u00a0").replaceAll("« ", "«\u00a0");

/** A message that asks, in place of an article and a name, for both in one argument. */
export const asking = (message: string): string =>
  message.replace(AS_WRITTEN, (_, article: string, name: string) => `{${article}_${name}}`);

/** The arguments of a message, and each again as `asking` asks for it. */
export function answered<A extends string | number>(
  args: Readonly<Record<string, A>> | undefined,
): Record<string, string | A> | undefined {
  if (args === undefined) return undefined;
  const all: Record<string, string | A> = { ...args };
  for (const [name, value] of Object.entries(args)) {
    for (const article of ["du", "au"] as const) {
      const words = withArticle(article, String(value));
      all[`${article}_${name}`] = words;
      all[`${article === "du" ? "Du" : "Au"}_${name}`] = words[0]?.toUpperCase() + words.slice(1);
    }
  }
  return all;
}

/** One State or several after "de" or "à"; what is no State that we know keeps the bare word. */
export function withArticle(article: "du" | "au", names: string): string {
  const [last = "", ...before] = names.split(AND).reverse();
  const each = before.length === 0 ? [last] : [...(before[0] ?? "").split(", "), last];
  const joined = each.map((name) => {
    const gender = STATES.get(name.replace("'", "’"));
    return gender === undefined ? null : JOINED[article][gender] + name;
  });
  if (before.length < 2 && joined.every((one) => one !== null)) {
    return [joined.slice(0, -1).join(", "), joined.at(-1)].filter(Boolean).join(AND);
  }
  if (article === "au") return `à ${names}`;
  return /^[aeiouyhàâéèêîôœ]/i.test(names) ? `d’${names}` : `de ${names}`;
}
