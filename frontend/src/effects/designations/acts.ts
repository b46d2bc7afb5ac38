/** What coordinators and ministry officers do with designations, and all with notices. */

import type {
  AnswerBody,
  Designation,
  DesignationRoutes,
  DirectoryStanding,
  Reinstatement,
} from "../../api/designations";
import { b64u, hex, sha256 } from "../../bytes";
import { canonical } from "../../canonical";
import { wordsOf } from "../../crypto/fingerprintWords";
import { instantText } from "../../crypto/statements";
import type { Deps } from "../deps";
import { systemTimers } from "../deps";
import { DirectoryLog } from "../directory/log";
import type { LogWatch } from "../log/watch";
import type { Opened } from "../opening";
import { NotPossible } from "../problems";
import { type Checked, checkNomination, isInForce } from "./checking";
import { Forms } from "./forms";
import { misheard } from "./hearing";
import { digestOfFile, type Said, saidIn } from "./payload";
import {
  bindingBody,
  type Prepared,
  prepareNomination,
  reinstatementBody,
  signBody,
} from "./signing";

type Plain = Pick<
  DesignationRoutes,
  | "list"
  | "read"
  | "draft"
  | "change"
  | "ask"
  | "consulted"
  | "withdraw"
  | "reject"
  | "renew"
  | "code"
  | "offices"
  | "notices"
  | "noticesOf"
  | "acknowledge"
  | "reminders"
  | "acknowledgeUpTo"
  | "standing"
  | "reinstatement"
>;

export interface DesignationActs extends Plain {
  /** What an agency answered; of its document only the SHA-256 leaves this browser. */
  answer(
    id: string,
    consultation: string,
    said: Omit<AnswerBody, "digest">,
    file: Blob | null,
  ): Promise<Designation>;
  /** The six words of the key that lies in this browser, once that is open; none without one. */
  ownWords(): Promise<string[]>;
  /** Exactly what a nomination's signature would be under. */
  prepare(found: Designation): Promise<Prepared>;
  nominate(id: string, prepared: Prepared): Promise<Designation>;
  /** What this browser finds out of a nomination by itself, its own key in force among it. */
  check(found: Designation): Promise<Checked & { mine: boolean }>;
  /** What was signed of the term before; null if there was none. */
  before(found: Designation): Promise<Said | null>;
  /** Sign the bytes that were checked and shown. */
  approve(found: Designation): Promise<Designation>;
  /** Places at which what was typed is not the offered key's words. */
  compare(found: Designation, typed: readonly string[]): Promise<number[]>;
  /** Vouch for the offered key, whose words were heard. @throws {NotPossible} words-differ */
  bind(found: Designation, typed: readonly string[]): Promise<Designation>;
  reinstate(found: Reinstatement): Promise<Reinstatement>;
  /** Confirm the list as it was shown. @throws {NotPossible} standing-changed */
  confirmStanding(shown: DirectoryStanding): Promise<DirectoryStanding>;
  keepForm(form: string, text: string): void;
  keptForm(form: string): Promise<string | null>;
  forgetForm(form: string): Promise<void>;
  /** Write down what waits to be. */
  flush(): Promise<void>;
}

type Door = {
  readonly guarded: <T>(act: () => Promise<T>) => Promise<T>;
  /** For what lets somebody act, or a key count: not while the log contradicts itself. */
  readonly letting: <T>(act: () => Promise<T>) => Promise<T>;
  /** The person's store, once it is open; null where there is none. */
  readonly opened: () => Promise<Opened | null>;
  readonly watch: () => LogWatch | null;
};

