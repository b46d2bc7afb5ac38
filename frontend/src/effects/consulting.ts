/** Informal consultations about requests: answering one, going on without, and what is believed. */

import type { ConsultationRow } from "../api/consultations";
import type { Consulted } from "../api/consulted";
import { ApiError } from "../api/errors";
import { isAsking, isOpinion, type Opinion } from "../crypto/opinion";
import { type IntentRecord, keys } from "../store/records";
import { type Core, NotPossible } from "./core";
import type { Done, Intents } from "./intents";
import type { Lines } from "./lines";
import type { Mirror } from "./mirror";
import type { Rows } from "./requests/rows";
import type { Sending } from "./sending";

/** The outcome's code where nobody answered in time (requests_mla/codes.py). */
const SILENCE = "not_answered";

/** What the server says where an outcome was taken before: under another id, or another of this one. */
const BEFORE: ReadonlySet<string> = new Set(["consultation-over", "id-reused"]);

type Answering = Extract<IntentRecord, { kind: "answer-consultation" }>;

/** What the server answered: what a consultation is like now. */
export function learnConsultation({ mirror }: Core, row: ConsultationRow): void {
  mirror.consultations = [row, ...mirror.consultations.filter(({ id }) => id !== row.id)];
  mirror.changed();
}

/** What came of a consultation, by whom and when; of silence there is no opinion and nobody. */
export type Heard =
  | { readonly opinion: Opinion; readonly by: string; readonly at: string }
  | { readonly opinion: null; readonly by: null; readonly at: string };

/** What fits the largest padded envelope (32 KiB) with room for its other fields. */
const MOST_BYTES = 30_000;

export class Consulting {
  constructor(
    private readonly core: Core,
    private readonly intents: Intents,
    private readonly sending: Sending,
    private readonly rows: Pick<Rows, "ask">,
    private readonly lines: Pick<Lines, "read">,
  ) {
    intents.consulting = this;
  }

  /**
   * Answer for one's State: the outcome in clear, the rest signed in the circle, for `readers`.
   *
   * An outcome that was taken stays. Where the message that says the rest was lost since, it is said
   * once more under the id that the outcome names.
   *
   * @throws {NotPossible} `thread-waiting` while this device is not in the circle, `message-too-long`,
   *   `consultation-over` once it was answered and said, or with another outcome
   */
  async answer(
    circle: string,
    consultation: string,
    opinion: Opinion,
    text: string,
    readers: readonly string[],
  ): Promise<void> {
    // Before anything leaves: what is too long would leave an outcome with nothing behind it.
    const bytes = new TextEncoder().encode(JSON.stringify({ text, opinion })).length;
    if (bytes > MOST_BYTES) throw new NotPossible("message-too-long");
    if (this.core.mirror.threads.get(circle)?.status !== "active") {
      throw new NotPossible("thread-waiting");
    }
    const { deps, mirror } = this.core;
    const row = mirror.consultations.find((one) => one.id === consultation);
    const unsaid = row === undefined ? null : await this.#unsaid(row);
    if (
      row !== undefined &&
      this.#isOwn(row) &&
      (unsaid === null || row.outcome !== opinion.outcome)
    )
      throw new NotPossible("consultation-over");
    // What was said before and waits for the network is said anew: one answer leaves, the newest.
    const id = answerOf(mirror, consultation)?.id ?? unsaid ?? deps.random.uuid();
    const said = { circle, consultation, opinion, text, readers };
    await this.intents.begin({ kind: "answer-consultation", id, at: deps.clock(), ...said });
  }

  /**
   * Give up an answer that waits for the network: it leaves never.
   *
   * @throws {NotPossible} `already-sent` if it has left
   */
  async giveUp(consultation: string): Promise<void> {
    const waiting = answerOf(this.core.mirror, consultation);
    if (waiting === undefined) throw new NotPossible("already-sent");
    await this.intents.giveUp(waiting);
  }

