/** What the rows of a quarter's indicators are called, and the same as CSV: pure but for words. */

import type { Counts, Indicators, Times } from "../../api/indicators";
import type { Book } from "../../rules/book";
import { csv } from "../directory/csv";
import { groundName } from "../dossiers/grounds";
import { BANDS } from "../dossiers/words";
import { STEP, STEPS } from "../notes/steps";
import type { Language } from "../preferences.svelte";
import { type Key, t } from "../words";

export const RULE = "rule:";
/** Before the code of a row of what other States asked this one: of other requests than its own. */
export const RECEIVED = "received:";

type Row = { title: Key; explain: Key; cells?: Readonly<Record<string, Key>> };

const NOTES = Object.fromEntries(STEPS.map((step) => [step, STEP[step]]));

/** The rows of counts in the order of the page; one that has no named cells brings its own. */
export const COUNTS: Readonly<Record<string, Row>> = {
  "first-time-right": {
    title: "ind.right",
    explain: "ind.rightExplain",
    cells: { right: "ind.right.right", asked: "ind.right.asked", returned: "ind.right.returned" },
  },
  returns: { title: "ind.returns", explain: "ind.returnsExplain" },
  refusals: { title: "ind.refusals", explain: "ind.refusalsExplain" },
  "refusals-in-part": { title: "ind.refusalsInPart", explain: "ind.refusalsInPartExplain" },
  "assets-traced": { title: "ind.assets.traced", explain: "ind.assetsExplain", cells: BANDS },
  "assets-frozen": { title: "ind.assets.frozen", explain: "ind.assetsExplain", cells: BANDS },
  "assets-confiscated": {
    title: "ind.assets.confiscated",
    explain: "ind.assetsExplain",
    cells: BANDS,
  },
  "assets-returned": { title: "ind.assets.returned", explain: "ind.assetsExplain", cells: BANDS },
  asked: {
    title: "ind.asked",
    explain: "ind.askedExplain",
    cells: { "0": "ind.asked.0", "1": "ind.asked.1", "2": "ind.asked.2", "3": "ind.asked.3" },
  },
  urgent: {
    title: "ind.urgent",
    explain: "ind.urgentExplain",
    cells: { urgent: "ind.urgent.urgent", ordinary: "ind.urgent.ordinary" },
  },
  deadlines: {
    title: "ind.deadlines",
    explain: "ind.deadlinesExplain",
    cells: {
      met: "ind.deadlines.met",
      missed: "ind.deadlines.missed",
      none: "ind.deadlines.none",
    },
  },
  preserved: {
    title: "ind.preserved",
    explain: "ind.preservedExplain",
    cells: {
      preserved: "ind.preserved.yes",
      "not-preserved": "ind.preserved.no",
      other: "ind.preserved.other",
    },
  },
  protection: {
    title: "ind.protection",
    explain: "ind.protectionExplain",
    cells: { met: "ind.protection.met", aside: "ind.protection.aside" },
  },
  "non-liability": {
    title: "ind.nonLiability",
    explain: "ind.nonLiabilityExplain",
    cells: { changes: "ind.nonLiability.changes", returned: "ind.nonLiability.returned" },
  },
  corridors: { title: "ind.corridors", explain: "ind.corridorsExplain" },
  consultations: {
    title: "ind.consultations",
    explain: "ind.consultationsExplain",
    cells: {
      "in-time": "ind.consultations.in-time",
      late: "ind.consultations.late",
      overdue: "ind.consultations.overdue",
      "taken-back": "ind.consultations.taken-back",
    },
  },
  "after-consulting": {
    title: "ind.afterConsulting",
    explain: "ind.afterConsultingExplain",
    cells: {
      formal: "ind.afterConsulting.formal",
      solved: "ind.afterConsulting.solved",
      "given-up": "ind.afterConsulting.given-up",
    },
  },
  notes: { title: "notes.title", explain: "ind.notesExplain", cells: NOTES },
  directory: {
    title: "nav.directory",
    explain: "ind.directoryExplain",
    cells: { fresh: "ind.directory.fresh", stale: "ind.directory.stale" },
  },
};

