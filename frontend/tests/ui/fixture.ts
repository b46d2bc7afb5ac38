/** A client without a server: one case, three threads, every state a line can be in. */

import type { CaseHubClient, CaseView, Line, Message, View } from "../../src/ui/client";
import { accountPart } from "./account";
import { altaOver, altaPart } from "./alta";
import { designationsPart, WORDS } from "./designations";
import { directoryPart } from "./directory";
import { fetchFile } from "./files";
import { frozenPart, STOPPED } from "./frozen";
import { historyPart, talkOf } from "./history";
import { joiningsOf, WAITING_ACTS, waiting } from "./joinings";
import { constancyPart, logOf } from "./log";
import { linesPart } from "./long";
import { casesOf } from "./many";
import { CONSULTING_ACTS, NOTE_ACTS, notesOf, PAPER_ACTS, UNSENT } from "./notes";
import { oversightPart } from "./oversight";
import { PEOPLE, personOf, STATES } from "./people";
import { requestsOf, requestsPart } from "./requests";
import { ERASED, KEPT, RETAINED, RETENTION_ACTS } from "./retention";
import { ROLES, type Scene } from "./scenes";
import { stoppingPart } from "./stopping";
import { AWAY, BEGUN, silent, thread, typingPart } from "./threads";

const ME = "p-ma";
const DAY = "2026-11-20";

let seq = 0;
function said(
  person: string,
  at: string,
  text: string,
  status: Message["status"] = "received",
): Line {
  seq += 1;
  const message: Message = {
    id: `m${seq}`,
    seq,
    at,
    person,
    device: `d-${person}`,
    mine: person === ME,
    text,
    status,
  };
  if (status === "received" && message.mine) {
    if (seq % 2 === 0) message.settled = { index: 1_000 + seq, cosigned: ["CA", "CR", "MX"] };
    else message.unsettled = "late";
  }
  if (status === "failed") Object.assign(message, { urgent: true, error: "message-urgent-many" });
  if (status === "held") message.newReaders = ["p-ew"];
  if (status !== "received" && status !== "sent") message.seq = null;
  return { kind: "message", message };
}

function happened(
  what: Extract<Line, { kind: "event" }>["what"],
  people: string[],
  by: string | null,
  at: string,
): Line {
  seq += 1;
  return { kind: "event", seq, at, what, people, by };
}

const BANKS: Line[] = [
  happened("created", [ME, "p-lo", "p-rc"], ME, "2026-11-19T15:02:00Z"),
  said(
    ME,
    "2026-11-19T15:03:00Z",
    "Buenos días. Abro este hilo para los registros bancarios de la ruta La Hachadura–Tecún Umán.",
  ),
  said(
    "p-lo",
    `${DAY}T15:12:00Z`,
    "La CNBV responde en 15 días si el oficio precisa período, institución y número de cuenta o CURP. Con «movimientos recientes» nos lo devuelven.",
  ),
  said(
    ME,
    `${DAY}T15:20:00Z`,
    "Tomado. Agrego el período 1 ene – 31 mar 2026 en la sección 3 del borrador y cito el artículo 8 del tratado de 1998.",
  ),
  happened("device-added", ["p-rc"], null, `${DAY}T15:31:00Z`),
  said(
    "p-rc",
    `${DAY}T15:41:00Z`,
    "Del lado de GT podemos preservar los registros telefónicos desde hoy sin solicitud formal, por 90 días.\n\nNecesito los números antes de las 17:00.",
  ),
  said(ME, `${DAY}T15:44:00Z`, "Se los paso en cuanto termine la diligencia.", "sent"),
  said(ME, `${DAY}T15:45:00Z`, "Los tres números son los del acta del lunes.", "failed"),
  said(ME, `${DAY}T15:46:00Z`, "Confirmo a las 16:30.", "queued"),
  said("p-lo", `${DAY}T16:02:00Z`, "Recibido. Falta el período exacto de la segunda cuenta."),
  said(
    "p-lo",
    `${DAY}T16:03:00Z`,
    "<b>No es texto con formato</b> {ni una variable} \u202eni sentido contrario",
  ),
  happened("joined", ["p-ew"], "p-lo", `${DAY}T16:10:00Z`),
  said(
    "p-ew",
    `${DAY}T16:12:00Z`,
    "Thank you for adding me. Who holds the phone extraction report?",
  ),
  said(ME, `${DAY}T16:09:00Z`, "Solo para México y Guatemala: el acta llega mañana.", "held"),
];

const IN_CASE = [ME, "p-lo", "p-rc", "p-ew", "p-jb"];

