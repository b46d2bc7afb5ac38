/** What others' programs make of our documents: LibreOffice of the DOCX, poppler of the PDF. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fullDraft } from "../../tests/documents/draft";
import { LETTERHEAD } from "../../tests/documents/letterhead";
import type { Book } from "../rules/book";
import { readBook } from "../rules/load";
import { staysWithDrafters } from "./kept";
import { type FormalKind, makeFormal } from "./make";

const PATH = (process.env.PATH ?? "").split(delimiter);
const lacking = (...programs: readonly string[]): string =>
  programs.filter((one) => !PATH.some((folder) => existsSync(join(folder, one)))).join(", ");

const place = mkdtempSync(join(tmpdir(), "casehub-opened-"));
afterAll(() => rmSync(place, { recursive: true }));

const run = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

let book: Book;
let written: string[];
beforeAll(async () => {
  book = await readBook(readFileSync(join(import.meta.dirname, "../rules/rulebook.json"), "utf8"));
  written = [...fullDraft(book).written].flatMap(([at, text]) => (stays(at) ? [] : [text]));
});

const stays = (pointer: string): boolean => {
  const [section = "", first = "", second] = pointer.split(".");
  return staysWithDrafters(section, /^\d+$/.test(first) ? second : first);
};

/** A file of the draft that has something in every question, on a letterhead. */
async function file(kind: FormalKind): Promise<string> {
  const { draft } = fullDraft(book);
  const given = { book, draft, language: "es", reference: "SV-2026-0147", version: 3 } as const;
  const { bytes } = await makeFormal(kind, { ...given, letterhead: LETTERHEAD, template: null });
  const path = join(place, `request.${kind}`);
  writeFileSync(path, bytes);
  return path;
}

/** Words of the draft that a text lacks. */
function missing(text: string): string[] {
  const there = new Set(text.normalize("NFC").split(/\s+/));
  return [...new Set(written.flatMap((one) => one.split(/\s+/)))].filter((one) => !there.has(one));
}

/** A page as grey dots, from a PGM of eight bits: whether there is ink between head and foot. */
function isBlank(path: string): boolean {
  const bytes = readFileSync(path);
  const head = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 32).toString("latin1"));
  if (head === null) throw new Error("no page");
  const [all, width, height] = [head[0].length, Number(head[1]), Number(head[2])];
  const from = all + width * Math.round(height * 0.12);
  return !bytes.subarray(from, all + width * Math.round(height * 0.88)).some((dot) => dot < 128);
}

it("is missed what is not there", () => {
  expect(missing("").length).toBeGreaterThan(200);
  const white = join(place, "white.pgm");
  writeFileSync(white, Buffer.concat([Buffer.from("P5\n9 9\n255\n"), Buffer.alloc(81, 255)]));
  expect(isBlank(white)).toBe(true);
  rmSync(white);
});

describe("a document of a draft that is full", () => {
  it("is opened by LibreOffice, with every word", async (test) => {
    const without = lacking("soffice");
    test.skip(without !== "", `not here: ${without}`);
    const docx = await file("docx");
    const own = `-env:UserInstallation=file://${join(place, "profile")}`;
    const to = ["--convert-to", "txt:Text (encoded):UTF8", "--outdir", place];
    run("soffice", own, "--headless", ...to, docx);
    expect(missing(readFileSync(join(place, "request.txt"), "utf8"))).toEqual([]);
  }, 120_000);

  it("is opened by poppler, with every word, and no page of it is blank", async (test) => {
    const without = lacking("pdftotext", "pdftoppm");
    test.skip(without !== "", `not here: ${without}`);
    const pdf = await file("pdf");
    expect(missing(run("pdftotext", "-raw", pdf, "-"))).toEqual([]);
    run("pdftoppm", "-gray", "-r", "40", pdf, join(place, "page"));
    const pages = readdirSync(place).filter((one) => one.endsWith(".pgm"));
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.filter((one) => isBlank(join(place, one)))).toEqual([]);
  }, 60_000);
});
