/** Informal consultations about requests: answering one, and going on without an answer. */

import type { ConsultationRow } from "../api/consultations";
import type { Opinion } from "../crypto/opinion";
import { type IntentRecord, keys } from "../store/records";
import { type Core, NotPossible } from "./core";
import type { Done, Intents } from "./intents";
import type { Rows } from "./requests/rows";
import type { Sending } from "./sending";

type Answering = Extract<IntentRecord, { kind: "answer-consultation" }>;

/** What the server answered: what a consultation is like now. */
export function learnConsultation({ mirror }: Core, row: ConsultationRow): void {
  mirror.consultations = [row, ...mirror.consultations.filter(({ id }) => id !== row.id)];
  mirror.changed();
}

/** What fits the largest padded envelope (32 KiB) with room for its other fields. */
const MOST_BYTES = 30_000;

export class Consulting {
  constructor(
    private readonly core: Core,
    private readonly intents: Intents,
    private readonly sending: Sending,
    private readonly rows: Pick<Rows, "ask">,
  ) {
    intents.consulting = this;
  }

  /**
   * Answer for one's State: the outcome in clear, the rest signed in the circle, for `readers`.
   *
   * @throws {NotPossible} `thread-waiting` while this device is not in the circle, `message-too-long`
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
    const { clock, random } = this.core.deps;
    const said = { circle, consultation, opinion, text, readers };
    await this.intents.begin({
      kind: "answer-consultation",
      id: random.uuid(),
      at: clock(),
      ...said,
    });
  }

  /** Go on without an answer: what was asked is taken back, or its time was over. */
  async end(request: string, consultation: string): Promise<void> {
    await this.rows.ask(() => this.core.api.endConsultation(request, consultation), request);
  }

  /** First the outcome, which can be refused; then what it says, under the id that was named. */
  async carryOut({ id, circle, consultation, opinion, text, readers }: Answering): Promise<Done> {
    const { core } = this;
    const { outcome } = opinion;
    learnConsultation(core, await core.api.answerConsultation(consultation, id, outcome));
    await core.exclusive(async (tx) => {
      if ((await tx.get(keys.intent(id))) === undefined) return;
      const content = { kind: "text" as const, text, consult: opinion };
      core.enqueue(tx, circle, content, [core.person, ...readers], { id });
      tx.remove(keys.intent(id));
    });
    this.sending.submitted(circle);
    return { id: consultation, circle };
  }
}

export interface ConsultingActs {
  readonly consulting: Pick<Consulting, "answer" | "end">;
}

export function consultingActs(
  at: () => { consulting: Consulting },
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
): ConsultingActs {
  return {
    consulting: {
      answer: (...said) => guarded(() => at().consulting.answer(...said)),
      end: (...which) => guarded(() => at().consulting.end(...which)),
    },
  };
}
