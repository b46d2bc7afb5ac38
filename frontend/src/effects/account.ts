/** What a person does with their own account: factors, sessions, devices, and closing it. */

import type { Calendar, Deadline } from "../api/deadlines";
import type { Digest, DigestChoice } from "../api/digest";
import type { Factors, OwnSession, SessionInfo, TotpOffer } from "../api/schema";
import { NotPossible } from "./core";
import type { Deps } from "./deps";

export interface AccountActs {
  factors(): Promise<Factors>;
  addPasskey(name: string): Promise<Factors>;
  removePasskey(id: string | number): Promise<Factors>;
  /** A code generator to set up: its secret is in this answer, the only time. */
  offerTotp(): Promise<TotpOffer>;
  /** The generator shown last works: it counts from now on, and the one before no more. */
  confirmTotp(code: string): Promise<Factors>;
  /** Ten new codes, shown once. */
  recoveryCodes(): Promise<string[]>;
  /** The daily e-mail of counts: how often, when, where to. */
  digest(): Promise<Digest>;
  /** Until when one has to act, nearest first; `of` requests alone, and of what was asked about one. */
  deadlines(of?: "requests"): Promise<Deadline[]>;
  /** Every State's holidays. */
  calendars(): Promise<Calendar[]>;
  changeDigest(choice: DigestChoice): Promise<Digest>;
  /** One's own sessions, the one used last first. */
  sessions(): Promise<OwnSession[]>;
  endSession(id: string): Promise<OwnSession[]>;
  /** Leaves the session of this page alone. */
  endOtherSessions(): Promise<OwnSession[]>;
  /** For good: nothing opens the account any more, nor what this person's browsers have kept. */
  closeAccount(): Promise<void>;
}

/**
 * `guarded`: notices the session's end. `closed`: the account is, and so is this session.
 * `letting`: for what makes a key count.
 */
export function accountActs(
  { api, webauthn }: Deps,
  guarded: <T>(act: () => Promise<T>) => Promise<T>,
  closed: (session: SessionInfo) => Promise<void>,
  letting: <T>(act: () => Promise<T>) => Promise<T>,
): AccountActs {
  return {
    factors: () => guarded(() => api.factors()),
    addPasskey: (name) =>
      guarded(async () => {
        if (webauthn === undefined) throw new NotPossible("passkey-unavailable");
        const { options } = await api.newPasskeyBegin();
        const made = await webauthn.create(options);
        return letting(() => api.newPasskeyFinish(name, made));
      }),
    removePasskey: (id) => guarded(() => api.removePasskey(id)),
    offerTotp: () => guarded(() => api.totpBegin()),
    confirmTotp: (code) => guarded(() => letting(() => api.totpFinish(code))),
    recoveryCodes: () => guarded(async () => (await letting(() => api.recoveryCodes())).codes),
    digest: () => guarded(() => api.digest()),
    deadlines: (of) => guarded(() => api.deadlines(of)),
    calendars: () => guarded(() => api.calendars()),
    changeDigest: (choice) => guarded(() => api.changeDigest(choice)),
    sessions: () => guarded(() => api.sessions()),
    endSession: (id) => guarded(() => api.endSession(id)),
    endOtherSessions: () => guarded(() => api.endOtherSessions()),
    closeAccount: () => guarded(async () => closed(await api.closeAccount())),
  };
}
