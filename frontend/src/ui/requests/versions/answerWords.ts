/** An answer as a person reads it. */

import type { Json } from "../../../canonical";
import type { Book, Field } from "../../../rules/book";
import { t } from "../../words";
import { isBox } from "../document";
import { optionsOf, said } from "../lawWords";

export function answerWords(book: Book, field: Field | null, value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) {
    return value
      .filter((one) => typeof one === "string")
      .map((one) => chosen(book, field, one))
      .join("\n");
  }
  if (isBox(value)) return `${value.from ?? ""} – ${value.to ?? ""}`;
  return typeof value === "string" ? chosen(book, field, value) : "";
}

function chosen(book: Book, field: Field | null, value: string): string {
  if (field === null || value === "") return value;
  if (field.kind === "yes_no") return value === "yes" ? t("field.yes") : t("field.no");
  if (field.kind !== "choice" && field.kind !== "choices") return value;
  const option = optionsOf(book, field).find((one) => one.value === value);
  return option === undefined ? value : said(option.label);
}
