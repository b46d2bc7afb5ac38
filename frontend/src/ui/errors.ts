/** What to tell a person when something was refused: code, what happened, what to do. */

import catalogue from "../../../casehub/core/errors.json";
import { type Language, preferences } from "./preferences.svelte";
import { say } from "./words";

export type ShownError = { code: string; message: string; do: string };

type Words = { message: string; do: string };
type Entry = Partial<Record<Language, Words>>;

const known: Readonly<Record<string, Entry | undefined>> = catalogue;

function textOf(value: object, field: string): string {
  const found: unknown = Reflect.get(value, field);
  return typeof found === "string" ? found : "";
}

/** The words for `code`, in the shared catalogue if it is there. */
export function wordsOf(code: string, language: Language = preferences.language): ShownError {
  const entry = known[code]?.[language];
  if (entry !== undefined) return { code, message: entry.message, do: entry.do };
  if (code === "unreachable") {
    return {
      code,
      message: say(language, "error.unreachable"),
      do: say(language, "error.unreachable.do"),
    };
  }
  return { code, message: say(language, "error.unknown"), do: say(language, "error.unknown.do") };
}

/**
 * The words for anything thrown.
 *
 * What the server said in the person's language wins; then the catalogue by code; an error of the
 * browser (a passkey dialog that was closed) by its name. Never the text of an unknown exception:
 * it is written for programmers and may quote content.
 */
export function shown(error: unknown): ShownError {
  if (typeof error !== "object" || error === null) return wordsOf("unexpected");
  const code = textOf(error, "code");
  const name = textOf(error, "name");
  if (name === "NotAllowedError" || name === "AbortError") {
    return {
      code: "passkey-cancelled",
      message: say(preferences.language, "error.passkeyCancelled"),
      do: say(preferences.language, "error.passkeyCancelled.do"),
    };
  }
  if (code === "") return wordsOf("unexpected");
  const remedy = textOf(error, "do");
  if (remedy !== "") return { code, message: textOf(error, "message"), do: remedy };
  return wordsOf(code);
}
