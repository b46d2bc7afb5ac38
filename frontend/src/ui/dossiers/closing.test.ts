// @vitest-environment happy-dom
/** What a closing says of assets, and what an authorisation says of its power, in the dialog. */

import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import { shown } from "../errors";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import DossierPage from "./DossierPage.svelte";

vi.mock("../../rules/load", () => ({ loadBook: vi.fn(() => Promise.reject(new Error("none"))) }));

const ABOUT = ["service", "freeze_assets"];
let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

/** The dialog of a step of one's own about these measures, and what it sends; `from` is a request that was sent. */
async function dialogOf(act: "authorise" | "close", measures: string[], from = "d2") {
  const client = fixtureClient("full");
  const known = await client.dossiers.read(from);
  const next = { act, after: "", side: "requesting", who: ["coordinator"] } as const;
  const disclosed = { ...known.disclosed, measures };
  const found = { ...known, disclosed, may: [act], next: [{ ...next, who: [...next.who] }] };
  const move = vi.fn(client.dossiers.move);
  const dossiers = { ...client.dossiers, read: async () => found, move };
  const hub = new Hub(Object.assign(client, { dossiers }));
  stop = hub.follow();
  drawn(DossierPage, hub, { id: from });
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

const assetsIn = (dialog: HTMLElement) =>
  within(dialog).queryByRole("group", { name: t("move.assets") });

describe("a closing", () => {
  it("says in bands what became of assets, and changes its mind", async () => {
    const { dialog, move } = await dialogOf("close", ABOUT);
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

  it("of a request that was not about assets, or never sent, does not ask", async () => {
    expect(assetsIn((await dialogOf("close", ["service"])).dialog)).toBeNull();
    cleanup();
    stop();
    const { dialog } = await dialogOf("close", ABOUT, "r1");
    await choose(dialog, t("move.outcome"), "useful");
    expect(assetsIn(dialog)).toBeNull();
  });

  it("where nothing was received neither asks nor says it, and forgets nothing meanwhile", async () => {
    const { dialog, move } = await dialogOf("close", ABOUT);
    await choose(dialog, t("move.asset.frozen"), "2");
    await choose(dialog, t("move.outcome"), "nothing-received");
    expect(assetsIn(dialog)).toBeNull();
    await choose(dialog, t("move.outcome"), "partly-useful");
    expect(within(dialog).getByLabelText(t("move.asset.frozen"))).toHaveProperty("value", "2");
    await choose(dialog, t("move.outcome"), "nothing-received");
    expect(await saidBy(dialog, move)).toMatchObject({ codes: ["nothing-received"], assets: [] });
  });

  it("that is refused for its assets says why, and keeps what was typed", async () => {
    const code = "move-without-assets";
    const { dialog, move } = await dialogOf("close", ABOUT);
    move.mockRejectedValueOnce(Object.assign(new Error("refused"), { code }));
    await choose(dialog, t("move.outcome"), "useful");
    await choose(dialog, t("move.asset.frozen"), "2");
    await saidBy(dialog, move);
    const alert = await within(dialog).findByRole("alert");
    expect(alert.textContent).toContain(shown({ code }).message);
    expect(within(dialog).getByLabelText(t("move.asset.frozen"))).toHaveProperty("value", "2");
    expect(within(dialog).getByLabelText(t("move.outcome"))).toHaveProperty("value", "useful");
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