function caseFile(scene: Scene): CaseView {
  const changed = scene === "frozen" ? STOPPED : scene === "offline" ? AWAY : {};
  const over = (circle: string) => changed[circle] ?? {};
  return {
    id: "c1",
    reference: "SV-2026-0147",
    opened_at: "2026-11-02T14:00:00Z",
    title: "Tráfico ilícito de migrantes · ruta La Hachadura–Tecún Umán",
    state: "SV",
    states: ["SV", "GT", "MX", "US", "HN"],
    joinings: joiningsOf("c1"),
    ...KEPT,
    owner: ME,
    people: IN_CASE.map((id) => ({
      id,
      since: "2026-11-02T14:00:00Z",
      stopped: null,
      devices_stopped: [],
    })),
    unread: 4,
    threads: [
      thread("t0", null, IN_CASE, { kind: "case", ...over("t0") }),
      thread("t1", "Requisitos bancarios MX", [ME, "p-lo", "p-rc", "p-ew"], {
        unread: 3,
        calls: [
          { seq: 4, at: `${DAY}T15:40:00Z`, by: "p-lo", owed: true },
          { seq: 7, at: `${DAY}T16:12:00Z`, by: "p-ew", named: true, urgent: true },
        ],
        lastAt: `${DAY}T16:12:00Z`,
        draft: "Lo tiene la unidad de",
        ...over("t1"),
      }),
      thread("t2", "Calificación del hecho", [ME, "p-lo"], {
        lastAt: "2026-11-19T22:00:00Z",
        draft: "Revisé",
        ...over("t2"),
      }),
      thread("t9", "Notas para el expediente", [ME], {}),
      thread("t3", "Custodia de teléfonos", [ME, "p-rc"], {
        unread: 1,
        lastAt: "2026-11-18T12:00:00Z",
        status: "waiting",
      }),
      thread("t4", null, [ME, "p-jb"], { lastAt: "2026-11-17T12:00:00Z", status: "left" }),
    ],
  };
}

function viewOf(scene: Scene): View {
  const state = scene === "anonymous" || scene === "password" ? scene : "full";
  const known = personOf(ME);
  const role = ROLES[scene];
  const me = role === undefined ? known : { ...known, roles: [role] };
  const reads = role === undefined || role === "coordinator";
  const second: CaseView = {
    ...caseFile("full"),
    id: "c2",
    reference: "MX-2026-0092",
    title: null,
    state: "MX",
    states: ["MX", "SV"],
    joinings: [],
    keeping: null,
    erased: ERASED,
    owner: "p-lo",
    people: [ME, "p-lo"].map((id) => ({
      id,
      since: "2026-10-02T14:00:00Z",
      stopped: null,
      devices_stopped: [],
    })),
    unread: 0,
    threads: [],
  };
  return {
    session: {
      state,
      cut_off: null,
      reads_until: scene === "week" ? new Date(Date.now() + 4.5 * 86_400_000).toISOString() : null,
      demo: true,
      operator: "",
      person:
        state === "full"
          ? {
              id: me.id,
              name: me.name,
              state: scene === "regional" ? "" : me.state,
              office: me.office,
              roles: me.roles,
              fictional: true,
            }
          : null,
      device: state === "full" ? "3f0c8a52-1111-4222-8333-123456789abc" : null,
      factors: state === "password" ? ["passkey", "totp"] : [],
      idle_seconds: 900,
      idle_left: 900,
      ends_at: state === "full" ? "2026-11-21T03:00:00Z" : null,
    },
    connection: scene === "offline" ? "offline" : "online",
    offlineSince: scene === "offline" ? `${DAY}T15:58:00Z` : null,
    apart: scene === "clock" ? 3_600_000 : null,
    people: state === "full" && reads ? PEOPLE.map((one) => ({ ...one, verified: true })) : [],
    states: STATES,
    cases: state !== "full" || scene === "empty" ? [] : casesOf(scene, caseFile(scene), second),
    ...waiting(state === "full" && scene !== "empty"),
    requests: state !== "full" || scene === "empty" ? [] : requestsOf(scene === "frozen"),
    notes: state !== "full" || scene === "empty" ? [] : notesOf("c1", "SV-2026-0147"),
    unsentNotes: scene === "full" ? [UNSENT] : [],
    ...RETAINED,
    outbox: scene === "offline" ? 2 : 0,
    begun: scene === "offline" ? BEGUN : [],
    alarm: scene === "frozen" ? "thread-frozen" : null,
    log: logOf(scene),
    asking: null,
    devices: { asked: [], strange: [], holdsKey: true },
    ...altaOver(scene),
  };
}

/** A client that shows `scene`, lets one type and send, and never leaves the page. */
export type FixtureClient = CaseHubClient & {
  /** What was sent, and to whom the author agreed. */
  sent: { text: string; readers: readonly string[] }[];
  /** Somebody else lets a person into a thread. */
  letIn(circle: string, person: string): void;
  /** Another tab writes, or the network comes and goes. */
  become(over: Partial<View>): void;
};

