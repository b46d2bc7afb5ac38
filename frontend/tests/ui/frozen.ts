/** Threads and a draft that stopped, for the gallery. */

import type { CaseHubClient, FrozenView, RequestView, ThreadView } from "../../src/ui/client";

const DAY = "2026-11-20";

export function stopped(over: Partial<FrozenView>): FrozenView {
  return {
    why: "chain",
    at: `${DAY}T16:20:00Z`,
    by: null,
    proof: "none",
    refused: [],
    claimedAt: null,
    proposed: [],
    leftOut: [],
    unsent: [],
    continuations: [],
    continuedIn: null,
    ...over,
  };
}

const UNSENT: FrozenView["unsent"] = [
  { id: "u1", text: "Confirmo a las 16:30.", at: `${DAY}T15:46:00Z`, status: "queued" },
  { id: "u2", text: "Los tres números son los del acta.", at: `${DAY}T15:45:00Z`, status: "sent" },
  { id: "draft", text: "Lo tiene la unidad de", at: null, status: "draft" },
];

/** What stopped each circle, and where others went on. */
export const STOPPED: Readonly<Record<string, Partial<ThreadView>>> = {
  t0: { status: "frozen", frozen: stopped({ proposed: ["p-lo", "p-rc", "p-ew", "p-jb"] }) },
  t1: {
    status: "frozen",
    frozen: stopped({
      why: "forked",
      by: { person: "p-lo", device: "d-p-lo", state: "MX" },
      proof: "read",
      claimedAt: 12,
      proposed: ["p-rc", "p-ew"],
      leftOut: ["p-lo"],
      unsent: UNSENT,
      continuations: ["t2"],
    }),
  },
  t2: {
    continues: "t1",
    strangers: [
      {
        person: "p-lo",
        device: "d-nobody",
        why: "key-mismatch",
        at: `${DAY}T16:25:00Z`,
        package: "AAEABQAB",
      },
    ],
  },
};

export const STOPPED_DRAFT: Partial<RequestView> = {
  status: "frozen",
  turn: null,
  frozen: stopped({
    why: "commit-leaf-refused",
    by: { person: "p-jb", device: "d-p-jb", state: "SV" },
    proof: "proven",
    refused: [{ person: "p-jb", device: "d-lost", state: "SV", why: "device-revoked" }],
    leftOut: ["p-jb"],
    unsent: [{ id: "u3", text: "¿Qué día fue?", at: `${DAY}T15:50:00Z`, status: "queued" }],
  }),
};

type Part = Pick<
  CaseHubClient,
  "evidence" | "continueThread" | "continueDraft" | "goOnIn" | "bringUnsent" | "dropUnsent"
>;

export const frozenPart: Part = {
  evidence: async (circle) => ({ v: 1, circle }),
  continueThread: async () => "t2",
  continueDraft: async () => "r2",
  goOnIn: async () => undefined,
  bringUnsent: async () => undefined,
  dropUnsent: async () => undefined,
};
