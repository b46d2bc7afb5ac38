// @vitest-environment happy-dom
/** What a central authority is shown of its State's informal contacts. */

import { cleanup, screen, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import DossiersPage from "./DossiersPage.svelte";

let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

/** The page of requests on their way, as somebody has it of the scene. */
async function page(scene: "central" | "full", lost = false) {
  const client = fixtureClient(scene);
  const { contacts } = client.dossiers;
  const asked = vi.fn(lost ? () => Promise.reject(new Error("lost")) : contacts);
  const hub = new Hub(Object.assign(client, { dossiers: { ...client.dossiers, contacts: asked } }));
  stop = hub.follow();
  drawn(DossiersPage, hub, {});
  await screen.findByText(t("dossiers.stage"));
  return asked;
}

const part = () => screen.queryByRole("region", { name: t("contacts.title") });

describe("a central authority", () => {
  it("learns of them also where no request came of them", async () => {
    await page("central");
    const table = await screen.findByRole("region", { name: t("contacts.title") });
    const [, ...rows] = within(table).getAllByRole("row");
    expect(rows.map((row) => row.textContent?.replace(/\s+/g, " ").trim())).toEqual([
      "GuatemalaNov 2, 2026No answer yet Has not come to your authority",
      "GuatemalaNov 2, 2026Favourable Nov 4, 2026See request r1",
      "MexicoNov 2, 2026Favourable with changes Nov 5, 2026 Given up: Solved informally",
    ]);
    within(table).getByRole("link");
  });

  it("is told that they cannot be had, beside its requests", async () => {
    await page("central", true);
    await screen.findByRole("alert");
    screen.getByRole("button", { name: t("lazy.again") });
  });
});

describe("a prosecutor", () => {
  it("is shown no such list, and asks for none", async () => {
    const asked = await page("full");
    expect([part(), asked.mock.calls]).toEqual([null, []]);
  });
});
