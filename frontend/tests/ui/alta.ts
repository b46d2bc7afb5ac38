/** The enrolment, a browser that asks, and a device that rings, in the gallery. */

import { deviceCode } from "../../src/crypto/deviceStatement";
import { groupsOf } from "../../src/crypto/recoveryKit";
import type { AltaView, CaseHubClient, KitView, View } from "../../src/ui/client";
import { PEOPLE } from "./people";

export const ALTA_SCENES = [
  "alta-second",
  "alta-second-needed",
  "alta-words",
  "alta-kit",
  "alta-rules",
  "alta-waiting",
  "alta-waiting-ministry",
  "alta-officer",
  "asking",
  "asking-refused",
  "asking-retired",
  "ringing",
  "kit-due",
] as const;
export type AltaScene = (typeof ALTA_SCENES)[number];

const WORDS = ["abanico", "bahía", "cántaro", "dátil", "espiga", "farol"];
const SECRET = Uint8Array.from({ length: 32 }, (_, at) => at * 7);
const NO_KIT: KitView = {
  groups: [],
  madeAt: null,
  provenAt: null,
  keptAt: null,
  behind: false,
  replaced: false,
};
const KIT: KitView = { ...NO_KIT, groups: groupsOf(SECRET), madeAt: "2026-11-20T16:00:00Z" };
const PROVEN: KitView = {
  ...NO_KIT,
  madeAt: "2026-11-20T16:00:00Z",
  provenAt: "2026-11-20T16:10:00Z",
  keptAt: "2026-11-20T16:10:00Z",
};
const OFFER = {
  name: "Ana Íñiguez Lemus",
  post: "Fiscal de enlace",
  office: "Fiscalía General de la República, unidad especializada (SV)",
  state: "SV",
  roles: ["liaison"],
  until: "2027-11-19T12:00:00Z",
};

const ENROLMENT = {
  ...OFFER,
  designation: "d6",
  serial: "5e1d44e0-1111-4222-8333-123456789abc",
  person: "p-ma",
  stage: "ceremony",
  due_at: "2026-11-23T12:00:00Z",
  passkeys: 2,
  passkeys_wanted: 2,
  key: null,
  bound_at: null,
  telephone: "+999 000 0002",
};

/** What the view of such a scene has beside that of anybody who is signed in. */
export function altaOver(scene: string): Partial<View> {
  const code = deviceCode("d-new", WORDS);
  const base = { words: WORDS, code, expiresAt: null };
  if (scene === "asking") {
    return { asking: { ...base, state: "asking", expiresAt: "2026-11-20T16:28:00Z" } };
  }
  if (scene === "asking-refused") return { asking: { ...base, state: "refused" } };
  if (scene === "asking-retired") return { asking: { ...base, state: "retired" } };
  if (scene !== "ringing") return {};
  const times = { askedAt: "2026-11-20T16:12:00Z", expiresAt: "2026-11-20T16:27:00Z" };
  return {
    devices: {
      asked: [{ id: "r1", words: WORDS, code, swapped: false, ...times }],
      strange: [{ device: "9b1d44e0-1111-4222-8333-123456789abc", words: WORDS }],
      holdsKey: true,
    },
  };
}

export function altaPart(scene: string) {
  const [, step = "active"] = scene.startsWith("alta-") ? scene.split("-") : [];
  const officer = step === "officer";
  const view: AltaView = {
    step: officer ? "waiting" : (step as AltaView["step"]),
    enrolment: scene.endsWith("-ministry") ? { ...ENROLMENT, roles: ["coordinator"] } : null,
    words: WORDS,
    kit: scene === "alta-kit" ? KIT : PROVEN,
    officer,
    oneWillDo: !scene.endsWith("-needed"),
  };
  const kit = async () => view.kit ?? NO_KIT;
  return {
    invitation: async (code: string) => {
      if (code === "MAL") throw Object.assign(new Error("refused"), { code: "enrolment-refused" });
      return { ...OFFER, options: {} };
    },
    enrol: async () => undefined,
    altaNow: async () => view,
    makeKey: async () => undefined,
    noteAlta: async () => undefined,
    acceptRules: async () => undefined,
    rulesAccepted: async () => null,
    officerRequest: async () => ({ name: "officer-request-SV.json", text: "{}" }),
    kit,
    makeKit: kit,
    proveKit: async () => false,
    restoreKit: async () => 3,
    caseload: async () => [
      {
        reference: "SV-2026-0147",
        owner: "p-rc",
        threads: 3,
        people: PEOPLE.filter(({ id }) => ["p-lo", "p-rc"].includes(id)).map((person) => {
          return { id: person.id, person };
        }),
        alone: 1,
      },
    ],
    kitDue: async () => {
      const due = scene === "kit-due";
      return { due, since: due ? "2026-10-14T00:00:00.000Z" : null, days: due ? 37 : 0 };
    },
    putOffKit: async () => undefined,
    checkKit: async (typed: readonly string[]) => {
      if (typed[0] === "MAL") throw Object.assign(new Error("refused"), { code: "kit-other" });
      return { madeAt: "2026-11-20T16:10:00Z", people: 3, logs: 1, told: true };
    },
  } satisfies Partial<CaseHubClient>;
}