export function fixtureClient(scene: Scene): FixtureClient {
  const sent: FixtureClient["sent"] = [];
  let proven = false;
  let view = viewOf(scene);
  const watchers = new Set<(view: View) => void>();
  const listeners = new Map<string, (lines: Line[]) => void>();
  const lines = new Map<string, Line[]>([["t1", talkOf(scene) ?? BANKS]]);
  const become = (next: View): void => {
    view = next;
    for (const watcher of watchers) watcher(view);
  };
  const linesOf = (circle: string): Line[] => lines.get(circle) ?? [];
  return {
    view: () => view,
    subscribe: (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    start: async () => undefined,
    signIn: {
      password: async () => become(viewOf("password")),
      code: async (code: string) => {
        if (code === "000000") throw Object.assign(new Error("refused"), { code: "wrong-code" });
        proven = true;
        become(viewOf("full"));
      },
      passkey: async () => become(viewOf("full")),
      ...{ out: async () => become(viewOf("anonymous")), heard: async () => undefined },
    },
    demo: {
      people: async () =>
        PEOPLE.map((item) => ({
          account: `${item.state.toLowerCase()}-${item.id.slice(2)}`,
          name: item.name,
          state: item.state,
          role: item.roles[0] ?? "",
          office: item.office,
        })),
      code: async () => ({ password: "demo-solo-ficticia", code: "481 205", seconds_left: 21 }),
    },
    stopping: stoppingPart(scene),
    askSession: async () => undefined,
    openCase: async () => "c1",
    ...WAITING_ACTS,
    notes: NOTE_ACTS,
    consulting: CONSULTING_ACTS,
    papers: PAPER_ACTS,
    retention: RETENTION_ACTS,
    openThread: async () => "t2",
    addPerson: async () => {
      throw Object.assign(new Error("refused"), { code: "not-allowed" });
    },
    removePerson: async () => undefined,
    removeReader: async () => undefined,
    nameCase: async () => undefined,
    nameThread: async () => undefined,
    ...linesPart(linesOf),
    onLines: (circle: string, listener: (lines: Line[]) => void) => {
      listeners.set(circle, listener);
      return () => listeners.delete(circle);
    },
    sent,
    become: (over) => become({ ...view, ...over }),
    letIn: (circle, person) => {
      const cases = view.cases.map((item) => ({
        ...item,
        threads: item.threads.map((one) =>
          one.circle === circle ? { ...one, people: [...one.people, person] } : one,
        ),
      }));
      become({ ...view, cases });
    },
    send: async (circle: string, text: string, readers: readonly string[] = []) => {
      sent.push({ text, readers });
      lines.set(circle, [...linesOf(circle), said(ME, new Date().toISOString(), text)]);
      listeners.get(circle)?.(linesOf(circle));
      return circle;
    },
    act: async () => "act",
    settle: async () => "act",
    answerLeave: async () => "act",
    used: async (circle, seq) => {
      const found = linesOf(circle).find(
        (line) => line.kind === "message" && line.message.seq === seq,
      );
      if (found?.kind !== "message")
        throw Object.assign(new Error("unknown"), { code: "message-unknown" });
      const { id, person } = found.message;
      return { circle, seq, id, person, digest: "A".repeat(43) };
    },
    ...historyPart,
    pass: async () => "message",
    judgeCarried: async () => "free" as const,
    judgeUsed: async () => "free" as const,
    keepUnread: async () => undefined,
    ...silent,
    ...typingPart(scene),
    setDraft: (circle: string, text: string) => {
      const cases = view.cases.map((item) => ({
        ...item,
        threads: item.threads.map((one) => (one.circle === circle ? { ...one, draft: text } : one)),
      }));
      become({ ...view, cases });
    },
    network: () => undefined,
    renewKeys: async () => undefined,
    close: async () => undefined,
    markRead: () => undefined,
    attach: async () => "upload",
    attachAgain: async () => undefined,
    handleFile: async () => undefined,
    detach: async () => undefined,
    onUploads: () => () => undefined,
    fetchFile,
    lookAt: async () => undefined,
    threadWords: async () => ({ words: [...WORDS, "nube", "yate"], epoch: "7" }),
    search: async () => ({ hits: [], total: 0, scope: { messages: 0, since: null } }),
    lookAway: () => undefined,
    ...accountPart({
      proven: () => proven,
      leave: () => become(viewOf("anonymous")),
      ending: scene === "reminded",
    }),
    ...constancyPart(),
    designations: designationsPart(scene),
    directory: directoryPart(scene),
    ...altaPart(scene),
    oversight: oversightPart(scene),
    ...frozenPart,
    ...requestsPart({ view: () => view, become }, scene === "central"),
  };
}
