/** First-line information: telling focal points of one State, and what they say of it. */

import type { NoteReason, NoteRow } from "../api/notes";
import { hex, sha256 } from "../bytes";
import type { Asking } from "../crypto/opinion";
import type { SendNote } from "../store/intents";
import { keys, type ThreadRecord } from "../store/records";
import { learnConsultation } from "./consulting";
import { type Core, NotPossible } from "./core";
import type { Done, Intents } from "./intents";
import type { Sending } from "./sending";

/** What is told to whom: `people` are focal points of `state`. */
type Said = "caseId" | "state" | "people" | "subject" | "text" | "handling" | "continues";
export type Told = Pick<SendNote, Said> & {
  /** It asks about a version of a request, which this device has. */
  readonly asks?: Omit<NonNullable<SendNote["asks"]>, "digest">;
};

export class Notes {
  constructor(
    private readonly core: Core,
    private readonly intents: Intents,
    private readonly sending: Sending,
  ) {
    intents.notes = this;
  }

  async look(): Promise<void> {
    const { api, mirror } = this.core;
    [mirror.notes, mirror.consultations] = await Promise.all([api.notes(), api.consultations()]);
  }

  /**
   * Make the note's circle, let its readers in and queue what it says for them. Resolves with the
   * note's id. `id` is the caller's: the same one again is the same note.
   *
   * @throws {NotPossible} `already-sent` once that note has said what it says; `note-person` if the
   *   signed designation of one of them does not say that they are a focal point
   *
   * What cannot be sent now stays on this device: without a network it leaves by itself later, what
   * was refused when its author says so, or never ({@link discard}).
   */
  async send(id: string, told: Told): Promise<string> {
    if (this.left(id)) throw new NotPossible("already-sent");
    await this.core.people.replayed();
    const isFocal = (person: string) => this.core.people.carries(person, "focal-point");
    if (!told.people.every(isFocal)) throw new NotPossible("note-person");
    const at = this.core.deps.clock();
    const { asks: wanted, ...rest } = told;
    const asks = wanted && { ...wanted, digest: await this.#digestOf(wanted) };
    const said = { ...rest, ...(asks && { asks }) };
    return (await this.intents.begin({ kind: "send-note", id, at, ...said })).id;
  }

  /** Whether they have a device in force, by the directory as it is known here: what is said leaves. */
  reaches(person: string): boolean {
    return this.core.people.devicesOf(person).length > 0;
  }

  /** Whether the note of this id was made and has said what it says: it is not said twice. */
  left(id: string): boolean {
    const { threads, intents } = this.core.mirror;
    return !intents.has(id) && [...threads.values()].some(({ begunBy }) => begunBy === id);
  }

  /**
   * Give up a note that was not sent.
   *
   * @throws {NotPossible} `already-sent` once its circle is there
   */
  async discard(id: string): Promise<void> {
    await this.core.exclusive(async (tx) => {
      const begun = [...this.core.mirror.threads.values()].some(({ begunBy }) => begunBy === id);
      if (begun) throw new NotPossible("already-sent");
      tx.remove(keys.intent(id));
    });
  }

  async carryOut(intent: SendNote): Promise<Done> {
    const { id, people, subject: title, continues } = intent;
    const row = await this.#made(intent);
    const { circle } = row;
    const invited = [...people];
    await this.intents.start(id, { circle, own: true, title, invited, continues, goesOn: true });
    await this.intents.followAll([circle]);
    await this.say(circle);
    return { id: row.id, circle };
  }

  async #made({ id, caseId, state, people, asks }: SendNote): Promise<Done> {
    const { api } = this.core;
    if (asks === undefined) {
      const row = await api.sendNote(caseId, id, state, people);
      this.#learn(row);
      return row;
    }
    const { request, version, digest, questions } = asks;
    const said = { client_id: id, version, digest, people, questions };
    const row = await api.askConsultation(request, said);
    learnConsultation(this.core, row);
    return row;
  }

  /** Of what this device was given, whatever digest the server names. */
  async #digestOf({ request, version }: { request: string; version: number }): Promise<string> {
    return hex.encode(await sha256((await this.core.api.version(request, version)).body));
  }

  /**
   * Queue what a note says as soon as somebody whom it is for is in: whoever comes in later reads
   * only what is said after that.
   */
  async say(circle: string): Promise<void> {
    const { core } = this;
    if (!waits(core.mirror.intents.get(core.mirror.threads.get(circle)?.begunBy ?? ""))) return;
    const queued = await core.exclusive(async (tx) => {
      const thread = await tx.get(keys.thread(circle));
      const intent = await tx.get(keys.intent(thread?.begunBy ?? ""));
      if (!waits(intent) || !isIn(intent.people, thread)) return false;
      const { text, handling, people, asks } = intent;
      const content = {
        kind: "text" as const,
        text,
        ...(handling && { handling }),
        ...(asks && { consult: askedIn(asks) }),
      };
      core.enqueue(tx, circle, content, [core.person, ...people]);
      tx.remove(keys.intent(intent.id));
      return true;
    });
    if (queued) this.sending.submitted(circle);
  }

  async acknowledge(id: string): Promise<void> {
    this.#learn(await this.core.api.acknowledgeNote(id));
  }

  async decline(id: string, reason: NoteReason): Promise<void> {
    this.#learn(await this.core.api.declineNote(id, reason));
  }

  async join(id: string, caseId: string): Promise<void> {
    this.#learn(await this.core.api.joinByNote(id, caseId));
  }

  async use(id: string): Promise<void> {
    this.#learn(await this.core.api.useNote(id));
  }

  async lead(id: string): Promise<void> {
    this.#learn(await this.core.api.leadByNote(id));
  }

  #learn(row: NoteRow): void {
    const { mirror } = this.core;
    const others = mirror.notes.filter(({ id }) => id !== row.id);
    mirror.notes = [row, ...others].sort((a, b) => (a.sent_at < b.sent_at ? 1 : -1));
    mirror.changed();
  }
}

/** Signed with the summary: whoever answers names this message. */
const askedIn = ({ request, version, digest }: Asking): Asking => ({ request, version, digest });

function waits(intent: { kind: string } | undefined): intent is SendNote {
  return intent?.kind === "send-note";
}

function isIn(people: readonly string[], thread: ThreadRecord | undefined): boolean {
  if (thread?.status !== "active") return false;
  return thread.roster.some(({ person }) => people.includes(person));
}

type Acts =
  | "left"
  | "reaches"
  | "send"
  | "discard"
  | "acknowledge"
  | "decline"
  | "join"
  | "use"
  | "lead";
export interface NoteActs {
  readonly notes: Pick<Notes, Acts>;
}

export function noteActs(
  at: () => { notes: Notes; letting: <T>(act: () => Promise<T>) => Promise<T> },
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
): NoteActs {
  return {
    notes: {
      send: (id, told) => guarded(() => at().letting(() => at().notes.send(id, told))),
      left: (id) => at().notes.left(id),
      reaches: (person) => at().notes.reaches(person),
      discard: (id) => guarded(() => at().notes.discard(id)),
      acknowledge: (id) => guarded(() => at().notes.acknowledge(id)),
      decline: (id, reason) => guarded(() => at().notes.decline(id, reason)),
      join: (id, caseId) => guarded(() => at().notes.join(id, caseId)),
      use: (id) => guarded(() => at().notes.use(id)),
      lead: (id) => guarded(() => at().notes.lead(id)),
    },
  };
}
