/**
 * A delivery service in miniature: the same interface as the server's, in memory, for tests.
 *
 * It checks what the clients rely on (epochs, client ids, membership) and no framing. Faults are
 * asked for by the test: a request that never arrives, or an answer that never comes back.
 */

import type { Api } from "../../src/api/api";
import { Unreachable } from "../../src/api/errors";
import type { CaseFile, ClientFrame, Entry } from "../../src/api/schema";
import type { Listener } from "../../src/api/socket";
import { b64u, equal } from "../../src/bytes";
import { firstChain, nextChain } from "../../src/state/chain";
import type { Authority } from "./authority";
import { Backups } from "./backups";
import { CaseFiles, refuse } from "./cases";
import { NoteFiles } from "./noteFiles";
import { pause } from "./pause";
import { type Place, placesIn } from "./places";
import { Registry } from "./registry";
import { RequestFiles } from "./requests";
import { marksOf, readable } from "./seen";
import { type Socket, Sockets } from "./sockets";
import { threadRoutes } from "./threads";

type Group = {
  client_id: string;
  epoch: number;
  groupInfo: Uint8Array;
  infoSeq: number;
  roster: Place[];
  log: Entry[];
  first: Uint8Array;
};
type Welcome = {
  id: string;
  thread: string;
  device: string;
  seq: number;
  chain: Uint8Array;
  welcome: Uint8Array;
};

type Commit = Parameters<Api["commit"]>[1];

/** "request": it never arrives. "answer": it happens, and nobody hears. */
export type Fault = "request" | "answer" | undefined;

export class Service {
  readonly registry: Registry;
  readonly sockets = new Sockets();
  readonly files = new CaseFiles(
    (people) => this.sockets.joined(people),
    (person, circles) => this.sockets.left(person, circles),
  );
  readonly requests: RequestFiles;
  readonly notes: NoteFiles;
  readonly groups = new Map<string, Group>();
  welcomes: Welcome[] = [];
  readonly acks = new Map<string, number>();
  readonly reads = new Map<string, number>();
  readonly unread = new Map<string, number>();
  /** Asked for every call and every frame of a client. */
  fault: (name: string, person: string) => Fault = () => undefined;
  /** What keeps a call on its way, until it is over. */
  held: (name: string, person: string) => Promise<unknown> | undefined = () => undefined;
  refusing: string | null = null; // every post, with this code
  /** Every entry is pushed this many times. */
  copies = 1;
  /** Entries pushed to sockets are dropped: only heads and the log remain. */
  silent = false;
  calls: string[] = [];
  readonly backups = new Backups();
  /** All that clients sent, as text with bytes in it, while somebody wants to know. */
  seen: string[] | null = null;

  constructor(private readonly authority: Authority) {
    this.registry = new Registry(
      authority,
      (person) => this.sockets.devices(person),
      (person) => this.sockets.joined(this.files.around(person)),
    );
    this.requests = new RequestFiles(
      this.files,
      (person) => authority.stateOf(person),
      (people, request) => this.sockets.changed(people, request),
      (people) => this.sockets.joined(people),
      (person, circles) => this.sockets.left(person, circles),
    );
    this.notes = new NoteFiles(authority, this.sockets, this.requests);
    this.files.elsewhere = (circle) => this.requests.people(circle) ?? this.notes.people(circle);
  }

  /** The interface as one browser profile of `person` uses it. */
  api(person: string): Api {
    const session = { device: null as string | null };
    const { publicLog } = this.authority.directory.api(person);
    const { feed, ...files } = publicLog;
    const log = this.#wrapped(person, files);
    return { ...this.#wrapped(person, this.#routes(person, session)), publicLog: { feed, ...log } };
  }

  /** Every call may go astray, as the test wants it. */
  #wrapped<Calls extends object>(person: string, raw: Calls): Required<Calls> & Api {
    const wrapped = Object.entries(raw).map(([name, call]) => [
      name,
      async (...given: never[]) => {
        await (this.held(name, person) ?? pause());
        const fault = this.fault(name, person);
        this.calls.push(name);
        this.seen?.push(`${name} ${readable(given)}`);
        if (fault === "request") throw new Unreachable(name);
        const answer = await (call as (...all: never[]) => unknown)(...given);
        await pause();
        if (fault === "answer") throw new Unreachable(name);
        return answer;
      },
    ]);
    return Object.fromEntries(wrapped) as Required<Calls> & Api;
  }

