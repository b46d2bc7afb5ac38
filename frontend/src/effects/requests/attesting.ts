/**
 * Attesting what screening a version gave, and checking what others attested: by the device's
 * verified key, the author's salted commitment, and this device's own screening.
 */

import type { AttestationRow, RequestRow } from "../../api/schema";
import { equal } from "../../bytes";
import type { Json } from "../../canonical";
import { commitTo, digestOf, screenedBy, signScreened } from "../../crypto/attestation";
import { EXCEPTION, MAY } from "../../roles";
import type { Book, Draft } from "../../rules/book";
import { disclosed } from "../../rules/disclosed";
import { AIM, screen } from "../../rules/engine";
import { type Core, NotPossible } from "../core";
import type { Signer } from "../people";
import type { DraftView, Former } from "../requestViews";
import type { Rows } from "./rows";
import type { Saving } from "./saving";
import { cameByReady } from "./stages";
import type { Versions } from "./versions";

type Verdict = NonNullable<DraftView["attestation"]>;
type Judged = { why: string | null; former?: Former };

export class Attesting {
  readonly #verdicts = new Map<string, { about: string; verdict: Verdict }>();
  readonly #checking = new Map<string, { about: string; done: Promise<void> }>();

  constructor(
    private readonly core: Core,
    private readonly rows: Rows,
    private readonly saving: Saving,
    private readonly versions: Versions,
  ) {}

  /** What this device found about what the server now says of the request; null: nothing to find. */
  verdict(row: RequestRow): Verdict | null {
    const known = this.#verdicts.get(row.id);
    if (known === undefined || known.about !== claimOf(row)) return null;
    const { verdict } = known;
    const { of } = verdict;
    if (of === undefined || of.former !== undefined || row.people.includes(of.person)) {
      return verdict;
    }
    return { ...verdict, of: { ...of, former: { what: "reader" } } };
  }

  /** Save, screen, sign, tell; with `ready` the request is marked ready for transmission. */
  async attest(id: string, ready: boolean): Promise<void> {
    await this.saving.save(id);
    const { api, device, deps, mirror } = this.core;
    const book = await this.#book();
    const record = mirror.drafting.get(id);
    const key = await this.versions.keyOfBase(id);
    if (record === undefined || key === undefined) throw new NotPossible("version-key-missing");
    if (record.dirty) throw new NotPossible("version-behind");
    const { draft, base: version } = record;
    const found = await screened(book, draft, key.salt);
    const about = { request: id, version, rulebook: book.version, ...found, ready };
    const signature = await signScreened(about, device.signaturePrivate);
    const { commitment, results, overridden } = found;
    const body = {
      client_id: deps.random.uuid(),
      version,
      rulebook: book.version,
      commitment,
      results,
      signature,
      overridden,
      ready,
    };
    await this.rows.ask(() => api.attest(id, body), id);
  }

