/** What is proposed to be told to a focal point: all that they are asked about, and not the draft. Pure. */

import type { Book, Draft } from "../../rules/book";
import { measureTypes, textAt } from "../requests/document";
import { languageName } from "../requests/languages";
import { measureName } from "../requests/lawWords";
import { listed, t } from "../words";

/**
 * The facts in short, which measures, to which authority and in which language; no names of people.
 * Empty where the draft says nothing of its facts: whoever asks writes them.
 */
export function summaryOf(book: Book, draft: Draft): string {
  const facts = textAt(draft, "facts.summary").trim();
  if (facts === "") return "";
  const measures = measureTypes(book, draft).map((type) => measureName(book, type));
  const authority = textAt(draft, "central_authority.to_name").trim();
  const language = textAt(draft, "translation.sent_in") || draft.language;
  const lines = [
    ...(measures.length > 0 ? [t("consult.summaryMeasures", { measures: listed(measures) })] : []),
    ...(authority === "" ? [] : [t("consult.summaryAuthority", { authority })]),
    t("consult.summaryLanguage", { language: languageName(language) }),
  ];
  return `${facts}\n\n${lines.join("\n")}`;
}
