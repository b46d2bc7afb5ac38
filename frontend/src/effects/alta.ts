/** A person's enrolment in this browser: code, passkey, key, kit, rules, and waiting to be bound. */

import type { Enrolment, Invitation } from "../api/enrolment";
import { ApiError } from "../api/errors";
import type { SessionInfo } from "../api/schema";
import { b64u, hex, sha256, utf8 } from "../bytes";
import { canonical } from "../canonical";
import { type AltaStep, stepOf } from "../state/alta";
import type { AltaRecord } from "../store/own";
import { keys } from "../store/records";
import { type CaseKnown, caseloadOf } from "./caseload";
import type { Deps } from "./deps";
import { Kit, type KitView } from "./kit";
import { type KitChecked, type KitDue, KitProof } from "./kitProof";
import type { LogWatch } from "./log/watch";
import type { Opened } from "./opening";
import { NotPossible } from "./problems";

export type { Enrolment, Invitation } from "../api/enrolment";
export type { AltaStep } from "../state/alta";
export type { KitView } from "./kit";
export type { KitChecked, KitDue } from "./kitProof";

export type AltaView = {
  step: AltaStep;
  /** Null for somebody whom nobody designated here, as the demo's officers. */
  enrolment: Enrolment | null;
  words: readonly string[];
  kit: KitView | null;
  /** A ministry's officer: the way ends with a file for the State's ceremony. */
  officer: boolean;
  /** They may go on with one passkey: nobody has to vouch for their key, or it is the demo. */
  oneWillDo: boolean;
};

export interface AltaActs {
  /** Show the code; it is not used up yet. @throws {ApiError} enrolment-refused */
  invitation(code: string): Promise<Invitation>;
  /** "It is me": make the passkey, and be signed in. */
  enrol(code: string, options: Record<string, unknown>, passkey: string): Promise<void>;
  /** How far it has come, after asking the server. */
  altaNow(): Promise<AltaView>;
  /** Make the identity key here, and offer its public half. */
  makeKey(): Promise<void>;
  noteAlta(done: AltaRecord): Promise<void>;
  acceptRules(text: string): Promise<void>;
  rulesAccepted(): Promise<string | null>;
  /** What a ministry's officer carries to the State's ceremony. */
  officerRequest(): Promise<{ name: string; text: string }>;
  kit(): Promise<KitView>;
  makeKit(anew?: boolean): Promise<KitView>;
  proveKit(typed: ReadonlyMap<number, string>): Promise<boolean>;
  restoreKit(typed: readonly string[]): Promise<number>;
  /** Of a browser that reads nothing: their cases, as far as the server may tell of them. */
  caseload(): Promise<CaseKnown[]>;
  /** Whether they are to show again that they hold the paper. @throws {Unreachable} */
  kitDue(): Promise<KitDue>;
  /** "Not now": for a week, in this browser. */
  putOffKit(): Promise<void>;
  /** Open the newest backup with what the paper says; nothing else comes of it. */
  checkKit(typed: readonly string[]): Promise<KitChecked>;
}

const MINISTRY = "ministry";

type Client = {
  session: () => SessionInfo;
  opened: () => Opened | null;
  entered: (session: SessionInfo) => Promise<void>;
  guarded: <T>(act: () => Promise<T>) => Promise<T>;
  watch: LogWatch | null;
};

