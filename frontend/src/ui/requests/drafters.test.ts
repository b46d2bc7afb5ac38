// @vitest-environment happy-dom
/** The dialog in which people are let into a draft. */

import { cleanup, fireEvent, screen } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { RequestView } from "../client";
import { Hub } from "../hub.svelte";
import { paths } from "../routes";
import { t } from "../words";
import DraftersDialog from "./DraftersDialog.svelte";

let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

it("keeps who was chosen next while the one before was being let in", async () => {
  let letIn: () => void = () => undefined;
  const client = Object.assign(fixtureClient("full"), {
    addDrafter: () => new Promise<void>((done) => (letIn = done)),
  });
  const hub = new Hub(client);
  stop = hub.follow();
  const cases = hub.view.cases.map((one) => ({
    ...one,
    people: ["p-lo", "p-dn"].map((id) => ({ ...one.people[0], id })) as typeof one.people,
  }));
  client.become({ cases });
  const request = { ...(hub.view.requests[0] as RequestView), requestingState: "MX", people: [] };
  drawn(DraftersDialog, hub, { request, onclose: () => undefined });
  await fireEvent.click(screen.getByRole("radio", { name: /Lucía Ortega/ }));
  await fireEvent.click(screen.getByRole("button", { name: /^Add .*Lucía Ortega/ }));
  const next = screen.getByRole("radio", { name: /Daniel Núñez/ });
  await fireEvent.click(next);
  letIn();
  const add = await screen.findByRole("button", { name: /^Add .*Daniel Núñez/ });
  await expect.poll(() => (add as HTMLButtonElement).disabled).toBe(false);
  expect((next as HTMLInputElement).checked).toBe(true);
});

it.each([
  ["leads to adding somebody to the case", null, 1],
  ["does not where the case was closed", { closed_at: "2026-11-20T10:00:00Z" }, 0],
])("%s, where nobody of one's State is there besides", (_, keeping, links) => {
  const client = fixtureClient("full");
  const hub = new Hub(client);
  stop = hub.follow();
  const [request] = hub.view.requests as [RequestView];
  const cases = hub.view.cases.map((one) => ({ ...one, people: [], keeping }));
  client.become({ cases: cases as unknown as typeof hub.view.cases });
  drawn(DraftersDialog, hub, { request, onclose: () => undefined });
  expect(screen.getByText(t("drafters.nobody"))).toBeTruthy();
  const found = screen.queryAllByRole("link", { name: t("drafters.addToCase") });
  expect(found.map((one) => one.getAttribute("href"))).toEqual(
    Array(links).fill(paths.people(request.caseReference, null)),
  );
});
