/** The little rulebook of tests/rules/little. */
import { readFileSync } from "node:fs";
import { Book, type Document } from "../../src/rules/book";

const vectors = new URL("../../../tests/vectors/rules/", import.meta.url);
export const readVector = (name: string): string => readFileSync(new URL(name, vectors), "utf8");

export const little = new Book(JSON.parse(readVector("little.json")) as Document, "little");