export function altaActs(deps: Deps, client: Client): AltaActs {
  const { api } = deps;
  const { guarded } = client;
  const at = (): Opened => {
    const opened = client.opened();
    if (opened === null) throw new NotPossible("sign-in-needed");
    return opened;
  };
  const kit = () => new Kit(deps, at(), client.watch, deps.preferences ?? null);
  const proof = () => new KitProof(deps, at());
  const hasOffice = () => client.session().person?.roles.includes(MINISTRY) === true;

  async function enrolmentNow(): Promise<Enrolment | null> {
    try {
      return await api.enrolment();
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null; // nobody designated them
      throw error;
    }
  }

  async function postOf(person: string): Promise<string | undefined> {
    return (await api.people()).find((one) => one.id === person)?.post || undefined;
  }

  async function now(): Promise<AltaView> {
    const opened = at();
    const { identity, vault } = opened;
    const [enrolment, record, kitView, rules] = await Promise.all([
      enrolmentNow(),
      vault.read(keys.alta),
      kit().view(),
      api.rulesAccepted(),
    ]);
    const { demo, person } = client.session();
    // Whom a root is to name has no role yet: what they are invited for says what they will be.
    const officer = hasOffice() || enrolment?.roles.includes(MINISTRY) === true;
    const oneWillDo = officer || demo;
    // Of an officer both: the session may be of a moment before what the ceremony signed was entered.
    const hasRole = (person?.roles ?? []).length > 0;
    const isIn = hasRole && (!officer || enrolment?.bound_at != null);
    const step = stepOf({
      signedIn: true,
      invited: true,
      confirmed: true,
      passkeys: enrolment?.passkeys ?? 0,
      passkeysWanted: enrolment?.passkeys_wanted ?? 0,
      onePasskey: oneWillDo && record?.onePasskey === true,
      keyHere: identity.key !== null,
      keyOffered: enrolment === null ? officer : enrolment.key === identity.key,
      wordsRead: record?.wordsRead === true,
      kitProven: kitView.provenAt !== null,
      rulesAccepted: rules !== null,
      bound: isIn,
    });
    const words = await identity.words();
    return { step, enrolment, words, kit: kitView, officer, oneWillDo };
  }

  return {
    invitation: (code) => api.beginEnrolment(code),
    enrol: async (code, options, passkey) => {
      if (deps.webauthn === undefined) throw new NotPossible("passkey-unavailable");
      const credential = await deps.webauthn.create(options);
      await client.entered(await api.finishEnrolment(code, passkey, credential));
      await api.publicLog?.feed.earlier();
    },
    altaNow: () =>
      guarded(async () => {
        await client.entered(await api.session());
        return now();
      }),
    makeKey: () =>
      guarded(async () => {
        const { identity, person } = at();
        await identity.make();
        const enrolment = hasOffice() ? await enrolmentNow() : await api.enrolment();
        if (enrolment === null) return; // an officer of the demo: there is nobody to offer it to
        const key = identity.publicKey;
        if (key === null || enrolment.serial === null) throw new NotPossible("identity-not-here");
        const said = { v: 1, designation: enrolment.serial, person: person.id };
        const body = canonical({ ...said, key: b64u.encode(key) });
        const proof = await identity.signOther("identity-key", body);
        await api.offerKey(key, b64u.decode(proof));
      }),
    noteAlta: async (done) => {
      await at().inTurn(async (tx) => {
        tx.put(keys.alta, { ...(await tx.get(keys.alta)), ...done });
      });
    },
    acceptRules: (text) =>
      guarded(async () => {
        await api.acceptRules(hex.encode(await sha256(utf8.encode(text))));
      }),
    rulesAccepted: () => guarded(() => api.rulesAccepted()),
    officerRequest: async () => {
      const { identity, person } = at();
      if (identity.key === null) throw new NotPossible("identity-not-here");
      const { id, state, name } = person;
      // Whoever has no role yet reads no directory; their invitation says what they will be.
      const post = (await enrolmentNow())?.post ?? (await postOf(id)) ?? person.office;
      const made = `${new Date(deps.clock()).toISOString().slice(0, 19)}Z`;
      const body = canonical({ v: 1, state, person: id, name, post, key: identity.key, made });
      const signature = await identity.signOther("officer-request", body);
      const text = `${JSON.stringify({ body: b64u.encode(body), signature })}\n`;
      return { name: `officer-request-${state}-${made.slice(0, 10)}.json`, text };
    },
    kit: () => guarded(() => kit().view()),
    makeKit: (anew) => guarded(() => kit().make(anew)),
    proveKit: (typed) => guarded(() => kit().prove(typed)),
    restoreKit: (typed) => guarded(() => kit().restore(typed)),
    caseload: () => guarded(() => caseloadOf(deps, client.session().person?.id ?? "")),
    kitDue: () => guarded(() => proof().due()),
    putOffKit: () => proof().putOff(),
    checkKit: (typed) => guarded(() => proof().check(typed)),
  };
}
