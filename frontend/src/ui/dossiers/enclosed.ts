/** Files that are chosen where a letter is typed: whether they can go, and what evidence they are. */

import { b64u, hex } from "../../bytes";
import type { UploadView } from "../client";

/** A letter leaves with all of its files or not at all. */
export const areOnTheirWay = (files: readonly UploadView[]): boolean =>
  files.some(({ phase }) => phase !== "ready");

/** Whether one of them goes on only once somebody does something about it. */
export const doNotGoOn = (files: readonly UploadView[]): boolean =>
  files.some(({ phase }) => phase === "asleep" || phase === "failed");

/** Their SHA-256, hex, each once: as evidence is recorded in a step. */
export const digestsOf = (files: readonly UploadView[]): string[] => [
  ...new Set(
    files.flatMap(({ sha256 }) => (sha256 === null ? [] : [hex.encode(b64u.decode(sha256))])),
  ),
];
