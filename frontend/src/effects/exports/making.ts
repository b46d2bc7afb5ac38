/**
 * An export made on this device: its draft is checked as its reader will check it, then kept, then
 * said to be made, and handed out once the log has that, with the proof inside.
 */

import type { ExportRow } from "../../api/exports";
import { equal, utf8 } from "../../bytes";
import { canonical } from "../../canonical";
import type { MadeRecord, WishRecord } from "../../store/exports";
import { keys } from "../../store/records";
import { examine, type Verdict } from "../../verify/court/check";
import { type Contents, checkExport, manifestOf, packExport } from "../../verify/court/file";
import * as form from "../../verify/court/form";
import { learnedFrom } from "../../verify/tlog/grown";
import { type Core, NotPossible } from "../core";
import type { BelievedDirectory } from "../log/believed";
import { directoryLines, proven, withReceipts } from "./carried";
import { digestHex, type Exports } from "./exports";
import { survey } from "./survey";

/** What the page brings along: words, and what writes a PDF, which is as large as the rest of it. */
export type Tools = {
  /** The page that checks it, as it was built. */
  readonly page: Uint8Array;
  /** One text for each of `READMES`. */
  readonly readmes: readonly [string, string, string];
  /** Of what was found sound. */
  readonly pdf: (verdict: Verdict) => Promise<Uint8Array>;
};

export type Directory = () => Promise<BelievedDirectory | null>;

export type MadeExport = {
  readonly file: Blob;
  readonly pdf: Blob;
  /** SHA-256 of the list of files and of the PDF, in hex, as the log names them. */
  readonly bundle: string;
  readonly sha256: string;
};

const WAIT_MS = 1_000;
const TRIES = 20;

/**
 * @throws {NotPossible} `export-unproven` while the log has not all of it: try again in a minute;
 *   `export-unsound` if what would leave is not what its readers could check.
 */
export async function makeExport(
  core: Core,
  exports: Exports,
  row: ExportRow,
  tools: Tools,
  directory: Directory,
): Promise<MadeExport> {
  const record = await exports.wishOf(row);
  const { id } = record.wish;
  // What became of it since this page was told of it.
  const now = (await core.api.exports()).find((one) => one.id === row.id) ?? row;
  const found = await core.vault.read(keys.madeExport(id));
  const kept = found && (await ofThese(core, now, record, found));
  const made = kept ?? {
    ...(await draft(core, now, record, tools, directory)),
    ...(found && { before: found }),
  };
  const pdf = made.contents[form.PDF] ?? new Uint8Array();
  const [bundle, sha256] = [await digestHex(made.manifest), await digestHex(pdf)];
  if (kept === undefined) {
    await core.exclusive(async (tx) => tx.put(keys.madeExport(id), made));
  }
  exports.learn(await core.api.exportMade(row.id, bundle, sha256));
  // The log has this one: the others that were begun may have words that were taken back since.
  const { before, ...only } = made;
  if (before !== undefined || (kept !== undefined && kept !== found)) {
    await core.exclusive(async (tx) => tx.put(keys.madeExport(id), only));
  }
  const receipt = await receiptOfMaking(core, row);
  const file = packExport(made.contents as Contents, made.manifest, utf8.encode(receipt));
  const verdict = await checkExport(file, await ownOf(core, directory));
  requireSound(core, verdict);
  return {
    file,
    pdf: new Blob([new Uint8Array(pdf)], { type: "application/pdf" }),
    bundle,
    sha256,
  };
}

/**
 * The draft that is kept and may be posted. What the log says was made was made, also by a request
 * that came there late, after another one was begun: it is handed out again. Of what never was made
 * words may have been taken back since: then there is none.
 */
async function ofThese(
  core: Core,
  { step, bundle }: ExportRow,
  record: WishRecord,
  last: MadeRecord,
): Promise<MadeRecord | undefined> {
  if (step !== "made") return (await stillTrue(core, record, last)) ? last : undefined;
  for (let one: MadeRecord | undefined = last; one !== undefined; one = one.before) {
    if ((await digestHex(one.manifest)) === bundle) return one;
  }
  return last;
}

