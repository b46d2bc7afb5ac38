/** One part of a language's words; made by patches/words.mjs. */
declare module "virtual:casehub-words/*" {
  const words: {
    readonly said: Partial<typeof import("./words/es.json")>;
    /** By code, from casehub/core/errors.json. */
    readonly refusals: Readonly<Record<string, { message: string; do: string }>>;
  };
  export default words;
}
