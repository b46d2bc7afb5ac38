/**
 * A bundle read again by somebody who believes nothing in it. Python: audit/bundles/checking.py;
 * the same checks in the same order, with the same codes.
 */

import { concat, equal, hex, sha256, utf8 } from "../../bytes";
import { verifies } from "../../crypto/ed25519";
import { leafHash, verifyInclusion } from "../tlog/merkle";
import { type Key, parseNote, signaturesOf } from "../tlog/note";
import { type Opened, Policy } from "../tlog/policy";
import { parseProof } from "../tlog/proof";
import { Malformed, Unproven } from "../tlog/refusal";
import { fromBase64, toBase64 } from "../tlog/text";
import { type Chain, explained, type Happened, tells } from "./explaining";
import * as form from "./form";
import { Retelling, type Story } from "./retelling";
import { DEFLATED, type Member, membersOf, NotABundle, packedOf, STORED, unpacked } from "./zip";

const MOST = 20; // findings; after so many nobody needs more
const LONGEST_LINE = 256 * 1024; // bytes
const COMMITTED = utf8.encode("casehub-audit-event/1");

export type Code =
  | "archive"
  | "manifest"
  | "files"
  | "file"
  | "policy"
  | "checkpoint"
  | "line"
  | "order"
  | "filter"
  | "proof"
  | "commitment"
  | "time"
  | "gap"
  | "count"
  | "table"
  | "statements";

/** One thing that is not as it should be; `at` is an index or the name of a file. */
export type Finding = { readonly code: Code; readonly at: number | string | null };

export type Verdict = {
  readonly findings: Finding[];
  manifest: form.Manifest | null;
  /** Keys of the log whose signature stands under the checkpoint. */
  signed: readonly Key[];
  /** How many witnesses the policy knows, and when which of them cosigned. */
  witnesses: number;
  cosigned: ReadonlyMap<string, number>;
  readonly conditions: Map<form.Condition, number>;
  /** How people came to act, as far as opened entries say so. */
  chains: readonly Chain[];
  /** What became of each request, as far as opened entries say so. */
  stories: readonly Story[];
};

/** Nothing after this can be checked. */
class Enough extends Error {}

/** RFC 8032 section 7.1, test 1: whether this browser can check signatures of this kind at all. */
export function canCheck(): Promise<boolean> {
  const key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
  const signature =
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155" +
    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
  return verifies(hex.decode(key), hex.decode(signature), new Uint8Array());
}

/**
 * Check a bundle; `passing` hears after each thousand entries how many were checked.
 *
 * `policy` is the reader's own policy file, or null: then the bundle's own keys are believed, which
 * shows that it is of one piece, and not who made it.
 *
 * @throws {Malformed} if the reader's own policy is none.
 * @throws {TooLarge} if a file in it cannot be read here.
 */
