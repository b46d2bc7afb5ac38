/** How far the translation of a text is. */

import type { Key } from "../words";
import type { TranslationStatus } from "./document";

export const STATUSES: readonly TranslationStatus[] = ["pending", "draft", "reviewed"];

export const STATUS_WORDS: Readonly<Record<TranslationStatus, Key>> = {
  pending: "translation.pending",
  draft: "translation.draft",
  reviewed: "translation.reviewed",
};