  /**
   * Look whether the attestation that the request shows, and its stage, are true of its version.
   * Whoever asks while it is being looked at waits for the same answer.
   */
  async check(id: string): Promise<void> {
    const row = this.rows.get(id);
    const about = claimOf(row);
    if (about === null || this.verdict(row) !== null) return;
    const running = this.#checking.get(id);
    if (running?.about === about) return running.done;
    const done = this.#look(id, row, about).finally(() => {
      if (this.#checking.get(id)?.done === done) this.#checking.delete(id);
    });
    this.#checking.set(id, { about, done });
    return done;
  }

  async #look(id: string, row: RequestRow, about: string): Promise<void> {
    const all = await this.core.api.attestations(id);
    const said = subjectOf(row, all);
    const { why, former } = await this.#judge(row, said).catch((error: unknown): Judged => {
      if (error instanceof NotPossible) return { why: error.code };
      throw error;
    });
    const named = said && { version: said.version, person: said.person, at: said.at };
    const of = named && { ...named, ...(former && { former }) };
    const verdict = why === null ? { agrees: true, of } : { agrees: false, why, of };
    this.#verdicts.set(id, { about, verdict });
    this.core.mirror.changed();
  }

  async #judge(row: RequestRow, said: AttestationRow | undefined): Promise<Judged> {
    const ready = cameByReady(row.stage);
    if (said === undefined) return { why: ready ? "attestation-ready" : "attestation-missing" };
    if (!ready && nameOf(said) !== nameOf(row.attested)) return { why: "attestation-missing" };
    const { people } = this.core;
    const signer = await people.signer(said.person, said.device, Date.parse(said.at));
    if (signer === null || signer.state !== row.requesting_state) {
      return { why: "attestation-device" };
    }
    const about = { request: row.id, ...said };
    if (!(await screenedBy(signer.key, about, said.signature))) {
      return { why: "attestation-signature" };
    }
    const grave = await this.#isGrave(said);
    const former = formerOf(signer, ready && grave);
    // Nobody signs for a State who was not in office when they did.
    const why = mayAttest(signer.roles)
      ? await this.#whyNot(row.id, said, signer, { ready, grave })
      : "attestation-lapsed";
    return { why, ...(former && { former }) };
  }

  async #whyNot(
    id: string,
    said: AttestationRow,
    signer: Signer,
    { ready, grave }: { ready: boolean; grave: boolean },
  ): Promise<string | null> {
    const opened = await this.versions.open(id, said.version);
    if (opened === null) return "version-key-missing";
    // The draft's own word, not the server's, says in whose name it is.
    if (signer.state !== opened.draft.requesting_state) return "attestation-device";
    const differs = await this.#compare(said, opened.draft, opened.key.salt);
    if (differs !== null || !ready) return differs;
    if (await this.#isBlocked(opened.draft, said.at)) return "attestation-blocked";
    return grave && !maySetAside(signer.roles) ? "attestation-exception" : null;
  }

  /** Whether a rule that blocks is among those set aside. */
  async #isGrave({ overridden }: AttestationRow): Promise<boolean> {
    const book = await this.#book();
    return overridden.some((rule) => book.rule(rule)?.severity === "blocks");
  }

  /**
   * By the law of the draft's own day, of the signature's as the server dates it, and of today: a
   * day before the law empties the book, and only the last is nobody else's word.
   */
  async #isBlocked(draft: Draft, at: string): Promise<boolean> {
    const book = await this.#book();
    const today = new Date(this.core.deps.clock()).toISOString();
    const days = [draft.law_date, at.slice(0, 10), today.slice(0, 10)];
    return days.some((law_date) =>
      screen(book, { ...draft, law_date }, AIM).some(
        ({ rule, outcome }) => outcome === "failed" && book.rule(rule)?.severity === "blocks",
      ),
    );
  }

  async #compare(said: AttestationRow, draft: Draft, salt: Uint8Array): Promise<string | null> {
    const commitment = await commitTo(salt, draft);
    if (!equal(commitment, said.commitment)) return "attestation-commitment";
    const book = await this.#book();
    if (book.version !== said.rulebook) return "attestation-rulebook";
    const found = await screened(book, draft, salt);
    if (!equal(found.results, said.results)) return "attestation-results";
    if (!equal(found.disclosed, said.disclosed)) return "attestation-disclosed";
    const same = found.overridden.join() === said.overridden.join();
    return same ? null : "attestation-overridden";
  }

  #book(): Promise<Book> {
    const { book } = this.core.deps;
    if (book === undefined) throw new NotPossible("rulebook-missing");
    return book();
  }
}

async function screened(book: Book, draft: Draft, salt: Uint8Array) {
  const findings = screen(book, draft, AIM);
  return {
    commitment: await commitTo(salt, draft),
    // Findings are plain values all through; an interface just has no index signature.
    results: await digestOf(findings as unknown as Json),
    disclosed: await digestOf(disclosed(draft)),
    overridden: setAside(book, draft),
  };
}

/** The rules that the draft sets aside with a reason, of those that may be. */
function setAside(book: Book, draft: Draft): string[] {
  const named = draft.overrides.filter(({ reason }) => reason.trim() !== "");
  const rules = new Set(named.map(({ rule }) => rule));
  return [...rules].filter((rule) => book.rule(rule)?.overridable === true).sort();
}

/**
 * Which attestation is to be judged: "ready" is the server's word, and counts when somebody signed
 * it of this very version.
 */
function subjectOf(row: RequestRow, all: readonly AttestationRow[]): AttestationRow | undefined {
  if (!cameByReady(row.stage)) return all.at(-1);
  return all.findLast((one) => one.ready && one.version === row.version);
}

const ATTEST = "requests.attestation.make";
const mayAttest = (roles: ReadonlySet<string>): boolean =>
  MAY[ATTEST].some((one) => roles.has(one));

/** Whose signature it takes that a request is ready although a rule that blocks is set aside. */
const maySetAside = (roles: ReadonlySet<string>): boolean =>
  EXCEPTION[ATTEST].some((one) => roles.has(one));

/** What the signer is no longer. `grave`: it took the coordinator to sign. */
function formerOf({ lapsed, roles, rolesNow }: Signer, grave: boolean): Former | undefined {
  if (lapsed !== null) return { what: lapsed.what, at: new Date(lapsed.at).toISOString() };
  if (grave && maySetAside(roles) && !maySetAside(rolesNow)) return { what: "exception" };
  return undefined;
}

type Named = { version: number; rulebook: string; person: string; at: string };

function nameOf(one: Named | null): string {
  return one === null ? "" : `${one.version} ${one.rulebook} ${one.person} ${one.at}`;
}

/** What the server says that is to be checked, in one text; null if it claims nothing. */
function claimOf(row: RequestRow): string | null {
  if (row.attested === null && !cameByReady(row.stage)) return null;
  return `${row.stage} ${row.version} ${nameOf(row.attested)}`;
}
