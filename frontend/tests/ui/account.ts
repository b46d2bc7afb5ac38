/** The account of the gallery's person: factors, sessions and devices. */

import type { CaseHubClient, Digest, Losses, OwnSession } from "../../src/ui/client";
import { calendars, deadlines } from "./deadlines";

const DAY = "2026-11-20";

type Account = Pick<
  CaseHubClient,
  | "factors"
  | "addPasskey"
  | "removePasskey"
  | "offerTotp"
  | "confirmTotp"
  | "recoveryCodes"
  | "digest"
  | "changeDigest"
  | "deadlines"
  | "calendars"
  | "sessions"
  | "endSession"
  | "endOtherSessions"
  | "devices"
  | "losses"
  | "nameOfDevice"
  | "confirmDevice"
  | "refuseDevice"
  | "recogniseDevice"
  | "askAnew"
  | "nameAgain"
  | "takeDemoKey"
  | "safety"
  | "verifyPerson"
  | "closeAccount"
  | "stayActive"
>;

const NUMBER = "099290047896079646624692541012454414325983106304440267365669";
const OFFER = {
  secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
  uri: "otpauth://totp/CaseHub%3Asv.enlace1?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=CaseHub&algorithm=SHA1&digits=6&period=30",
  expires_in: 600,
};

function ownSessions(): OwnSession[] {
  return [
    {
      id: "5a1d0f60-1111-4222-8333-123456789abc",
      this: true,
      method: "passkey",
      device: "3f0c8a52-1111-4222-8333-123456789abc",
      started_at: `${DAY}T14:58:00Z`,
      last_seen_at: `${DAY}T16:13:00Z`,
    },
    {
      id: "77e0b3c4-1111-4222-8333-123456789abc",
      this: false,
      method: "totp",
      device: "c2aa9e17-1111-4222-8333-123456789abc",
      started_at: `${DAY}T13:30:00Z`,
      last_seen_at: `${DAY}T16:02:00Z`,
    },
    {
      id: "0c9f4b11-1111-4222-8333-123456789abc",
      this: false,
      method: "recovery-code",
      device: null,
      started_at: `${DAY}T15:40:00Z`,
      last_seen_at: `${DAY}T15:41:00Z`,
    },
  ];
}

const CASE = {
  caseReference: "SV-2026-0147",
  caseTitle: "Tráfico ilícito de migrantes · ruta La Hachadura–Tecún Umán",
};

/** Two threads that nobody else of theirs reads, one that a second browser does. */
function lossesOf(device: string | null): Losses {
  const quiet = { devices: [], here: true, owner: null, draft: false, unsent: 0 };
  return {
    threads: [
      { ...CASE, ...quiet, circle: "k1", kind: "case", name: null, people: ["p-lo", "p-rc"] },
      {
        ...CASE,
        ...quiet,
        circle: "t1",
        kind: "thread",
        name: "Registros bancarios",
        people: ["p-lo"],
        owner: "p-rc",
        draft: true,
        unsent: 2,
      },
      { ...CASE, ...quiet, circle: "t9", kind: "thread", name: "Solo mío", people: [] },
      {
        ...CASE,
        ...quiet,
        circle: "t2",
        kind: "thread",
        name: "Turnos",
        people: ["p-ew"],
        devices: device === null ? [] : ["9b1d44e0-1111-4222-8333-123456789abc"],
      },
    ],
    here: true,
    last: false,
    begun: ["Ruta de Corinto"],
  };
}

/**
 * `proven`: whether a fresh proof was given. `leave`: what closing the account does. `ending`: one of
 * the devices ends soon.
 */
export function accountPart({
  proven,
  leave,
  ending,
}: {
  proven: () => boolean;
  leave: () => void;
  ending: boolean;
}): Account {
  const factors = {
    passkeys: [
      {
        id: 1,
        name: "Portátil de la oficina",
        created_at: "2026-09-01T12:00:00Z",
        last_used_at: `${DAY}T12:00:00Z`,
      },
    ],
    totp: true,
    totp_since: "2026-09-01T12:00:00Z",
    totp_allowed: true,
    recovery_codes_left: 2,
  };
  let sessions = ownSessions();
  let digest: Digest = {
    often: "never",
    hour: 8,
    zone: "",
    language: null,
    address: "",
    able: true,
    folder: "var/mail",
    sent_on: null,
    failed_on: null,
  };
  return {
    factors: async () => factors,
    addPasskey: async () => factors,
    removePasskey: async () => {
      if (!proven()) throw Object.assign(new Error("refused"), { code: "step-up-needed" });
      return { ...factors, passkeys: [] };
    },
    offerTotp: async () => OFFER,
    confirmTotp: async (code: string) => {
      if (code === "000000") {
        throw Object.assign(new Error("refused"), { code: "totp-code-differs" });
      }
      return { ...factors, totp_since: `${DAY}T16:20:00Z` };
    },
    digest: async () => digest,
    deadlines: async () => deadlines,
    calendars: async () => calendars,
    changeDigest: async (choice) => {
      if (!choice.address.endsWith(".example")) {
        throw Object.assign(new Error("refused"), { code: "digest-address-malformed" });
      }
      digest = { ...digest, ...choice, sent_on: DAY };
      return digest;
    },
    sessions: async () => sessions,
    endSession: async (id: string) => {
      sessions = sessions.filter((session) => session.id !== id);
      return sessions;
    },
    endOtherSessions: async () => {
      sessions = sessions.filter((session) => session.this);
      return sessions;
    },
    closeAccount: async () => {
      if (!proven()) throw Object.assign(new Error("refused"), { code: "step-up-needed" });
      leave();
    },
    recoveryCodes: async () => Array.from({ length: 10 }, (_, i) => `k7q${i}-29fd-xw4m`),
    devices: async () => [
      {
        id: "3f0c8a52-1111-4222-8333-123456789abc",
        added_at: `${DAY}T12:00:00Z`,
        until: ending
          ? new Date(Date.now() + 12 * 86_400_000).toISOString()
          : "2027-05-19T12:00:00Z",
        last_seen: DAY,
        name: "Portátil de la oficina",
        here: true,
        strange: false,
        revoked: false,
        retired: false,
      },
      {
        id: "9b1d44e0-1111-4222-8333-123456789abc",
        added_at: "2026-08-02T12:00:00Z",
        until: "2027-02-01T12:00:00Z",
        last_seen: "2026-09-30",
        name: "",
        here: false,
        strange: false,
        revoked: true,
        retired: true,
      },
    ],
    losses: async (device) => lossesOf(device),
    nameOfDevice: async () => undefined,
    confirmDevice: async () => undefined,
    refuseDevice: async () => undefined,
    recogniseDevice: async () => undefined,
    askAnew: async () => undefined,
    nameAgain: async () => undefined,
    takeDemoKey: async () => undefined,
    stayActive: async () => undefined,
    safety: async () => ({ number: NUMBER, state: "changed" as const, at: `${DAY}T12:00:00Z` }),
    verifyPerson: async () => ({
      number: NUMBER,
      state: "verified" as const,
      at: `${DAY}T12:00:00Z`,
    }),
  };
}