export async function checkBundle(
  file: Blob,
  policy: string | null,
  passing: (count: number, of: number) => void = () => {},
): Promise<Verdict> {
  const checking = new Checking(file, policy === null ? null : await Policy.parse(policy), passing);
  try {
    await checking.run();
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return checking.verdict;
}

class Checking {
  readonly verdict: Verdict = {
    findings: [],
    manifest: null,
    signed: [],
    witnesses: 0,
    cosigned: new Map(),
    conditions: new Map(),
    chains: [],
    stories: [],
  };
  #members = new Map<string, Member>();
  /** Digests that opened events name. */
  #named = new Set<string>();
  readonly #happened: Happened[] = [];
  readonly #retelling = new Retelling();
  #said = new Map<string, Uint8Array>();
  #count = 0;
  #last = -1;

  constructor(
    private readonly file: Blob,
    private readonly own: Policy | null,
    private readonly passing: (count: number, of: number) => void,
  ) {}

  async run(): Promise<void> {
    const manifest = await this.#manifest();
    await this.#files(manifest);
    const { opened, note } = await this.#checkpoint(manifest);
    const table = await this.#content(form.TABLE);
    let [place, same] = [0, true];
    const compare = (row: Uint8Array) => {
      same &&= equal(table.subarray(place, place + row.length), row);
      place += row.length;
    };
    compare(utf8.encode(form.HEAD));
    for (let number = 1; number <= Math.ceil(manifest.entries / form.PART); number += 1) {
      for (const [line, where] of await this.#lines(form.partOf(number))) {
        const entry = await this.#entry(line, where, manifest, opened, note);
        if (entry === null) continue;
        compare(form.rowOf(entry));
        const digest = entry.opened === null ? null : form.namedIn(entry.opened.event);
        if (digest !== null) this.#named.add(digest);
        if (entry.opened !== null) {
          const happened = { index: entry.index, time: entry.time, event: entry.opened.event };
          if (tells(happened.event)) this.#happened.push(happened);
          this.#retelling.take(happened);
        }
      }
      this.passing(this.#count, manifest.entries);
    }
    const { first, last } = manifest.filter;
    const sound = () => this.verdict.findings.length === 0;
    if (form.isWhole(manifest.filter) && sound()) {
      this.#gap(this.#count > 0 ? this.#last + 1 : first, manifest.filter, last + 1);
    }
    if (this.#count !== manifest.entries) this.#found("count", null);
    if (sound() && !(same && place === table.length)) this.#found("table", form.TABLE);
    if (sound() && this.#members.has(form.STATEMENTS)) await this.#statements();
    if (!sound()) return;
    this.verdict.chains = explained(this.#happened, this.#said);
    this.verdict.stories = this.#retelling.stories();
  }

  /** What it holds beside the entries is what opened events name, each once and nothing more. */
  async #statements(): Promise<void> {
    const lines = linesOf(await this.#content(form.STATEMENTS));
    const held = new Map<string, Uint8Array>();
    for (const line of lines ?? []) held.set(hex.encode(await sha256(line)), line);
    const named = [...this.#named].every((digest) => held.has(digest));
    if (lines === null || held.size !== lines.length || held.size !== this.#named.size || !named) {
      this.#found("statements", form.STATEMENTS);
    }
    this.#said = held;
  }

  #found(code: Code, at: number | string | null): void {
    this.verdict.findings.push({ code, at });
    if (this.verdict.findings.length >= MOST) throw new Enough();
  }

  #fatal(code: Code, at: number | string | null): never {
    this.verdict.findings.push({ code, at });
    throw new Enough();
  }

  // ------------------------------------------------------------------ files

  async #manifest(): Promise<form.Manifest> {
    const { members, data } = await this.#archive();
    let manifest: form.Manifest;
    try {
      manifest = form.parseManifest(data);
    } catch (error) {
      if (error instanceof Malformed) this.#fatal("manifest", form.MANIFEST);
      throw error;
    }
    const names = members.map(({ name }) => name);
    const parts = Math.ceil(manifest.entries / form.PART);
    const named = names.includes(form.STATEMENTS);
    const expected =
      names.length === form.namesOf(0, named).length + parts &&
      form.namesOf(manifest.entries, named);
    if (expected === false || !isSame(names, expected)) this.#fatal("files", null);
    const said = manifest.files.map(({ name }) => name);
    if (!isSame(said, names.slice(0, -1))) this.#fatal("files", null);
    this.#members = new Map(members.map((one) => [one.name, one]));
    this.verdict.manifest = manifest;
    return manifest;
  }

  async #archive(): Promise<{ members: Member[]; data: Uint8Array }> {
    try {
      const members = await membersOf(this.file);
      const last = members.at(-1);
      if (last?.name !== form.MANIFEST || last.method !== STORED) {
        throw new NotABundle("it has no manifest at its end");
      }
      return { members, data: await unpacked(last, await packedOf(this.file, last)) };
    } catch (error) {
      if (error instanceof NotABundle) this.#fatal("archive", null);
      throw error;
    }
  }

  async #files(manifest: form.Manifest): Promise<void> {
    for (const said of manifest.files) {
      const one = this.#member(said.name);
      const packed = await packedOf(this.file, one);
      try {
        const content = await unpacked(one, packed);
        const hashes = [await sha256(content), await sha256(packed)].map(hex.encode);
        const is = [one.method === DEFLATED, one.size === said.size];
        if (!isSame(hashes, [said.sha256, said.packed]) || is.includes(false)) {
          this.#found("file", said.name);
        }
      } catch (error) {
        if (!(error instanceof NotABundle)) throw error;
        this.#found("file", said.name);
      }
    }
    if (this.verdict.findings.length > 0) throw new Enough();
  }

  #member(name: string): Member {
    const one = this.#members.get(name);
    if (one === undefined) throw new NotABundle(name);
    return one;
  }

  async #content(name: string): Promise<Uint8Array> {
    const one = this.#member(name);
    return unpacked(one, await packedOf(this.file, one));
  }

  async #text(name: string): Promise<string> {
    try {
      return utf8.decode(await this.#content(name));
    } catch {
      throw new Malformed("not UTF-8");
    }
  }

  // ------------------------------------------------------------------ checkpoint

  async #checkpoint(manifest: form.Manifest): Promise<{ opened: Opened; note: string }> {
    let policy: Policy;
    try {
      const theirs = await Policy.parse(await this.#text(form.POLICY));
      // The reader's own keys may have been followed by others since: both have signed for it.
      policy = this.own === null ? theirs : this.own.learn(theirs.rotations);
    } catch (error) {
      if (error instanceof Malformed) this.#fatal("policy", form.POLICY);
      throw error;
    }
    try {
      const note = await this.#text(form.CHECKPOINT);
      const opened = await policy.open(note);
      const { origin, size } = opened.checkpoint;
      const keys = policy.keysOf(origin);
      this.verdict.signed = (await signaturesOf(parseNote(note), keys)).map(({ key }) => key);
      if (manifest.log !== origin || manifest.size !== size) {
        this.#fatal("manifest", form.MANIFEST);
      }
      this.verdict.witnesses = policy.witnesses.size;
      this.verdict.cosigned = opened.cosigned;
      return { opened, note };
    } catch (error) {
      if (isRefusal(error)) this.#fatal("checkpoint", form.CHECKPOINT);
      throw error;
    }
  }

  // ------------------------------------------------------------------ entries

  async #lines(name: string): Promise<Array<[Uint8Array, string]>> {
    const content = await this.#content(name);
    const lines = linesOf(content) ?? [];
    if (lines.length === 0 || lines.length > form.PART) this.#fatal("line", name);
    return lines.map((line, at) => [line, `${name}:${at + 1}`]);
  }

  async #entry(
    line: Uint8Array,
    where: string,
    { filter }: form.Manifest,
    opened: Opened,
    note: string,
  ): Promise<form.Entry | null> {
    this.#count += 1;
    let entry: form.Entry;
    try {
      if (line.length > LONGEST_LINE) throw new Malformed("too long");
      entry = form.parseEntry(line);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.#found("line", where);
      return null;
    }
    const { index, is, time } = entry;
    if (index <= this.#last) this.#found("order", index);
    else if (form.isWhole(filter) && this.verdict.findings.length === 0) {
      this.#gap(this.#last >= 0 ? this.#last + 1 : filter.first, filter, index);
    }
    this.#last = Math.max(this.#last, index);
    this.verdict.conditions.set(is, (this.verdict.conditions.get(is) ?? 0) + 1);
    const inside =
      index >= filter.first &&
      index <= filter.last &&
      (filter.since === null || time >= filter.since) &&
      (filter.until === null || time < filter.until) &&
      (filter.state === null || is !== "mark");
    if (!inside) this.#found("filter", index);
    await this.#proven(entry, opened, note);
    if (entry.opened !== null) await this.#opened(entry, entry.opened, filter);
    return entry;
  }

  #gap(expected: number, { first, last }: form.Filter, index: number): void {
    if (first <= expected && expected < index && index <= last + 1) this.#found("gap", expected);
  }

  async #proven(entry: form.Entry, { checkpoint }: Opened, note: string): Promise<void> {
    try {
      const proof = parseProof(entry.proof);
      if (proof.index !== entry.index || proof.checkpoint !== note || proof.extra !== null) {
        throw new Unproven("it is the proof of something else");
      }
      const spelled = [
        "c2sp.org/tlog-proof@v1",
        `index ${proof.index}`,
        ...proof.path.map(toBase64),
      ];
      if (`${spelled.join("\n")}\n\n${note}` !== entry.proof) {
        throw new Malformed("a proof in another spelling");
      }
      const leaf = await leafHash(entry.leaf);
      await verifyInclusion(leaf, proof.index, checkpoint.size, proof.path, checkpoint.root);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#found("proof", entry.index);
    }
  }

  async #opened(
    { index, commitment, time }: form.Entry,
    { bytes, salt, event }: NonNullable<form.Entry["opened"]>,
    { state }: form.Filter,
  ): Promise<void> {
    const hmac = { name: "HMAC", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("raw", salt, hmac, false, ["sign"]);
    const made = new Uint8Array(await crypto.subtle.sign("HMAC", key, concat(COMMITTED, bytes)));
    if (!equal(made, committedOf(commitment))) this.#found("commitment", index);
    if (`${event.at.slice(0, 19)}Z` !== form.instant(time)) this.#found("time", index);
    if (state !== null && !event.states.includes(state)) this.#found("filter", index);
  }
}

/** Lines without their ends; null if the last one has none. */
function linesOf(content: Uint8Array): Uint8Array[] | null {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = content.indexOf(10); end >= 0; end = content.indexOf(10, start)) {
    lines.push(content.subarray(start, end));
    start = end + 1;
  }
  return start === content.length ? lines : null;
}

function committedOf(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch {
    return new Uint8Array();
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof Malformed || error instanceof Unproven;

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, at) => one === b[at]);