  #isOwn({ answerer, answer }: ConsultationRow): boolean {
    return answerer === this.core.person && answer !== null;
  }

  /** The message that an outcome of this person's names and that is nowhere here; null if none is. */
  async #unsaid(row: ConsultationRow): Promise<string | null> {
    if (!this.#isOwn(row)) return null;
    const lines = await this.lines.read(row.circle);
    const isHere = lines.some((line) => line.kind === "message" && line.message.id === row.answer);
    return isHere ? null : row.answer;
  }

  /**
   * What a request's draft may take of a consultation that the server tells of; null if this device
   * does not know it to be so.
   *
   * An answer counts as it was signed: in the circle, by somebody who was a focal point of the State
   * that was asked when they answered, also if they have left since, to the message in which this
   * person asked about that version of this request. That nobody answered is known by this device's
   * own clock, of a term that is the server's word.
   */
  async heard(request: string, told: Consulted): Promise<Heard | null> {
    if (told.outcome === SILENCE) {
      const isOver = Date.parse(told.due) <= this.core.deps.clock();
      return isOver ? { opinion: null, by: null, at: told.ended_at ?? told.due } : null;
    }
    const lines = await this.lines.read(told.circle);
    const said = new Map(
      lines.flatMap((line) => (line.kind === "message" ? [[line.message.id, line.message]] : [])),
    );
    const message = said.get(told.answer ?? "");
    const opinion = message?.consult;
    if (message === undefined || !isOpinion(opinion) || opinion.outcome !== told.outcome) {
      return null;
    }
    const first = said.get(opinion.about);
    const asking = first?.consult;
    const isAbout =
      first?.mine === true &&
      isAsking(asking) &&
      asking.request === request &&
      asking.version === told.version &&
      asking.digest === told.digest;
    const { person, at } = message;
    const { people } = this.core;
    const speaks = people.carried(person, told.state, "focal-point", Date.parse(at));
    return isAbout && speaks ? { opinion, by: person, at } : null;
  }

  /** Go on without an answer: what was asked is taken back, or its time was over. */
  async end(request: string, consultation: string): Promise<void> {
    await this.rows.ask(() => this.core.api.endConsultation(request, consultation), request);
  }

  /** First the outcome, which can be refused; then what it says, under the id that was named. */
  async carryOut(intent: Answering): Promise<Done> {
    const { core } = this;
    const { circle, consultation, opinion, text, readers } = intent;
    const id = await this.#taken(intent);
    await core.exclusive(async (tx) => {
      if ((await tx.get(keys.intent(intent.id))) === undefined) return;
      const content = { kind: "text" as const, text, consult: opinion };
      core.enqueue(tx, circle, content, [core.person, ...readers], { id });
      tx.remove(keys.intent(intent.id));
    });
    this.sending.submitted(circle);
    return { id: consultation, circle };
  }

  /**
   * Have the outcome taken, and return the id of the message that is to say the rest.
   *
   * The server may have taken it from here before, its answer lost and the words given up since:
   * then these are said under the id that it knows.
   */
  async #taken({ id, consultation, opinion }: Answering): Promise<string> {
    const { api, mirror } = this.core;
    try {
      const row = await api.answerConsultation(consultation, id, opinion.outcome);
      learnConsultation(this.core, row);
      return id;
    } catch (error) {
      if (!(error instanceof ApiError && BEFORE.has(error.code))) throw error;
      mirror.consultations = await api.consultations();
      mirror.changed();
      const row = mirror.consultations.find((one) => one.id === consultation);
      const unsaid = row === undefined ? null : await this.#unsaid(row);
      if (unsaid === null || row?.outcome !== opinion.outcome) throw error;
      return unsaid;
    }
  }
}

/** An answer to a consultation that was given here and has not left. */
export function answerOf({ intents }: Mirror, consultation: string): Answering | undefined {
  return [...intents.values()].find(
    (one) => one.kind === "answer-consultation" && one.consultation === consultation,
  ) as Answering | undefined;
}

export interface ConsultingActs {
  readonly consulting: Pick<Consulting, "answer" | "end" | "giveUp" | "heard">;
}

export function consultingActs(
  at: () => { consulting: Consulting },
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
): ConsultingActs {
  return {
    consulting: {
      answer: (...said) => guarded(() => at().consulting.answer(...said)),
      giveUp: (...which) => guarded(() => at().consulting.giveUp(...which)),
      end: (...which) => guarded(() => at().consulting.end(...which)),
      heard: (...which) => guarded(() => at().consulting.heard(...which)),
    },
  };
}
