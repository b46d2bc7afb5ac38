/** What happens to a file between the person who chose it and its upload. */

import { metadataOf, withoutMetadata } from "../../files/metadata";
import type { UploadActs, UploadView } from "../client";

/** Whether some of them are pictures into which more is written than they show; a place among it. */
export async function looked(
  files: readonly File[],
): Promise<{ telling: boolean; place: boolean }> {
  const found = await Promise.all(files.map(metadataOf));
  return { telling: found.some(({ any }) => any), place: found.some(({ place }) => place) };
}

export async function attached(
  acts: UploadActs,
  at: string,
  file: File,
  strip: boolean,
): Promise<void> {
  const bare = strip ? await withoutMetadata(file) : file;
  const { name, type } = file;
  const { size } = bare;
  const slice = (from: number, to: number): Blob => bare.slice(from, to);
  const { any, place } = await metadataOf(file);
  const tells = place ? "place" : "something";
  const how = { stripped: bare !== file, ...(any && bare === file && ({ tells } as const)) };
  await acts.attach(at, { name, type, size, slice }, how);
}

/** The same file again, after its bytes were lost with the page; prepared as it was then. */
export async function againWith(
  acts: UploadActs,
  at: string,
  { id, stripped }: UploadView,
  file: File,
): Promise<void> {
  const { name, type } = file;
  const bare = stripped ? await withoutMetadata(file) : file;
  const { size } = bare;
  const slice = (from: number, to: number): Blob => bare.slice(from, to);
  await acts.attachAgain(at, id, { name, type, size, slice });
}
