/** Why somebody was stopped, by code: picked after the stop, never before. */

import type { Key } from "../words";

export const REASONS: readonly { code: string; words: Key }[] = [
  { code: "device-lost", words: "stopping.reason.device-lost" },
  { code: "key-exposed", words: "stopping.reason.key-exposed" },
  { code: "misuse", words: "stopping.reason.misuse" },
  { code: "left-post", words: "stopping.reason.left-post" },
  { code: "on-leave", words: "stopping.reason.on-leave" },
  { code: "drill", words: "stopping.reason.drill" },
  { code: "other", words: "stopping.reason.other" },
];
