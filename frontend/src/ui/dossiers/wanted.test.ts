// @vitest-environment happy-dom
/** Requests that wait for the reader's step: in the inbox, the bar and the title, until it is done. */

import { cleanup, screen, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { StepWanted } from "../client";
import { Hub } from "../hub.svelte";
import InboxPage from "../inbox/InboxPage.svelte";
import { paths } from "../routes";
import { waitsAt } from "../shell/waiting.svelte";
import { t } from "../words";
import { stepsWanted } from "./wanted.svelte";

const ROW: StepWanted = {
  ...{ request: "d9", requesting_state: "HN", requested_state: "SV", stage: "transmitted" },
  ...{ urgent: false, at: "2026-11-21T15:00:00Z" },
};
let stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops) stop();
  stops = [];
  cleanup();
  vi.useRealTimers();
});

function inbox() {
  const client = fixtureClient("central");
  const urgent = client.dossiers.wanted;
  vi.spyOn(client.dossiers, "wanted").mockImplementation(async () => [...(await urgent()), ROW]);
  vi.spyOn(client.letters, "unread").mockResolvedValue([]);
  const hub = new Hub(client);
  stops.push(hub.follow(), stepsWanted.follow(client));
  drawn(InboxPage, hub);
  client.become({ cases: [], notes: [] }); // a central authority has none
  return { hub, client };
}

describe("requests that wait for the reader's step", () => {
  it("stand in the inbox with their stage and their urgency, and lead to their pages", async () => {
    const { hub } = inbox();
    const urgent = await screen.findByRole("link", { name: new RegExp(t("stage.authorised")) });
    expect(urgent.getAttribute("href")).toBe(paths.dossier("r1"));
    expect(urgent.textContent).toMatch(new RegExp(`${t("dossiers.urgent")}.*Mexico`));
    const other = screen.getByRole("link", { name: new RegExp(t("stage.transmitted")) });
    expect(other.getAttribute("href")).toBe(paths.dossier("d9"));
    expect(other.textContent).toMatch(/Honduras/);
    expect(other.textContent).not.toContain(t("dossiers.urgent"));
    expect(waitsAt(paths.inbox, hub.view).count).toBe(2);
    screen.getByLabelText(t("inbox.callsCount", { count: 2 })).click();
    await screen.findByRole("heading", { name: t("inbox.steps") });
  });

  it("are named by the title of a draft of one's own", async () => {
    const { client } = inbox();
    const requests = [{ id: "d9", title: "Ruta norte" }];
    client.become({ requests } as unknown as Parameters<typeof client.become>[0]);
    const link = await screen.findByRole("link", { name: /Ruta norte/ });
    expect(link.textContent).toMatch(/Honduras/);
  });

  it("are asked for each minute, for a browser without a device hears of nothing", async () => {
    vi.useFakeTimers();
    const { client } = inbox();
    await vi.advanceTimersByTimeAsync(0);
    const asked = vi.mocked(client.dossiers.wanted).mock.calls.length;
    vi.mocked(client.dossiers.wanted).mockResolvedValue([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.dossiers.wanted).toHaveBeenCalledTimes(asked + 1);
    await waitFor(() => expect(screen.queryByText(t("inbox.steps"))).toBeNull());
  });
});
