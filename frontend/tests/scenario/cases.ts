/** Case files in miniature: who is entitled to which circle. */

import type { Api } from "../../src/api/api";
import { ApiError } from "../../src/api/errors";
import type { ErasedRow } from "../../src/api/retention";
import type { CaseFile } from "../../src/api/schema";

export function refuse(code: string, status = 409, params = {}): never {
  throw new ApiError(code, status, code, "", params);
}

export class CaseFiles {
  readonly all: CaseFile[] = [];
  readonly #done = new Map<string, string>();
  /** Circles that hang on something else than a case. */
  /** Told the client id of a thread that is being opened; a server that lies has ideas of its own. */
  opening: (client_id: string) => void = () => undefined;
  /** Takes somebody out of the drafts of a case that another one takes them out of; which those are. */
  leaving: (caseId: string, removed: string, by: string) => string[] = () => [];
  elsewhere: (circle: string) => string[] | undefined = () => undefined;

  constructor(
    private readonly joined: (people: readonly string[]) => void,
    private readonly left: (person: string, circles: readonly string[]) => void,
  ) {}

  /** Since when access of somebody is stopped: they stay in their cases, and read nothing. */
  readonly #stopped = new Map<string, string>();

  /** Stop somebody's access, or let it begin again, and ring the others. */
  stop(person: string, stopped: boolean): void {
    if (stopped) this.#stopped.set(person, new Date().toISOString());
    else this.#stopped.delete(person);
    this.joined(this.around(person));
  }

  /** Say since when a device of somebody who goes on is stopped, and ring the others. */
  retire(person: string, device: string, at = new Date().toISOString()): void {
    for (const { people } of this.all) {
      for (const one of people) if (one.id === person) one.devices_stopped.push({ device, at });
    }
    this.joined([person, ...this.around(person)]);
  }

  /** What was deleted, and who had read it. */
  readonly #erased: { row: ErasedRow; readers: string[] }[] = [];

  /** Delete a whole case at the end of its period: nobody reads it any more, and all are told. */
  erase(caseId: string, retention: string, at = new Date().toISOString()): void {
    const found = this.all.find(({ id }) => id === caseId) ?? refuse("not-found", 404);
    const threads = found.threads.map(({ circle }) => ({ circle, kind: "thread" as const }));
    for (const { circle, kind } of [{ circle: found.circle, kind: "case" as const }, ...threads]) {
      const row = { circle, kind, case: caseId, request: null, retention, at };
      this.#erased.push({ row, readers: this.#people(circle) });
    }
    found.threads = [];
    this.#gone.add(found.circle);
    for (const { id } of found.people)
      this.left(
        id,
        this.#erased.map(({ row }) => row.circle),
      );
    this.joined(found.people.map(({ id }) => id));
  }

  /** Say of any circle that it was deleted, true or not. */
  sayErased(row: ErasedRow, readers: string[]): void {
    this.#erased.push({ row, readers });
    this.joined(readers);
  }

  readonly #gone = new Set<string>();

