// @vitest-environment happy-dom
/** What a closing says of assets, and what an authorisation says of its power, in the dialog. */

import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import DossierPage from "./DossierPage.svelte";

vi.mock("../../rules/load", () => ({ loadBook: vi.fn(() => Promise.reject(new Error("none"))) }));

let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

/** The dialog of a step of one's own about these measures, and what it sends. */
async function dialogOf(act: "authorise" | "close", measures: string[]) {
  const client = fixtureClient("full");
  const known = await client.dossiers.read("r1");
  const next = { act, after: "", side: "requesting", who: ["coordinator"] } as const;
  const disclosed = { ...known.disclosed, measures };
  const found = { ...known, disclosed, may: [act], next: [{ ...next, who: [...next.who] }] };
  const move = vi.fn(client.dossiers.move);
  const dossiers = { ...client.dossiers, read: async () => found, move };
  const hub = new Hub(Object.assign(client, { dossiers }));
  stop = hub.follow();
  drawn(DossierPage, hub, { id: "r1" });
  const name = t(act === "close" ? "move.act.close" : "move.act.authorise");
  (await screen.findByRole("button", { name })).click();
  return { dialog: await screen.findByRole("dialog"), move };
}

const choose = (dialog: HTMLElement, label: string, value: string) =>
  fireEvent.change(within(dialog).getByLabelText(label), { target: { value } });

async function saidBy(dialog: HTMLElement, move: { mock: { calls: unknown[][] } }) {
  await fireEvent.submit(dialog.querySelector("form") as HTMLFormElement);
  await vi.waitFor(() => expect(move.mock.calls).toHaveLength(1));
  return move.mock.calls[0]?.[3];
}

describe("a closing", () => {
  it("says in bands what became of assets, and changes its mind", async () => {
    const { dialog, move } = await dialogOf("close", ["service", "freeze_assets"]);
    const part = within(dialog).getByRole("group", { name: t("move.assets") });
    expect(within(part).getAllByRole<HTMLSelectElement>("combobox")).toHaveLength(4);
    expect(within(part).getByLabelText<HTMLSelectElement>(t("move.asset.traced")).required).toBe(
      false,
    );
    await choose(part, t("move.asset.frozen"), "1");
    await choose(part, t("move.asset.returned"), "4");
    await choose(part, t("move.asset.frozen"), "2");
    await choose(part, t("move.asset.returned"), "");
    expect(await saidBy(dialog, move)).toMatchObject({ assets: ["frozen-2"] });
  });

  it("of a request that was not about assets does not ask", async () => {
    const { dialog } = await dialogOf("close", ["service"]);
    expect(within(dialog).queryByRole("group", { name: t("move.assets") })).toBeNull();
  });
});

describe("an authorisation", () => {
  it("says by which power", async () => {
    const { dialog, move } = await dialogOf("authorise", ["service"]);
    const power = within(dialog).getByLabelText<HTMLSelectElement>(t("move.power"));
    expect([power.required, power.value]).toEqual([true, ""]);
    await choose(dialog, t("move.power"), "delegation");
    expect(await saidBy(dialog, move)).toMatchObject({ power: "delegation" });
  });
});