export const TIMES: Readonly<Record<string, Row>> = {
  drafting: { title: "ind.drafting", explain: "ind.draftingExplain" },
  acknowledgement: { title: "ind.acknowledgement", explain: "ind.acknowledgementExplain" },
  "acknowledgement-corridors": {
    title: "ind.acknowledgementBy",
    explain: "ind.acknowledgementExplain",
  },
  execution: { title: "ind.execution", explain: "ind.executionExplain" },
  "execution-corridors": { title: "ind.executionBy", explain: "ind.executionExplain" },
  "execution-parts": { title: "ind.executionParts", explain: "ind.executionPartsExplain" },
  postponement: { title: "ind.postponement", explain: "ind.postponementExplain" },
  "first-answer": { title: "ind.firstAnswer", explain: "ind.firstAnswerExplain" },
  "first-answer-corridors": { title: "ind.firstAnswerBy", explain: "ind.firstAnswerExplain" },
};

/** The cells of a rule's row: whether it was set aside, and whether a defect came of it. */
const EFFECT: Readonly<Record<string, Key | undefined>> = {
  "aside-faulty": "ind.effect.aside-faulty",
  "aside-right": "ind.effect.aside-right",
  "met-faulty": "ind.effect.met-faulty",
  "met-right": "ind.effect.met-right",
};

/** The rulebook's names of measures; none until it is there. */
export function wordsOf(book: Book | null, language: Language): Map<string, string> {
  return new Map([...(book?.measures ?? [])].map(([id, { label }]) => [id, label[language]]));
}

/** The code of a row without who asked. */
function plain(code: string): string {
  return code.startsWith(RECEIVED) ? code.slice(RECEIVED.length) : code;
}

/** What a row is, whoever asked; undefined of one that this page does not know. */
export function rowOf(code: string): Row | undefined {
  return COUNTS[plain(code)] ?? TIMES[plain(code)];
}

/** What a row is called, with who asked where that were others. */
export function titleOf(code: string): string {
  const title = rowOf(code)?.title;
  const said = title === undefined ? code : t(title);
  return code.startsWith(RECEIVED) ? t("ind.received", { title: said }) : said;
}

/** Rows in the order of the page: of what was asked by this State, or of what it received. */
export function inOrder<One extends Counts | Times>(
  names: Readonly<Record<string, Row>>,
  rows: readonly One[] | undefined,
  before: "" | typeof RECEIVED,
): One[] {
  return Object.keys(names).flatMap(
    (code) => rows?.filter((row) => row.code === `${before}${code}`) ?? [],
  );
}

/** What a row's cells are shares of; of returns that is what was transmitted in the quarter. */
export function sharedOf(found: Indicators, row: Counts): number | null {
  if (rowOf(row.code) === undefined || plain(row.code) === "notes") return null;
  if (plain(row.code) !== "returns") return row.whole;
  const before = row.code.startsWith(RECEIVED) ? RECEIVED : "";
  return found.counts.find(({ code }) => code === `${before}urgent`)?.whole ?? null;
}

/** What a cell or a group is called; `measures` are the rulebook's words, by id. */
export function nameOf(code: string, name: string, measures: ReadonlyMap<string, string>): string {
  const fixed =
    COUNTS[plain(code)]?.cells?.[name] ?? (code.startsWith(RULE) ? EFFECT[name] : undefined);
  if (fixed !== undefined) return t(fixed);
  if (name === "") return t("ind.all");
  if (name === "several") return t("ind.several");
  if (name === "none") return t("ind.noMeasure");
  const ground = groundName(name);
  if (ground !== undefined) return ground;
  if (/^[A-Z]{2}-[A-Z]{2}$/.test(name)) return name.replace("-", " → ");
  return measures.get(name) ?? name;
}

