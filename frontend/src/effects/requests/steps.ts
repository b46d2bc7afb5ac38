/** Acts on requests that take several steps; see ../intents.ts. */

import { ApiError } from "../../api/errors";
import type { Draft } from "../../rules/book";
import { type IntentRecord, keys } from "../../store/records";
import { type Core, NotPossible } from "../core";
import type { Intents } from "../intents";
import type { RequestDesk } from "./desk";
import { firstText } from "./texts";

type Of<Kind extends IntentRecord["kind"]> = Extract<IntentRecord, { kind: Kind }>;
type Done = { id: string; circle: string };

export class RequestSteps {
  constructor(
    private readonly core: Core,
    private readonly intents: Intents,
    private readonly desk: RequestDesk,
  ) {
    intents.requests = this;
  }

  /** Resolves with the request's id when its group is begun and its draft safe on this device. */
  async draft(
    caseId: string,
    title: string,
    draft: Draft,
    people: readonly string[],
    from: Pick<Of<"draft-request">, "continues" | "aside"> = {},
  ): Promise<string> {
    const { clock, random } = this.core.deps;
    this.#requireOwnState(people);
    return this.desk.begin(
      this.intents.begin({
        kind: "draft-request",
        id: random.uuid(),
        at: clock(),
        caseId,
        title,
        draft,
        people,
        ...from,
      }),
    );
  }

  async add(request: string, person: string): Promise<void> {
    const { clock, random } = this.core.deps;
    this.#requireOwnState([person]);
    await this.intents.begin({
      kind: "add-drafter",
      id: random.uuid(),
      at: clock(),
      request,
      person,
    });
  }

  async remove(request: string, person: string): Promise<void> {
    const { circle } = this.desk.rows.get(request);
    const row = await this.core.api.removeDrafter(request, person);
    if (row === null) return this.desk.rows.refresh(); // oneself
    await this.intents.dismissed([circle], person);
    await this.desk.rows.refresh();
    await this.intents.followAll([circle]);
  }

  carryOut(intent: Of<"draft-request"> | Of<"add-drafter">): Promise<Done> {
    return intent.kind === "draft-request" ? this.#draft(intent) : this.#add(intent);
  }

  async #draft(act: Of<"draft-request">): Promise<Done> {
    const { id: intent, caseId, title, draft, people, continues, aside } = act;
    const { api, person } = this.core;
    const { rows } = this.desk;
    const others = people.filter((one) => one !== person);
    const { id, circle } = await rows.ask(() =>
      api.openRequest(intent, caseId, others, draft.requested_state),
    );
    await this.intents.start(intent, {
      circle,
      drafting: true,
      own: true,
      title,
      invited: others,
      continues,
      also: async (tx) => {
        if ((await tx.get(keys.draftOf(id))) === undefined) {
          tx.put(
            keys.draftOf(id),
            firstText(draft, aside && { draft: aside, at: this.core.now() }),
          );
        }
      },
    });
    await this.intents.followAll([circle]);
    return { id, circle };
  }

  async #add({ id: intent, request, person }: Of<"add-drafter">): Promise<Done> {
    const { api } = this.core;
    const { rows } = this.desk;
    const circle = this.core.mirror.request(request)?.circle;
    if (circle === undefined) {
      // Out of it meanwhile: there is nothing left to do.
      await this.core.exclusive(async (tx) => tx.remove(keys.intent(intent)));
      throw new NotPossible("not-found");
    }
    try {
      await rows.ask(() => api.addDrafter(request, intent, person), request);
    } catch (error) {
      // The step was done before a reload.
      if (!(error instanceof ApiError && error.code === "already-in")) throw error;
    }
    await this.intents.invited(intent, [circle], person);
    await this.intents.followAll([circle]);
    return { id: request, circle };
  }

  /** The server says so too; but whom the directory places elsewhere is not even asked for. */
  #requireOwnState(people: readonly string[]): void {
    const { mirror, device } = this.core;
    const foreign = mirror.people.some(
      ({ id, state }) => people.includes(id) && state !== device.state,
    );
    if (foreign) throw new NotPossible("draft-own-state");
  }
}
