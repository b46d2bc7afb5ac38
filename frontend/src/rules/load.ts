/**
 * The rulebook, fetched when the first draft is opened: it is as large as the rest of the page.
 * What runs its expressions comes with it.
 *
 * It comes as text, so that its version is the hash of the very bytes that were compiled.
 */
import { sha256, utf8 } from "../bytes";
import type { Book, Document } from "./book";

let loading: Promise<Book> | undefined;

/** The one rulebook of this build; a failed download is tried anew at the next call. */
export function loadBook(): Promise<Book> {
  loading ??= import("./rulebook.json?raw").then(
    ({ default: text }) => readBook(text),
    (failure: unknown) => {
      loading = undefined;
      throw failure;
    },
  );
  return loading;
}

/** @throws {Error} if it is of another format. */
export async function readBook(text: string): Promise<Book> {
  const [{ Book }, hash] = await Promise.all([import("./book"), sha256(utf8.encode(text))]);
  const version = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const book = new Book(JSON.parse(text) as Document, version);
  for (const rule of book.rules) book.runnable(rule); // now, not while somebody types
  return book;
}
