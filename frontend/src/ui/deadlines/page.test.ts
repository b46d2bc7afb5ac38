// @vitest-environment happy-dom
/** Days of several requests between the same two States are told apart, by who may read what. */

import { cleanup, screen, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { Deadline } from "../../api/deadlines";
import type { DossierRow } from "../client";
import { titleOf } from "../dossiers/parties";
import { Hub } from "../hub.svelte";
import { paths } from "../routes";
import { isolated, t } from "../words";
import DeadlinesPage from "./DeadlinesPage.svelte";
import { kindName } from "./kinds";

const ONE = "11aa22bb-0000-4000-8000-000000000001";
const OTHER = "33cc44dd-0000-4000-8000-000000000002";
const DAY: Deadline = {
  kind: "request-deadline",
  ends: "2026-12-16T06:00:00Z",
  state: "MX",
  zone: "America/Mexico_City",
  last: "2026-12-15",
  left: 25,
  closed: "",
  request: ONE,
  circle: null,
  reminded: null,
};
const NOTICE: Deadline = { ...DAY, kind: "notice", request: null };
const ROW: DossierRow = {
  id: ONE,
  requesting_state: "SV",
  requested_state: "MX",
  stage: "transmitted",
  version: 1,
  urgency: "urgent",
  deadline: null,
  drafter: "p-jb",
  since: "2026-11-13T14:00:00Z",
};

let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

async function page(days: Deadline[], list = async (): Promise<DossierRow[]> => []) {
  const client = fixtureClient("full");
  const view = client.view();
  const requests = view.requests.map((one) => (one.id === "r1" ? { ...one, id: OTHER } : one));
  const asked = vi.fn(list);
  Object.assign(client, {
    view: () => ({ ...view, requests }),
    deadlines: async () => days,
    dossiers: { ...client.dossiers, list: asked },
  });
  const hub = new Hub(client);
  stop = hub.follow();
  drawn(DeadlinesPage, hub);
  await screen.findAllByRole("rowheader");
  return { hub, asked };
}

const named = (number: string) => t("deadline.numbered", { what: kindName(DAY), number });
/** What stands in the first cell of the line that leads to a request. */
async function line(number: string): Promise<HTMLElement> {
  const link = await screen.findByRole("link", { name: named(number) });
  const cell = link.closest("th");
  if (cell === null) throw new Error("it stands in no line");
  return cell;
}

describe("the days of two requests between the same States", () => {
  it("have the number of each, between whom it goes and who drafts it", async () => {
    const rows = [ROW, { ...ROW, id: OTHER, drafter: "p-ma" }];
    const { hub } = await page([DAY, { ...DAY, request: OTHER }], async () => rows);
    const first = await line("11aa22bb");
    await within(first).findByText(titleOf(hub, ROW));
    const name = isolated("José Benítez");
    within(first).getByText(t("requests.draftedBy", { name }));
    within(first).getByText(t("dossiers.urgent"));
    const second = await line("33cc44dd");
    within(second).getByText(t("requests.draftedByYou"));
    expect(within(first).getByRole("link").getAttribute("href")).toBe(paths.dossier(ONE));
  });

  it("have the title where the reader drafts one, and none where they do not", async () => {
    await page([DAY, { ...DAY, request: OTHER }], async () => [ROW, { ...ROW, id: OTHER }]);
    within(await line("33cc44dd")).getByText("Registros bancarios");
    expect(within(await line("11aa22bb")).queryByText("Registros bancarios")).toBeNull();
  });

  it("stand there with their numbers where no list of requests is to be had", async () => {
    await page([DAY, { ...DAY, request: OTHER }], () => Promise.reject(new Error("none")));
    await line("11aa22bb");
    await line("33cc44dd");
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

it("asks for no list of requests where no day is one of a request", async () => {
  const { asked } = await page([NOTICE]);
  expect(asked).not.toHaveBeenCalled();
});
