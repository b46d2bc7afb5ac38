/** The daily e-mail of counts on the wire. */

import * as v from "valibot";
import type { Call } from "./http";

const text = v.string();
export const OFTEN = ["never", "daily", "weekdays"] as const;

/** The daily e-mail of counts; `folder`: where the demo keeps it, "" elsewhere. */
export const digest = v.object({
  often: v.picklist(OFTEN),
  hour: v.number(),
  zone: text,
  language: v.nullable(v.picklist(["es", "en", "fr"])),
  address: text,
  able: v.boolean(),
  folder: text,
  sent_on: v.nullable(text),
  failed_on: v.nullable(text),
});
export type Digest = v.InferOutput<typeof digest>;
export type DigestChoice = {
  often: Digest["often"];
  hour: number;
  zone: string;
  language: "es" | "en" | "fr";
  address: string;
};

export function digestRoutes(call: Call) {
  return {
    digest: () => call("GET", "/account/digest", digest),
    changeDigest: (choice: DigestChoice) => call("PUT", "/account/digest", digest, choice),
  };
}
