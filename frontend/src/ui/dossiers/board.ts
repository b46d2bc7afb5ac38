/** Requests on their way as a board: which are shown, and in which column each stands. Pure. */

import type { Stage } from "../../effects/requests/stages";
import { stageOf } from "../../effects/requests/stages";
import type { DossierRow } from "../client";
import type { Key } from "../words";

export const VIEWS = ["table", "board"] as const;
export const WHICH = ["all", "mine", "office", "outgoing", "incoming"] as const;
export type Shown = {
  readonly view: (typeof VIEWS)[number];
  readonly which: (typeof WHICH)[number];
};

/** As they stand in the address, which is in Spanish; what is usual is left out. */
const VIEW = { table: "", board: "tablero" } as const;
const ONES = {
  all: "todas",
  mine: "mias",
  office: "oficina",
  outgoing: "salientes",
  incoming: "entrantes",
} as const;

/** What an address asks for; what it does not know, or is not `offered` to the reader, is the usual. */
export function shownIn(
  search: string,
  offered: readonly Shown["which"][] = WHICH,
  usual: Shown["which"] = "all",
): Shown {
  const asked = new URLSearchParams(search);
  const view = VIEWS.find((one) => VIEW[one] === asked.get("vista"));
  const which = offered.find((one) => ONES[one] === asked.get("cuales"));
  return { view: view ?? "table", which: which ?? usual };
}

/** What stands behind the question mark, with it; nothing where all is usual. */
export function searchOf({ view, which }: Shown, usual: Shown["which"] = "all"): string {
  const said = new URLSearchParams();
  if (VIEW[view] !== "") said.set("vista", VIEW[view]);
  if (which !== usual) said.set("cuales", ONES[which]);
  return said.size === 0 ? "" : `?${said}`;
}

/** What the reader is to a request: of which State, what they draft, what their office does. */
export type Reader = {
  readonly own: string;
  readonly drafted: Pick<ReadonlySet<string>, "has">;
  readonly isOffice: (row: DossierRow) => boolean;
};

/** The rows of which one is told. */
export function chosen<Row extends DossierRow>(
  rows: readonly Row[],
  which: Shown["which"],
  { own, drafted, isOffice }: Reader,
): readonly Row[] {
  switch (which) {
    case "all":
      return rows;
    case "mine":
      return rows.filter(({ id }) => drafted.has(id));
    case "office":
      return rows.filter((one) => drafted.has(one.id) || isOffice(one));
    case "outgoing":
      return rows.filter((one) => one.requesting_state === own);
    case "incoming":
      return rows.filter((one) => one.requested_state === own);
  }
}

/** In the words of the law: what cannot wait. */
export const isUrgent = ({ urgency }: Pick<DossierRow, "urgency">): boolean =>
  urgency === "urgent" || urgency === "danger_to_life";

/** What is urgent before the rest, which keeps its order. */
export const urgentFirst = <Row extends DossierRow>(rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => Number(isUrgent(b)) - Number(isUrgent(a)));

export type Column<Row extends DossierRow = DossierRow> = {
  readonly name: Key;
  readonly rows: readonly Row[];
};
type Place = { readonly name: Key; readonly stages: readonly (Stage | "unknown")[] };

/** From left to right as a request goes; nineteen columns would be none that one can look over. */
const PLACES: readonly Place[] = [
  {
    name: "board.writing",
    stages: ["idea", "draft", "self_check", "informal_consultation", "needs_changes", "returned"],
  },
  { name: "board.toSend", stages: ["ready", "authorised"] },
  { name: "board.sent", stages: ["transmitted", "acknowledged"] },
  {
    name: "board.handled",
    stages: ["information_requested", "in_execution", "partially_executed", "postponed"],
  },
  { name: "board.over", stages: ["executed", "refused", "withdrawn", "expired"] },
  { name: "board.closed", stages: ["closed"] },
  // Of a later version than this page: nothing is hidden that the server tells of.
  { name: "stage.unknown", stages: ["unknown"] },
];

/**
 * The columns with what stands in them, what is urgent first, then the nearest deadline; that of
 * unknown stages only if it is needed.
 */
export function columnsOf<Row extends DossierRow>(rows: readonly Row[]): Column<Row>[] {
  return PLACES.map(({ name, stages }) => ({
    name,
    rows: urgentFirst(
      rows.filter(({ stage }) => stages.includes(stageOf(stage))).toSorted(byDeadline),
    ),
  })).filter((one) => one.rows.length > 0 || one.name !== "stage.unknown");
}

/** Without a deadline behind those with one; then whatever has stood there for longest. */
function byDeadline(a: DossierRow, b: DossierRow): number {
  if (a.deadline !== b.deadline) {
    if (a.deadline === null) return 1;
    if (b.deadline === null) return -1;
    return a.deadline < b.deadline ? -1 : 1;
  }
  if (a.since === b.since) return 0;
  return a.since < b.since ? -1 : 1;
}