/** The cells of a row in the order in which it names them, else by number, the largest first. */
export function ordered(row: Counts): Array<[string, number | null]> {
  const named = Object.keys(COUNTS[plain(row.code)]?.cells ?? {});
  const cells = Object.entries(row.cells);
  if (named.length > 0) return cells.sort(([a], [b]) => named.indexOf(a) - named.indexOf(b));
  return cells.sort(([a, m], [b, n]) => (n ?? 0) - (m ?? 0) || a.localeCompare(b));
}

/** Whether there is anything in a row, told or not. */
export function anything(row: Counts | Times): boolean {
  if ("cells" in row) return Object.values(row.cells).some((count) => count !== 0);
  return row.groups.some(({ count }) => count !== 0);
}

/** The rows that the log holds no acts for yet, in the order of the page. */
export function unrecordedOf(found: Indicators | null): Row[] {
  return Object.entries({ ...COUNTS, ...TIMES })
    .filter(([code]) => found?.unrecorded.includes(code))
    .map(([, row]) => row);
}

/** A share in whole percent; null where a number is not told, or there is nothing to share. */
export function percent(part: number | null | undefined, whole: number | null): number | null {
  if (part === null || part === undefined || whole === null || whole === 0) return null;
  return Math.round((100 * part) / whole);
}

type Side = { faulty: number | null; whole: number | null; rate: number | null };
export type Effect = { rule: string; aside: Side; met: Side };

/** How often a defect by a rule came of what left with it set aside, and of what left without. */
export function effects(found: Indicators): Effect[] {
  const side = (row: Counts, name: "aside" | "met"): Side => {
    const right = row.cells[`${name}-right`] ?? null;
    const faulty = row.cells[`${name}-faulty`] ?? null;
    const whole = right === null || faulty === null ? null : right + faulty;
    return { faulty, whole, rate: percent(faulty, whole) };
  };
  return found.counts
    .filter(({ code }) => code.startsWith(RULE))
    .map((row) => ({
      rule: row.code.slice(RULE.length),
      aside: side(row, "aside"),
      met: side(row, "met"),
    }));
}

/** The quarters that can be asked for, the newest first: those that are over, or the `running` one too. */
export function quartersTo(now: Date, running: boolean): string[] {
  const settled = new Date(now.getTime() - (running ? 0 : 86_400_000));
  const last = settled.getUTCFullYear() * 4 + Math.floor(settled.getUTCMonth() / 3);
  const real = now.getUTCFullYear() * 4 + Math.floor(now.getUTCMonth() / 3);
  const found = [];
  for (let at = running ? last : last - 1; at > real - 8; at -= 1) {
    found.push(`${Math.floor(at / 4)}-Q${(at % 4) + 1}`);
  }
  return found;
}

export function quarterName(quarter: string): string {
  return t("ind.quarterName", { number: quarter.slice(-1), year: quarter.slice(0, 4) });
}

/** All of it for a spreadsheet: a number a line, empty where it is not told; times in seconds. */
export function asCsv(found: Indicators, measures: ReadonlyMap<string, string>): string {
  const said = (value: number | null): string => (value === null ? "" : String(value));
  const counts = found.counts.flatMap((row) =>
    ordered(row).map(([name, count]) => [
      row.code,
      name,
      nameOf(row.code, name, measures),
      said(count),
      "",
      "",
      said(percent(count, sharedOf(found, row))),
    ]),
  );
  const times = found.times.flatMap((row) =>
    row.groups.map(({ name, count, median, ninth }) => [
      row.code,
      name,
      nameOf(row.code, name, measures),
      said(count),
      said(median),
      said(ninth),
      "",
    ]),
  );
  const head = [
    t("ind.csvRow"),
    t("ind.csvCode"),
    t("ind.csvName"),
    t("ind.count"),
    t("ind.csvMedian"),
    t("ind.csvNinth"),
    t("ind.csvShare"),
  ];
  return csv(head, [...counts, ...times]);
}