  #erasedFor(person: string): ErasedRow[] {
    return this.#erased.flatMap(({ row, readers }) => (readers.includes(person) ? [row] : []));
  }

  /** Who shares a case with somebody. */
  around(person: string): string[] {
    const shared = this.all.filter(({ people }) => people.some(({ id }) => id === person));
    const all = new Set(shared.flatMap(({ people }) => people.map(({ id }) => id)));
    return [...all].filter((id) => id !== person);
  }

  /** Who may read a circle. */
  people(circle: string): string[] {
    return this.#people(circle).filter((person) => !this.#stopped.has(person));
  }

  #people(circle: string): string[] {
    for (const one of this.all) {
      if (one.circle === circle && !this.#gone.has(circle)) {
        return one.people.map((member) => member.id);
      }
      const found = one.threads.find((each) => each.circle === circle);
      if (found) return found.people;
    }
    return this.elsewhere(circle) ?? [];
  }

  circlesOf(owner: string): string[] {
    return this.all
      .filter((one) => one.owner === owner)
      .flatMap((one) => [one.circle, ...one.threads.map(({ circle }) => circle)]);
  }

  routes(person: string): Partial<Api> {
    const mine = (id: string) =>
      this.all.find((one) => one.id === id && one.people.some((member) => member.id === person)) ??
      refuse("not-found", 404);
    const once = (client_id: string, act: () => string) => {
      const id = this.#done.get(client_id) ?? act();
      this.#done.set(client_id, id);
      return this.#shape(person, mine(id));
    };
    const now = () => new Date().toISOString();
    return {
      cases: async () =>
        this.all
          .filter((one) => one.people.some((member) => member.id === person))
          .map((one) => this.#shape(person, one)),
      // Every State that is named has joined at once: what it takes is the server's own matter.
      joinings: async () => [],
      retained: async () => ({
        classes: [],
        cases: [],
        notes: [],
        erased: this.#erasedFor(person),
      }),
      exports: async () => [],
      openedCase: async (id) => this.#shape(person, mine(id)),
      openCase: async (client_id, states) =>
        once(client_id, () => {
          const id = crypto.randomUUID();
          const people = [{ id: person, since: now(), stopped: null, devices_stopped: [] }];
          const reference = `SV-2026-${this.all.length}`;
          const rest = { states: [...states], circle: crypto.randomUUID(), opened_at: now() };
          this.all.push({
            id,
            reference,
            state: "SV",
            ...rest,
            joinings: [],
            owner: person,
            people,
            threads: [],
            drafts: [],
          });
          return id;
        }),
      openThread: async (id, client_id, people) =>
        once(client_id, () => {
          this.opening(client_id);
          const readers = [...new Set([person, ...people])];
          const opened_at = now();
          mine(id).threads.push({
            circle: crypto.randomUUID(),
            opened_at,
            people: readers,
            client_id: null,
          });
          this.joined(readers);
          return id;
        }),
      addPerson: async (id, client_id, added, circles) =>
        once(client_id, () => {
          const found = mine(id);
          found.people.push({ id: added, since: now(), stopped: null, devices_stopped: [] });
          for (const thread of found.threads) {
            if (circles.includes(thread.circle)) thread.people.push(added);
          }
          this.joined(found.people.map((member) => member.id));
          return id;
        }),
      addToCircle: async (circle, client_id, added) => {
        const found = this.all.find((one) => one.threads.some((th) => th.circle === circle));
        if (found === undefined) return refuse("not-found", 404);
        return once(client_id, () => {
          for (const thread of found.threads) {
            if (thread.circle !== circle) continue;
            if (thread.people.includes(added)) refuse("already-in");
            thread.people.push(added);
          }
          this.joined(found.people.map((member) => member.id));
          return found.id;
        });
      },
      removeFromCircle: async (circle, removed) => {
        const found = this.all.find((one) => one.threads.some((th) => th.circle === circle));
        if (found === undefined) return refuse("not-found", 404);
        for (const thread of found.threads) {
          if (thread.circle !== circle) continue;
          thread.people = thread.people.filter((one) => one !== removed);
        }
        this.left(removed, [circle]);
        this.joined(found.people.map((member) => member.id));
        return this.#shape(person, found);
      },
      removePerson: async (id, removed) => {
        const found = mine(id);
        found.people = found.people.filter((member) => member.id !== removed);
        for (const thread of found.threads) {
          thread.people = thread.people.filter((one) => one !== removed);
        }
        const drafts = this.leaving(id, removed, person);
        const threads = found.threads.map(({ circle }) => circle);
        this.left(removed, [found.circle, ...threads, ...drafts]);
        this.joined(found.people.map((member) => member.id));
        return this.#shape(person, found);
      },
    };
  }

  #shape(person: string, one: CaseFile): CaseFile {
    const copy = structuredClone(one);
    const people = copy.people.map((member) => {
      const at = this.#stopped.get(member.id);
      if (at === undefined) return member;
      return {
        ...member,
        stopped: { kind: "suspended" as const, at, signed: true, sign_by: null },
      };
    });
    const threads = copy.threads
      .filter((thread) => thread.people.includes(person))
      .map((thread) => ({ ...thread, people: this.people(thread.circle) }));
    return { ...copy, people, threads };
  }
}