async function stillTrue(
  core: Core,
  { wish }: WishRecord,
  { contents }: MadeRecord,
): Promise<boolean> {
  const { lines } = await survey(core, wish.circle, wish.first, wish.last);
  const said = form.linesOf(contents[form.ENTRIES] ?? new Uint8Array()).map(form.parseEntry);
  const plain = (all: readonly Omit<form.EntryLine, "receipt">[]) =>
    form.lines(all.map((one) => ({ ...one, receipt: "" })));
  return equal(plain(said), plain(lines));
}

async function draft(
  core: Core,
  row: ExportRow,
  { wish, signature }: WishRecord,
  tools: Tools,
  directory: Directory,
): Promise<MadeRecord> {
  if (row.step !== "ready") throw new NotPossible("export-over");
  const found = await survey(core, wish.circle, wish.first, wish.last);
  const { entries, proofs } = await withReceipts(core.api, row.id, found.lines);
  const { consent } = row;
  const believed = await directory();
  if (believed === null) throw new NotPossible("log-unchecked");
  const people = await core.people.replayed();
  const owners = entries.flatMap(({ device }) => people.deviceNamed(device)?.person ?? []);
  const carried = await carriedIn(core, wish.circle, wish.first, wish.last);
  const named = [wish.person, ...(consent ? [consent.person] : []), ...owners, ...carried];
  const acts: form.Acts = {
    format: form.FORMAT,
    wish,
    signature,
    asked: proven(proofs.asked),
    chain: found.chain,
    consent: consent && {
      said: {
        v: 1,
        wish: row.wish,
        person: consent.person,
        device: consent.device,
        at: consent.at,
      },
      signature: consent.signature,
      agreed: proven(proofs.agreed),
    },
  };
  const { policy, roots } = await ownOf(core, directory);
  const parts = {
    acts: form.written(acts),
    directory: form.lines(await directoryLines(core.api, believed, [...new Set(named)])),
    entries: form.lines(entries),
    policy,
    roots,
  };
  const verdict = await examine(parts, { policy, roots });
  requireSound(core, verdict);
  const [es, en, fr] = tools.readmes.map(utf8.encode);
  const contents: Contents = {
    "README.es.txt": es ?? new Uint8Array(),
    "README.en.txt": en ?? new Uint8Array(),
    "README.fr.txt": fr ?? new Uint8Array(),
    "verify.html": tools.page,
    "policy.txt": utf8.encode(policy),
    "roots.json": utf8.encode(roots),
    "wish.json": parts.acts,
    "directory.jsonl": parts.directory,
    "entries.jsonl": parts.entries,
    "thread.pdf": await tools.pdf(verdict),
  };
  return { contents, manifest: await manifestOf(contents) };
}

/** Whose words were brought in from elsewhere: of which State they are must be seen. */
async function carriedIn(core: Core, circle: string, first: number, last: number) {
  const lines = await core.vault.list(keys.lines(circle));
  return lines.flatMap(([, line]) => {
    const inside = line.seq >= first && line.seq <= last && line.kind === "message";
    return inside && line.carried !== undefined ? [line.carried.person] : [];
  });
}

/** The policy that this browser believes, and the roots that it was built with. */
async function ownOf(core: Core, directory: Directory) {
  const believed = await directory();
  const { text = "", rotations = "" } = believed ?? {};
  const policy = (await learnedFrom(text, rotations)) ?? text;
  return { policy, roots: new TextDecoder().decode(canonical(core.deps.roots)) };
}

function requireSound(core: Core, verdict: Verdict): void {
  const [first] = verdict.findings;
  if (first === undefined) return;
  // Codes and places alone: what they are of stays here.
  core.report(new Error(`export: ${verdict.findings.map(({ code }) => code).join(" ")}`));
  throw new NotPossible("export-unsound", { code: first.code, at: String(first.at ?? "") });
}

async function receiptOfMaking(core: Core, row: ExportRow): Promise<string> {
  for (let tried = 1; ; tried += 1) {
    try {
      return proven((await core.api.exportProofs(row.id, row.last)).made);
    } catch (error) {
      if (!(error instanceof NotPossible) || tried === TRIES) throw error;
      await core.sleep(WAIT_MS);
    }
  }
}
