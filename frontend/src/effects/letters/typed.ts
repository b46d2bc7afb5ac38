/** Letters that are being typed, freely or beside a step, as they are kept on this device. */

import type { Dossier } from "../../api/dossiers";
import type { Audience } from "../../audience";
import { placeOf } from "../../store/circle";
import { Forms } from "../designations/forms";
import { stepsOf, waits } from "../dossiers/steps";
import type { LetterForm } from "./acts";

/** Where words are typed that go with no step. */
export const FREE = "free";
/** The same to one's own. */
export const AT_HOME = "home";

export const audienceIn = (form: string): Audience => (form === AT_HOME ? "home" : "both");

const NOTHING: LetterForm = { text: "", handling: null, number: 0 };

type Of = { readonly form: string; readonly said: LetterForm };
type Store = ConstructorParameters<typeof Forms>[0];
type After = ConstructorParameters<typeof Forms>[1];

export class Typed {
  readonly #forms: Forms;

  constructor(
    private readonly store: Store,
    after: After,
    report: (error: unknown) => void,
  ) {
    this.#forms = new Forms(store, after, report, "letter-form");
  }

  keep(request: string, form: string, said: LetterForm): void {
    this.#forms.keep(`${request}/${form}`, JSON.stringify(said));
  }

  async kept(request: string, form: string): Promise<LetterForm | null> {
    const text = await this.#forms.read(`${request}/${form}`);
    return text === null ? null : (JSON.parse(text) as LetterForm);
  }

  /** All that is kept of a request. */
  async of(request: string): Promise<Of[]> {
    const all: Of[] = [];
    for (const name of await this.#forms.names(`${request}/`)) {
      const form = name.slice(request.length + 1);
      const said = await this.kept(request, form);
      if (said !== null) all.push({ form, said });
    }
    return all;
  }

  /**
   * What was typed or chosen beside steps of which none is done, nor waits for its second person: it
   * leaves by itself no more. What was never signed, or not done, stays where the step is taken anew.
   */
  async stranded(found: Dossier, me: string, now: number): Promise<Of[]> {
    const { proposal } = found;
    const waiting = proposal !== null && waits(proposal, now) ? proposal.step : null;
    const left: Of[] = [];
    const kept = await this.of(found.id);
    // Read after the words: what leaves meanwhile takes its files along with them.
    const chosen = await this.#chosen(found.id);
    const bare = chosen.filter((form) => !kept.some((one) => one.form === form));
    for (const { form, said } of [...kept, ...bare.map((form) => ({ form, said: NOTHING }))]) {
      const isSaid = Object.entries(said).some(([name, one]) => name !== "number" && Boolean(one));
      if (form === FREE || form === AT_HOME || !(isSaid || chosen.includes(form))) continue;
      if (waiting !== null && said.leaves === waiting) continue;
      if (!(await isDone(found, me, form, said))) left.push({ form, said });
    }
    return left;
  }

  /** Beside which steps of a request files are chosen, whatever was typed there. */
  async #chosen(request: string): Promise<string[]> {
    const all = `upload/${placeOf(request, "")}`;
    const names = await (await this.store()).vault.keys(all);
    return [...new Set(names.map((name) => name.slice(all.length).split("/")[0] ?? ""))];
  }

  /** What goes with a step; what is merely typed, or was for one that was given up, waits for who typed it. */
  async leaving(request: string): Promise<Of[]> {
    return (await this.of(request)).filter(({ said }) => said.leaves !== undefined);
  }

  forget(request: string, form: string, besides?: Parameters<Forms["forget"]>[1]): Promise<void> {
    return this.#forms.forget(`${request}/${form}`, besides);
  }

  flush(): Promise<void> {
    return this.#forms.flush();
  }
}

/** Whether the very step that somebody signed it for is in the record. */
export async function isDone(
  found: Dossier,
  me: string,
  form: string,
  said: LetterForm,
): Promise<boolean> {
  const like = found.moves.filter(
    ({ number, person, act }) => number === said.number && person === me && act === form,
  );
  return said.leaves !== undefined && (await stepsOf(found.id, like)).includes(said.leaves);
}
