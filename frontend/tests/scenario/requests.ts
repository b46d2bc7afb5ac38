/** Requests in miniature: turns, versions and attestations as the server keeps them. */

import type { Api } from "../../src/api/api";
import type { AttestationRow, RequestRow, VersionBody, VersionRow } from "../../src/api/schema";
import { equal, sha256 } from "../../src/bytes";
import { digestOf } from "../../src/crypto/attestation";
import { isWrittenOn } from "../../src/effects/dossiers/table";
import type { CaseFiles } from "./cases";
import { refuse } from "./cases";
import { PaperFiles } from "./papers";

type Stored = VersionBody & { client_id: string };
type File = {
  row: RequestRow;
  client_id: string;
  versions: Stored[];
  /** SHA-256 of the facts disclosed with each version. */
  disclosed: Uint8Array[];
  attestations: (AttestationRow & { client_id: string })[];
};

/** Milliseconds; a turn here is short, as all time is. */
const TURN_MS = 10_000;

export class RequestFiles {
  readonly all: File[] = [];
  readonly papers = new PaperFiles();
  /** What is handed out instead of a version, by a server that lies. */
  swap: (request: string, version: number, asker: string) => VersionBody | undefined = () =>
    undefined;
  disguised: (rows: VersionRow[]) => VersionRow[] = (rows) => rows;
  /** Leave every request out of the list. */
  hidden = false;
  /** Let anybody in whom a drafter names, of whatever State. */
  lax = false;
  /** Bodies that were sent and not taken; a server that lies keeps them. */
  readonly refused: VersionBody[] = [];
  /** How often somebody asked to keep a turn. */
  renewed = 0;
  /** A person's budget, used up: the code and what comes with it. */
  full: { code: string; params: { minutes?: number } } | null = null;
  /** What attestations wait for before they are handed out. */
  held: Promise<void> = Promise.resolve();
  /** How often somebody brought a version. */
  brought = 0;
  /** What the list shows instead of the truth. */
  disguise: (row: RequestRow, asker: string) => RequestRow = (row) => row;

  constructor(
    private readonly files: CaseFiles,
    private readonly stateOf: (person: string) => string,
    private readonly changed: (people: readonly string[], request: string) => void,
    private readonly joined: (people: readonly string[]) => void,
    private readonly left: (person: string, circles: readonly string[]) => void,
  ) {
    files.leaving = (...act) => this.leave(...act);
  }

  file(id: string): File {
    return this.all.find(({ row }) => row.id === id) ?? refuse("not-found", 404);
  }