  tellHeads(): void {
    for (const socket of this.sockets.open) {
      this.sockets.tell(socket, { type: "heads", heads: this.#heads(socket.person) });
    }
  }

  get cases(): CaseFile[] {
    return this.files.all;
  }

  /** Circles of this person's own cases whose group was never begun. */
  unfinished(person: string): number {
    return this.files.circlesOf(person).filter((circle) => !this.groups.has(circle)).length;
  }

  group(thread: string): Group {
    return this.groups.get(thread) ?? refuse("not-started");
  }

  /** Show `victim` a log of its own: a stranger before the last two, chain values that fit. */
  async forge(thread: string, victim: string): Promise<void> {
    const group = this.group(thread);
    const forged = group.log.slice(0, -2);
    const tail = group.log.slice(-2);
    const [model] = tail;
    if (model === undefined) throw new Error("nothing to forge");
    const stranger = { ...model, id: crypto.randomUUID(), body: model.body.with(30, 1) };
    for (const entry of [stranger, ...tail]) {
      const bare = { ...entry, seq: forged.length + 1 };
      const chain = await nextChain(forged.at(-1)?.chain ?? group.first, bare);
      forged.push({ ...bare, chain });
    }
    this.#forged.set(`${victim} ${thread}`, forged);
  }

  readonly #forged = new Map<string, Entry[]>();

  #routes(person: string, session: { device: string | null }): Partial<Api> & object {
    const device = () => session.device ?? refuse("device-needed");
    return {
      ...this.registry.routes(person, session),
      claim: async (thread, devices) => {
        this.#see(person, thread);
        return this.registry.claim(devices);
      },
      ...this.files.routes(person),
      ...this.backups.routes(person),
      ...this.requests.routes(person, device),
      ...this.notes.routes(person),
      ...this.#threadRoutes(person, device),
      connect: async (listener) => this.#connect(person, session.device, listener),
    };
  }

  #threadRoutes(person: string, device: () => string): Partial<Api> {
    return {
      createThread: async (thread, client_id, groupInfo) => {
        this.#see(person, thread);
        const known = this.groups.get(thread);
        if (known && known.client_id !== client_id) refuse("already-started");
        const first = await firstChain(thread);
        if (!known) {
          const group = { client_id, groupInfo, roster: placesIn(groupInfo), log: [], first };
          this.groups.set(thread, { ...group, epoch: 0, infoSeq: 0 });
        }
        return { epoch: 0, seq: 0, chain: first };
      },
      ...this.#threads(person, device),
      commit: async (thread, body) => {
        this.#see(person, thread);
        const by = device();
        return this.#turn(thread, () => this.#commit(person, by, thread, body));
      },
      committed: async (thread, id) => {
        this.#see(person, thread);
        const found = this.group(thread).log.find((entry) => entry.id === id);
        if (found?.device !== device()) return refuse("not-found", 404);
        return { seq: found.seq, epoch: found.epoch + 1, chain: found.chain };
      },
      log: async (thread, after, limit) => {
        this.#see(person, thread);
        const log = this.#forged.get(`${person} ${thread}`) ?? this.group(thread).log;
        return { head: log.length, entries: log.slice(after, after + limit) };
      },
      welcomes: async () =>
        this.welcomes
          .filter(
            (one) => one.device === device() && this.files.people(one.thread).includes(person),
          )
          .map((one) => ({ ...one })),
      removeWelcome: async (id) => {
        if (!this.welcomes.some((one) => one.id === id)) refuse("not-found", 404);
        this.welcomes = this.welcomes.filter((one) => one.id !== id);
        return {};
      },
      groupInfo: async (thread) => {
        this.#see(person, thread);
        const { groupInfo, epoch, infoSeq, log, first } = this.group(thread);
        return {
          group_info: groupInfo,
          epoch,
          seq: infoSeq,
          chain: log[infoSeq - 1]?.chain ?? first,
        };
      },
    };
  }

  async #connect(person: string, device: string | null, listener: Listener) {
    const socket: Socket = { person, device, listener, open: true };
    this.sockets.open.add(socket);
    const marks = marksOf(person, this.reads, this.unread);
    setTimeout(
      () => this.sockets.tell(socket, { type: "hello", heads: this.#heads(person), ...marks }),
      1,
    );
    return {
      send: (frame: ClientFrame) => {
        if (!socket.open) return false;
        setTimeout(() => void this.#frame(socket, frame), 0);
        return true;
      },
      close: () => this.sockets.close(socket, 1000),
    };
  }

  async #frame(socket: Socket, frame: ClientFrame): Promise<void> {
    const fault = this.fault(frame.type, socket.person);
    if (fault === "request" || this.sockets.taken(socket, frame)) return;
    this.seen?.push(readable([frame]));
    const { device, person } = socket;
    if (device === null) return;
    this.sockets.typing(socket, frame, (thread) => this.files.people(thread));
    if (frame.type === "ping") this.sockets.tell(socket, { type: "pong" });
    if (frame.type === "ack") this.acks.set(`${device} ${frame.thread}`, frame.seq);
    if (frame.type === "read" || frame.type === "unread") {
      const { type, thread, seq } = frame;
      if (type === "unread") this.unread.set(`${person} ${thread}`, seq);
      else {
        this.reads.set(`${person} ${thread}`, seq);
        this.unread.delete(`${person} ${thread}`);
      }
      for (const other of this.sockets.open) {
        if (other.person === person) this.sockets.tell(other, { type, thread, seq });
      }
    }
    if (frame.type === "post") {
      await this.#turn(frame.thread, () => this.#post(socket, device, frame, fault));
    }
  }

  async #post(
    socket: Socket,
    device: string,
    frame: Extract<ClientFrame, { type: "post" }>,
    fault: Fault,
  ): Promise<void> {
    const { thread, id } = frame;
    const no = (code: string, params = {}) =>
      this.sockets.tell(socket, { type: "refused", id, code, message: code, do: "", params });
    const group = this.groups.get(thread);
    if (!this.files.people(thread).includes(socket.person) || !group) return no("not-found");
    if (this.refusing !== null) return no(this.refusing);
    const body = b64u.decode(frame.body);
    let entry = group.log.find((one) => one.id === id && one.device === device);
    if (entry && !equal(entry.body, body)) return no("id-reused");
    if (!entry) {
      const people = this.files.people(thread);
      if (!group.roster.some((place) => place.device === device)) return no("device-not-in-group");
      if (group.roster.some((place) => !people.includes(place.person)))
        return no("removal-pending");
      if (frame.epoch !== group.epoch) return no("stale-epoch", { epoch: group.epoch });
      entry = await this.#append(thread, "message", device, id, body);
    }
    if (fault === "answer") return;
    this.sockets.accept(socket, thread, entry);
  }

