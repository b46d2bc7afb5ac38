// @vitest-environment happy-dom
/** The page of a quarter's indicators, with what a State asked and what it received. */

import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import { groundName } from "../dossiers/grounds";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import IndicatorsPage from "./IndicatorsPage.svelte";

// Without the rulebook measures have their codes for names; to read it takes seconds.
vi.mock("../../rules/load", () => ({ loadBook: () => Promise.reject(new Error("none")) }));

let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

async function read(kind: Parameters<typeof fixtureClient>[0]) {
  const hub = new Hub(fixtureClient(kind));
  stop = hub.follow();
  drawn(IndicatorsPage, hub);
  await fireEvent.click(screen.getByRole("button", { name: t("region.read") }));
  await screen.findByRole("heading", { name: t("ind.rules") });
}

/** The cells of the line with this name, in the card of this title. */
function line(title: string, name: string): string[] {
  const table = screen.getByRole("region", { name: title });
  const row = within(table).getByRole("rowheader", { name }).closest("tr");
  return [...(row?.querySelectorAll("td.number") ?? [])].map((cell) => cell.textContent.trim());
}

describe("the page of a State", () => {
  it("has what it received after what it asked, under its own titles", async () => {
    await read("coordinator");
    const titles = screen.getAllByRole("heading").map(({ textContent }) => textContent);
    const received = t("ind.received", { title: t("ind.right") });
    expect(titles.indexOf(received)).toBeGreaterThan(titles.indexOf(t("ind.rules")));
    expect(line(received, t("ind.right.returned"))).toEqual(["6", "35%"]);
  });

  it("says which share of what was sent came back by a code", async () => {
    await read("coordinator");
    expect(line(t("ind.returns"), groundName("D01") ?? "")).toEqual(["6", "15%"]);
    expect(line(t("ind.returns"), groundName("D05") ?? "")).toEqual([t("region.few"), "–"]);
  });
});

describe("the page of the region", () => {
  it("has each request once", async () => {
    await read("regional");
    const title = t("ind.received", { title: t("ind.right") });
    expect(screen.queryByRole("heading", { name: title })).toBeNull();
  });
});
