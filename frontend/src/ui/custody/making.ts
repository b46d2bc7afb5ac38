/** What the page brings to an export: the page that checks it, words, and what writes its PDF. */

import type { MadeExport } from "../../effects/exports/making";
import type { Verdict } from "../../verify/court/check";
import type { ExportRow } from "../client";
import { download } from "../download";
import { shown } from "../errors";
import type { Hub } from "../hub.svelte";
import { preferences } from "../preferences.svelte";

const PAGE = `${import.meta.env.BASE_URL}verify.html`;

/** @throws {TypeError} without a network */
async function checkingPage(): Promise<Uint8Array> {
  const answer = await fetch(PAGE, { credentials: "same-origin" });
  if (!answer.ok) throw Object.assign(new Error("no page"), { code: "export-page" });
  return new Uint8Array(await answer.arrayBuffer());
}

export async function make(hub: Hub, row: ExportRow): Promise<MadeExport> {
  const { writeMarked } = await import("../../documents/marked");
  const { sayAny } = await import("../../documents/words");
  const { sheetOf } = await import("./sheet");
  const page = await checkingPage();
  const { language } = preferences;
  const readmes = (["es", "en", "fr"] as const).map((one) => sayAny(one, "bundle.court.readme"));
  const [es = "", en = "", fr = ""] = readmes;
  const nameOf = (person: string): string => hub.person(person)?.name ?? person;
  const pdf = async (verdict: Verdict) =>
    writeMarked(await sheetOf(verdict, { language, nameOf, now: Date.now() }));
  return hub.proven(() => hub.client.exports.make(row, { page, readmes: [es, en, fr], pdf }));
}

/** A plain name: what the case is called says more than a file's name should. */
export function hand(row: ExportRow, made: MadeExport): void {
  const name = `export-${row.id.slice(0, 8)}`;
  download(`${name}.zip`, made.file);
  download(`${name}.pdf`, made.pdf);
}

export const codeOf = (error: unknown): string => shown(error).code;