  async #commit(
    person: string,
    device: string,
    thread: string,
    body: Commit,
  ): Promise<{ seq: number; epoch: number; chain: Uint8Array }> {
    const people = this.#see(person, thread);
    const group = this.group(thread);
    const known = group.log.find(({ id, device: by }) => id === body.client_id && by === device);
    if (known) {
      if (!equal(known.body, body.commit)) refuse("id-reused");
      return { seq: known.seq, epoch: known.epoch + 1, chain: known.chain };
    }
    if (body.epoch !== group.epoch) {
      refuse("stale-epoch", 409, { epoch: group.epoch, head: group.log.length });
    }
    const roster = placesIn(body.group_info);
    const were = new Set(group.roster.map((place) => place.device));
    const fresh = roster.filter((place) => !were.has(place.device));
    if (fresh.some((place) => !people.includes(place.person))) refuse("addition-not-entitled");
    const entry = await this.#append(thread, "commit", device, body.client_id, body.commit);
    const epoch = group.epoch + 1;
    Object.assign(group, { epoch, groupInfo: body.group_info, infoSeq: entry.seq, roster });
    const { welcome } = body;
    if (welcome) {
      for (const place of fresh) {
        const { seq, chain } = entry;
        const id = crypto.randomUUID();
        this.welcomes.push({ id, thread, device: place.device, seq, chain, welcome });
      }
      this.sockets.joined(fresh.map((place) => place.person));
    }
    return { seq: entry.seq, epoch: group.epoch, chain: entry.chain };
  }

  readonly #turns = new Map<string, Promise<unknown>>();

  /**
   * One at a time per thread, the check and the entry together, as the database's row lock does:
   * the same message or commit may come twice at once, and the second must find the first.
   */
  #turn<T>(thread: string, task: () => Promise<T>): Promise<T> {
    const done = (this.#turns.get(thread) ?? Promise.resolve()).then(task);
    this.#turns.set(
      thread,
      done.catch(() => undefined),
    );
    return done;
  }

  async #append(
    thread: string,
    kind: "commit" | "message",
    device: string,
    id: string,
    body: Uint8Array,
  ): Promise<Entry> {
    const group = this.group(thread);
    const bare = { seq: group.log.length + 1, kind, epoch: group.epoch, device, id, body };
    const chain = await nextChain(group.log.at(-1)?.chain ?? group.first, bare);
    const entry: Entry = { ...bare, at: new Date().toISOString(), chain };
    group.log.push(entry);
    this.#push(thread, entry);
    return entry;
  }

  #push(thread: string, entry: Entry): void {
    if (this.silent) return;
    const people = this.files.people(thread);
    for (const socket of this.sockets.open) {
      if (!people.includes(socket.person)) continue;
      for (let copy = 0; copy < this.copies; copy += 1) {
        this.sockets.tell(socket, { type: "entries", thread, entries: [structuredClone(entry)] });
      }
    }
  }

  #threads(person: string, device: () => string) {
    return threadRoutes({
      ids: () => [...this.groups.keys()].filter((id) => this.files.people(id).includes(person)),
      group: (id) => this.groups.get(id),
      people: (id) => this.#see(person, id),
      devices: (one) => this.registry.of(one),
      acknowledged: (id) => this.acks.get(`${device()} ${id}`) ?? 0,
    });
  }

  #see(person: string, thread: string): string[] {
    const people = this.files.people(thread);
    if (!people.includes(person)) refuse("not-found", 404);
    return people;
  }

  #heads(person: string): Record<string, number> {
    return Object.fromEntries(
      [...this.groups]
        .filter(([thread]) => this.files.people(thread).includes(person))
        .map(([thread, group]) => [thread, group.log.length]),
    );
  }
}