export function designationActs(deps: Deps, door: Door): DesignationActs {
  const { api, clock, random } = deps;
  const routes = api.designations;
  const { guarded } = door;
  const letting = <T>(act: () => Promise<T>) => guarded(() => door.letting(act));
  const at = async (): Promise<Opened> => {
    const opened = await door.opened();
    if (opened === null) throw new NotPossible("identity-not-here");
    return opened;
  };
  const common = async () => {
    const { person } = await at();
    return { serial: random.uuid(), now: clock(), state: person.state };
  };
  const timers = deps.timers ?? systemTimers;
  const forms = new Forms(at, timers.after, (error) => deps.report?.(error));
  const log = logOf(deps, door);
  return {
    ...plain(routes, guarded),
    answer: (id, consultation, said, file) =>
      guarded(async () => {
        const digest = file === null ? "" : await digestOfFile(file);
        return routes.answer(id, consultation, { ...said, digest });
      }),
    ownWords: () => guarded(async () => (await door.opened())?.identity.words() ?? []),
    prepare: (found) => guarded(async () => prepareNomination(found, await common())),
    nominate: (id, { body }) =>
      letting(async () =>
        routes.nominate(id, await signBody((await at()).identity, "designation", body)),
      ),
    check: (found) =>
      guarded(async () => {
        const directory = await log();
        const checked = await checkNomination(
          { ...found, fields: found.fields as Said & Record<string, never> },
          directory,
          clock(),
        );
        const { person, identity } = await at();
        const key = identity.key ?? "";
        const mine = isInForce(directory, person.id, key, "ministry", found.state, clock());
        return { ...checked, mine };
      }),
    before: (found) =>
      guarded(async () => {
        if (found.renews === null) return null;
        const { body } = await routes.read(found.renews);
        return body === null ? null : (await saidIn(body)).fields;
      }),
    approve: (found) =>
      letting(async () => {
        const body = found.body ?? "";
        const { digest } = await saidIn(body);
        const hand = await (await at()).identity.signBody("designation", b64u.decode(body));
        return routes.approve(found.id, digest, hand);
      }),
    compare: (found, typed) => guarded(() => compared(found, typed)),
    bind: (found, typed) =>
      letting(async () => {
        // The words are heard of this key, so a key that came since is not vouched for.
        if ((await compared(found, typed)).length > 0) throw new NotPossible("words-differ");
        const body = await bindingBody(found, await common());
        return routes.bind(found.id, await signBody((await at()).identity, "binding", body));
      }),
    reinstate: (found) =>
      letting(async () => {
        const body = await reinstatementBody(found, await common());
        const signed = await signBody((await at()).identity, "reinstatement", body);
        return routes.reinstate(found.person, signed);
      }),
    confirmStanding: (shown) =>
      guarded(async () => {
        if ((await digestOfList(shown)) !== shown.digest) {
          throw new NotPossible("standing-changed");
        }
        return routes.confirmStanding(shown.digest);
      }),
    keepForm: (form, text) => forms.keep(form, text),
    keptForm: (form) => guarded(() => forms.read(form)),
    forgetForm: (form) => guarded(() => forms.forget(form)),
    flush: () => forms.flush(),
  };
}

function plain(routes: DesignationRoutes, guarded: Door["guarded"]): Plain {
  return {
    list: () => guarded(() => routes.list()),
    read: (id) => guarded(() => routes.read(id)),
    draft: (body) => guarded(() => routes.draft(body)),
    change: (id, body) => guarded(() => routes.change(id, body)),
    ask: (id, agency) => guarded(() => routes.ask(id, agency)),
    withdraw: (id, asked) => guarded(() => routes.withdraw(id, asked)),
    consulted: (id) => guarded(() => routes.consulted(id)),
    reject: (id, reason) => guarded(() => routes.reject(id, reason)),
    renew: (id, body, rekey) => guarded(() => routes.renew(id, body, rekey)),
    code: (id) => guarded(() => routes.code(id)),
    offices: () => guarded(() => routes.offices()),
    notices: () => guarded(() => routes.notices()),
    noticesOf: (person) => guarded(() => routes.noticesOf(person)),
    acknowledge: (id) => guarded(() => routes.acknowledge(id)),
    reminders: () => guarded(() => routes.reminders()),
    acknowledgeUpTo: (id) => guarded(() => routes.acknowledgeUpTo(id)),
    standing: () => guarded(() => routes.standing()),
    reinstatement: (person) => guarded(() => routes.reinstatement(person)),
  };
}

async function compared(found: Designation, typed: readonly string[]): Promise<number[]> {
  if (found.key === null) throw new NotPossible("key-missing");
  return misheard(typed, await wordsOf(b64u.decode(found.key)));
}

/** The name of a list as it stands on the page: canonical JSON of its lines. */
export async function digestOfList({ people }: DirectoryStanding): Promise<string> {
  const lines = people.map((one) => ({ ...one, until: instantText(Date.parse(one.until)) }));
  return hex.encode(await sha256(canonical(lines)));
}

/** The directory's log, followed anew at every question: who signs is never taken from before. */
function logOf(deps: Deps, door: Door) {
  let log: DirectoryLog | null = null;
  return async () => {
    log ??= new DirectoryLog(deps.api, door.watch(), deps.roots);
    await log.refresh();
    return log.directory;
  };
}