  routes(person: string, device: () => string): Partial<Api> {
    const mine = (id: string): File => {
      const found = this.file(id);
      return found.row.people.includes(person) ? found : refuse("not-found", 404);
    };
    const shown = ({ row }: File): RequestRow => this.disguise(this.#now(row), person);
    const told = (file: File, others: readonly string[] = []): RequestRow => {
      this.changed([...file.row.people, ...others], file.row.id);
      return shown(file);
    };
    return {
      ...this.papers.routes(person, device),
      requests: async () =>
        this.all
          .filter(({ row }) => !this.hidden && row.people.includes(person))
          .map((file) => shown(file)),
      openedRequest: async (id) => shown(mine(id)),
      openRequest: async (client_id, caseId, people, requested_state) => {
        const known = this.all.find((one) => one.client_id === client_id);
        if (known) return shown(known);
        const file = this.#open(person, client_id, caseId, people, requested_state);
        this.joined(file.row.people);
        return told(file);
      },
      takeTurn: async (id) => {
        const file = mine(id);
        const { turn } = this.#now(file.row);
        if (turn && turn.person !== person) refuse("turn-taken", 409, turn);
        file.row.turn = { person, until: soon() };
        return told(file);
      },
      renewTurn: async (id) => {
        const file = mine(id);
        this.renewed += 1;
        this.#requireTurn(file.row, person);
        file.row.turn = { person, until: soon() };
        return told(file);
      },
      giveTurn: async (id) => {
        const file = mine(id);
        if (file.row.turn?.person === person) file.row.turn = null;
        return told(file);
      },
      versions: async (id) =>
        this.disguised(mine(id).versions.map(({ body: _body, ...rest }) => rest)),
      version: async (id, version) => {
        const found = mine(id).versions[version - 1] ?? refuse("not-found", 404);
        return structuredClone(this.swap(id, version, person) ?? found);
      },
      saveVersion: async (id, { client_id, base, body, disclosed }) => {
        const [digest, facts] = [await sha256(body), await digestOf(disclosed)];
        // No waiting between the look and the act, as in a lock.
        const file = mine(id);
        const known = file.versions.find((one) => one.client_id === client_id);
        if (known) return equal(known.body, body) ? shown(file) : refuse("id-reused");
        this.brought += 1;
        if (this.full !== null) refuse(this.full.code, 409, this.full.params);
        const { row, versions } = file;
        const at = new Date().toISOString();
        const said = { version: base + 1, at, person, device: device(), digest };
        const version = { ...said, size: body.length, body: body.slice() };
        if (this.#now(row).turn?.person !== person) this.refused.push(version);
        this.#requireTurn(row, person);
        if (base !== row.version) refuse("version-behind", 409, { version: row.version });
        versions.push({ ...version, client_id });
        file.disclosed.push(facts);
        Object.assign(row, { version: base + 1, saved_at: at, stage: "draft" });
        return told(file);
      },
      attestations: async (id) => {
        await this.held;
        return structuredClone(mine(id).attestations);
      },
      attest: async (id, body) => {
        const file = mine(id);
        const { row, attestations } = file;
        if (!attestations.some(({ client_id }) => client_id === body.client_id)) {
          if (body.version !== row.version) refuse("version-behind");
          const at = new Date().toISOString();
          const { version, rulebook } = body;
          const overridden = [...body.overridden];
          const disclosed = file.disclosed[version - 1] ?? refuse("version-behind");
          attestations.push({ ...body, overridden, disclosed, person, device: device(), at });
          row.attested = { version, rulebook, person, at };
          if (body.ready) row.stage = "ready";
        }
        return told(file);
      },
      addDrafter: async (id, _client_id, added) => {
        const file = mine(id);
        this.#requireMember(file.row.case, added, this.stateOf(person));
        if (file.row.people.includes(added)) refuse("already-in");
        file.row.people.push(added);
        this.joined(file.row.people);
        return told(file);
      },
      removeDrafter: async (id, removed) => {
        const file = mine(id);
        if (file.row.drafter === removed) refuse("drafter-stays");
        file.row.people = file.row.people.filter((one) => one !== removed);
        if (file.row.turn?.person === removed) file.row.turn = null;
        this.left(removed, [file.row.circle]);
        this.joined(file.row.people);
        const row = told(file, [removed]);
        return removed === person ? null : row;
      },
    };
  }

  /** Out of a case's drafts with the case, if their own State does it; the circles that are left. */
  leave(caseId: string, removed: string, by: string): string[] {
    if (this.stateOf(removed) !== this.stateOf(by)) return [];
    return this.all.flatMap(({ row }) => {
      if (row.case !== caseId || !row.people.includes(removed)) return [];
      row.people = row.people.filter((one) => one !== removed);
      this.changed([...row.people, removed], row.id);
      return [row.circle];
    });
  }

  /** Who may read a drafting circle, or undefined if it is none. */
  people(circle: string): string[] | undefined {
    return this.all.find(({ row }) => row.circle === circle)?.row.people;
  }

  #open(
    person: string,
    client_id: string,
    caseId: string,
    people: readonly string[],
    requested_state: string,
  ): File {
    const requesting_state = this.stateOf(person);
    for (const one of people) this.#requireMember(caseId, one, requesting_state);
    const row: RequestRow = {
      id: crypto.randomUUID(),
      case: caseId,
      circle: crypto.randomUUID(),
      requesting_state,
      requested_state,
      stage: "draft",
      came_back: false,
      version: 0,
      drafter: person,
      people: [...new Set([person, ...people])],
      opened_at: new Date().toISOString(),
      saved_at: null,
      turn: null,
      attested: null,
      consultations: [],
    };
    const file = { row, client_id, versions: [], disclosed: [], attestations: [] };
    this.all.push(file);
    return file;
  }

  #requireMember(caseId: string, person: string, state: string): void {
    const found = this.files.all.find(({ id }) => id === caseId) ?? refuse("not-found", 404);
    if (!found.people.some(({ id }) => id === person)) refuse("not-found", 404);
    if (!this.lax && this.stateOf(person) !== state) refuse("draft-own-state");
  }

  #requireTurn(row: RequestRow, person: string): void {
    if (!isWrittenOn(row.stage)) refuse("stage-closed");
    const { turn } = this.#now(row);
    if (turn === null) refuse("turn-needed");
    if (turn.person !== person) refuse("turn-taken", 409, turn);
  }

  #now(row: RequestRow): RequestRow {
    const over = row.turn !== null && Date.parse(row.turn.until) <= Date.now();
    // Whoever is stopped stays a drafter and reads nothing.
    const people = this.files.people(row.circle);
    return structuredClone({ ...row, people, ...(over && { turn: null }) });
  }
}

function soon(): string {
  return new Date(Date.now() + TURN_MS).toISOString();
}
