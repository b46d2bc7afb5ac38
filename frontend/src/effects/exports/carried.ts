/** The part of the directory's log that an export carries, and the receipts of its entries. */

import type { Api } from "../../api/api";
import type { Proofs } from "../../api/exports";
import type { DirectoryPage } from "../../api/schema";
import { b64u } from "../../bytes";
import { readStatement, type Statement, StatementMalformed } from "../../crypto/statements";
import type { DirectoryLine, EntryLine } from "../../verify/court/form";
import { receiptOf } from "../../verify/court/receipts";
import { entriesFrom } from "../../verify/tlog/entries";
import { leafHash } from "../../verify/tlog/merkle";
import { toBase64 } from "../../verify/tlog/text";
import type { BelievedDirectory } from "../log/believed";
import { NotPossible } from "../problems";

type Said = DirectoryPage["entries"][number];
type Known = { index: number; said: Said; statement: Statement };

/**
 * The directory's checkpoint and every leaf of it: of the people named, of whoever signed for them
 * and of their States' stops what was signed, of all others the hash alone.
 *
 * @throws {NotPossible} `export-unproven` if the log cannot be read whole now.
 */
export async function directoryLines(
  api: Pick<Api, "directoryLog">,
  { note, opened, read }: BelievedDirectory,
  people: readonly string[],
): Promise<DirectoryLine[]> {
  const { size } = opened.checkpoint;
  const leaves = await entriesFrom(0, size, read);
  const said = await openingsOf(api, size);
  const known: Known[] = [];
  for (const one of said) {
    const statement = await readOrNull(one);
    if (statement !== null) known.push({ index: one.index, said: one, statement });
  }
  const chosen = chosenFrom(known, people);
  const lines: DirectoryLine[] = [{ note }];
  for (const [index, leaf] of leaves.entries()) {
    const one = chosen.get(index)?.said;
    if (one?.payload == null || one.salt === null || one.statement === null) {
      lines.push({ hash: toBase64(await leafHash(leaf)) });
      continue;
    }
    const [payload, salt] = [b64u.decode(one.payload), b64u.decode(one.salt)].map(toBase64);
    lines.push({
      leaf: toBase64(leaf),
      payload: payload ?? "",
      salt: salt ?? "",
      statement: one.statement,
    });
  }
  return lines;
}

async function openingsOf(api: Pick<Api, "directoryLog">, size: number): Promise<Said[]> {
  const said: Said[] = [];
  while (said.length < size) {
    const page = (await api.directoryLog(said.length)).entries;
    if (page.length === 0) throw new NotPossible("export-unproven");
    said.push(...page.slice(0, size - said.length));
  }
  return said;
}

async function readOrNull({ statement }: Said): Promise<Statement | null> {
  if (statement === null) return null;
  try {
    return await readStatement(statement);
  } catch (error) {
    if (error instanceof StatementMalformed) return null;
    throw error;
  }
}

/** Until nobody more is needed: whoever signed for somebody has to be somebody as well. */
function chosenFrom(known: readonly Known[], people: readonly string[]): Map<number, Known> {
  const owners = new Map<string, string>();
  for (const { statement } of known) {
    const { fields } = statement;
    if ("key" in fields && "person" in fields) owners.set(fields.key, fields.person);
  }
  const wanted = new Set(people);
  const states = new Set<string>();
  const chosen = new Map<number, Known>();
  for (let before = -1; before !== chosen.size; ) {
    before = chosen.size;
    for (const one of known) {
      const { fields, signers } = one.statement;
      const about = "person" in fields ? wanted.has(fields.person) : states.has(fields.state);
      if (!about || chosen.has(one.index)) continue;
      chosen.set(one.index, one);
      states.add(fields.state);
      for (const key of signers) {
        const owner = owners.get(key);
        if (owner !== undefined) wanted.add(owner);
      }
    }
  }
  return chosen;
}

/** Entries with their receipts. @throws {NotPossible} `export-unproven` while one is not in the log. */
export async function withReceipts(
  api: Pick<Api, "exportProofs">,
  id: string,
  lines: readonly Omit<EntryLine, "receipt">[],
): Promise<{ entries: EntryLine[]; proofs: Proofs }> {
  const first = lines[0]?.seq ?? 1;
  const receipts = new Map<number, string>();
  let proofs = await api.exportProofs(id, first - 1);
  while (proofs.entries.length > 0) {
    for (const one of proofs.entries) receipts.set(one.seq, proven(one));
    proofs = await api.exportProofs(id, Math.max(...receipts.keys()));
  }
  const entries = lines.map((line): EntryLine => {
    const receipt = receipts.get(line.seq);
    if (receipt === undefined) throw new NotPossible("export-unproven");
    return { ...line, receipt };
  });
  return { entries, proofs };
}

/** @throws {NotPossible} `export-unproven` */
export function proven(opening: Parameters<typeof receiptOf>[0] | null): string {
  const receipt = opening && receiptOf(opening);
  if (receipt === null) throw new NotPossible("export-unproven");
  return receipt;
}
