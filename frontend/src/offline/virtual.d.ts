/** The words of this page, by language and key; made by patches/offline-words.mjs. */
declare module "virtual:casehub-offline-words" {
  const words: Readonly<Record<"es" | "en" | "fr", Readonly<Record<string, string>>>>;
  export default words;
}
