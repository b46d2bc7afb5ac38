// @vitest-environment happy-dom
/** The list of requests: what it says before it was told, after a failure, and while others write. */

import { cleanup, screen } from "@testing-library/svelte";
import type { Component } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { CaseHubClient, DossierRow } from "../client";
import { Hub } from "../hub.svelte";
import { router } from "../router.svelte";
import { paths } from "../routes";
import { t } from "../words";
import RequestsList from "./RequestsList.svelte";
import RequestsPage from "./RequestsPage.svelte";
import RequestsTable from "./RequestsTable.svelte";

type Acts = CaseHubClient["dossiers"];
const FAILED = Object.assign(new Error("gone"), { code: "other" });
const ROW: DossierRow = {
  id: "of-somebody",
  requesting_state: "SV",
  requested_state: "HN",
  stage: "transmitted",
  version: 1,
  urgency: null,
  deadline: null,
  drafter: null,
  since: "2026-11-13T14:00:00Z",
};
let stop: () => void = () => undefined;
beforeEach(() => router.go(`${paths.requests}?cuales=todas`, "replace"));
afterEach(() => {
  cleanup();
  stop();
  vi.useRealTimers();
});

/** The page of somebody with no drafts on this device; each answer is given when a test says so. */
function page() {
  const client = fixtureClient("full");
  const asked: { answer: (rows: DossierRow[]) => void; fail: () => void }[] = [];
  const list = vi.fn(
    () =>
      new Promise<DossierRow[]>((answer, reject) => {
        asked.push({ answer, fail: () => reject(FAILED) });
      }),
  );
  let ring = (): void => undefined;
  const onMoved: Acts["onMoved"] = (listener) => {
    ring = () => listener("of-somebody");
    return () => undefined;
  };
  const view = { ...client.view(), requests: [] };
  Object.assign(client, {
    view: () => view,
    dossiers: { ...client.dossiers, list, onMoved },
  });
  const hub = new Hub(client);
  stop = hub.follow();
  drawn(RequestsPage, hub);
  return { asked, list, ring: () => ring() };
}

const none = () => screen.queryByText(t("requests.none"));

describe("the list of requests", () => {
  it("says that there are none once it was told so, and not before", async () => {
    const { asked } = page();
    expect(none()).toBeNull();
    screen.getByText(t("requests.wait"));
    asked[0]?.answer([]);
    await screen.findByText(t("requests.none"));
    expect(screen.queryByText(t("opening.wait"))).toBeNull();
  });

  it("says nothing of what could not be read, and goes on at the heading once it could", async () => {
    const { asked } = page();
    asked[0]?.fail();
    const again = await screen.findByRole("button", { name: t("lazy.again") });
    expect([none(), screen.queryByText(t("opening.wait"))]).toEqual([null, null]);
    again.focus();
    again.click();
    asked[1]?.fail();
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    expect(document.activeElement).toBe(again);
    again.click();
    await vi.waitFor(() => expect(asked).toHaveLength(3));
    asked[2]?.answer([]);
    await vi.waitFor(() => expect(again.isConnected).toBe(false));
    await vi.waitFor(() => expect(document.activeElement?.tagName).toBe("H1"));
  });

  it("is read anew though it never stops ringing", async () => {
    vi.useFakeTimers();
    const { list, ring } = page();
    await vi.advanceTimersByTimeAsync(0);
    expect(list).toHaveBeenCalledTimes(1);
    for (let times = 0; times < 5; times += 1) {
      ring();
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(list).toHaveBeenCalledTimes(2);
  });

  it("keeps a newer answer where an older one comes after it", async () => {
    vi.useFakeTimers();
    const { asked, ring } = page();
    await vi.advanceTimersByTimeAsync(0);
    ring();
    await vi.advanceTimersByTimeAsync(2_000);
    asked[1]?.answer([ROW]);
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.getAllByRole("row")).toHaveLength(2);
    asked[0]?.answer([]);
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.getAllByRole("row")).toHaveLength(2);
  });
});

it("says of no request of others when it was saved: that is not known here", () => {
  const client = fixtureClient("full");
  const hub = new Hub(client);
  stop = hub.follow();
  drawn(RequestsTable, hub, { rows: [{ ...ROW, draft: null }], open: new Map() });
  const head = screen.getAllByRole("columnheader").map((one) => one.textContent);
  const at = head.indexOf(t("requests.saved"));
  const cell = document.querySelectorAll("tbody tr > *")[at];
  expect(cell?.textContent).toBe(`–${t("requests.unknown")}`);
});

it.each([
  ["the table", RequestsTable],
  ["the list", RequestsList],
])(
  "%s has the number of each, by which those between the same States are told apart",
  (_, list) => {
    const client = fixtureClient("full");
    const hub = new Hub(client);
    stop = hub.follow();
    const draft = client.view().requests.find(({ id }) => id === "r4") ?? null; // it has no title here
    const other = { ...ROW, id: "1a2b3c4d-0000-4000-8000-000000000001", draft: null };
    drawn(list as Component, hub, { rows: [{ ...ROW, draft }, other], open: new Map() });
    screen.getByText("of-someb");
    screen.getByText("1a2b3c4d");
  },
);
