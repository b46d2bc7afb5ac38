// @vitest-environment happy-dom
/** Letters on the page of a request: beside their step, with what was found of each, and one's own. */

import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { CaseHubClient, Dossier } from "../client";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import DossierPage from "./DossierPage.svelte";

vi.mock("../../rules/load", () => ({ loadBook: () => Promise.reject(new Error("none")) }));

let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

async function page(over: Partial<CaseHubClient["letters"]> = {}, id = "d2") {
  const client = fixtureClient("central");
  const letters = { ...client.letters, ...over };
  const hub = new Hub(Object.assign(client, { letters }));
  stop = hub.follow();
  drawn(DossierPage, hub, { id });
  await screen.findByRole("heading", { name: t("dossier.timeline") });
  return letters;
}
const region = () => screen.findByRole("region", { name: t("letters.title") });

describe("letters", () => {
  it("stand beside the step that they go with, the others by themselves", async () => {
    await page();
    const beside = await screen.findByText(/Se remiten los estados/);
    expect(beside.closest("li")?.textContent).toContain(t("move.measures"));
    const loose = await region();
    expect(within(loose).queryByText(/Se remiten/)).toBeNull();
    expect(within(loose).getByText(/segunda diligencia/)).toBeTruthy();
  });

  it("say what this browser found of each, and what it cannot read", async () => {
    await page();
    const forged = (await screen.findByText("Conteste a otra dirección.")).closest("article");
    expect(forged?.textContent).toContain(t("dossier.badKey"));
    expect(screen.getByText(t("letters.sealed"))).toBeTruthy();
  });

  it("say who reads them, and for whom nothing is sealed", async () => {
    await page();
    const shown = (await region()).textContent;
    expect(shown).toContain("Julia Barahona");
    expect(shown).toMatch(/Nothing is encrypted for .*Ximena Paz/);
  });

  it("that wait are shown as such; what was refused says why and can be given up", async () => {
    await page();
    const shown = await region();
    expect(within(shown).getByText(t("letters.waiting"))).toBeTruthy();
    expect(within(shown).getByText(/step is not on record for both States. Open the/)).toBeTruthy();
    within(shown)
      .getByRole("button", { name: t("letters.discard") })
      .click();
    await vi.waitFor(() => expect(within(shown).queryByText(t("letters.refused"))).toBeNull());
  });

  it.each([
    ["untrue", "letters.heldUntrue"],
    ["pair", "letters.heldPair"],
  ] as const)("of a record that is %s do not leave, and the page says why", async (held, why) => {
    const told = await fixtureClient("central").letters.read({} as Dossier);
    await page({ read: async () => ({ ...told, held }) });
    const shown = await region();
    expect((await within(shown).findByRole("alert")).textContent).toBe(t(why));
    expect(within(shown).queryByText(t("letters.waiting"))).toBeNull();
    expect(within(shown).getByText(t("letters.kept"))).toBeTruthy();
  });

  it("are nobody's on a page whose reader is told of none", async () => {
    const read = vi.fn();
    await page({ read }, "d3");
    expect(screen.queryByRole("region", { name: t("letters.title") })).toBeNull();
    expect(read).not.toHaveBeenCalled();
  });

  it("keep what is typed when they cannot be kept, and are empty once they are", async () => {
    const write = vi.fn<CaseHubClient["letters"]["write"]>(async () => null);
    write.mockRejectedValueOnce(Object.assign(new Error("no"), { code: "unknown" }));
    await page({ write, kept: async () => null });
    const field = within(await region()).getByLabelText(t("letters.new"));
    const send = screen.getByRole("button", { name: t("letters.send") }) as HTMLButtonElement;
    expect(send.disabled).toBe(true);
    await fireEvent.input(field, { target: { value: "Palabras" } });
    send.click();
    expect(await within(await region()).findByRole("alert")).toBeTruthy();
    expect((field as HTMLTextAreaElement).value).toBe("Palabras");
    send.click();
    const fresh = () => screen.getByLabelText(t("letters.new")) as HTMLTextAreaElement;
    await vi.waitFor(() => expect(fresh().value).toBe(""));
    expect(write.mock.lastCall?.slice(1)).toEqual([
      "free",
      { text: "Palabras", handling: null, number: 0 },
    ]);
  });
});

describe("the words of a step", () => {
  it("are on the disk before it is signed, and leave after it, as that step's", async () => {
    const order: string[] = [];
    const client = fixtureClient("central");
    const letters: CaseHubClient["letters"] = {
      ...client.letters,
      keep: (_, form, said) => void order.push(`keep ${form} ${said.number} ${said.text}`),
      flush: async () => void order.push("flush"),
      write: async (_, form, said) => {
        order.push(`write ${form} ${said.number} ${said.text}`);
        return "w";
      },
    };
    const dossiers = {
      ...client.dossiers,
      move: async (found: Parameters<CaseHubClient["dossiers"]["move"]>[0]) => {
        order.push("move");
        return found;
      },
    };
    const hub = new Hub(Object.assign(client, { letters, dossiers }));
    stop = hub.follow();
    drawn(DossierPage, hub, { id: "d2" });
    (await screen.findByRole("button", { name: t("move.act.confirm") })).click();
    const dialog = await screen.findByRole("dialog");
    const [field] = within(dialog).getAllByLabelText(t("letters.beside"));
    await fireEvent.input(field as HTMLElement, { target: { value: "Va por escrito" } });
    const channel = within(dialog).getByLabelText(t("move.channel"));
    await fireEvent.change(channel, { target: { value: "paper" } });
    await fireEvent.submit(dialog.querySelector("form") as HTMLFormElement);
    await vi.waitFor(() => expect(order.at(-1)).toBe("write confirm 6 Va por escrito"));
    expect(order.slice(-4)).toEqual([
      "keep confirm 6 Va por escrito",
      "flush",
      "move",
      "write confirm 6 Va por escrito",
    ]);
  });

  it("stay in the dialog when the step is refused", async () => {
    const letters = await page();
    (await screen.findByRole("button", { name: t("move.act.confirm") })).click();
    const dialog = await screen.findByRole("dialog");
    const field = within(dialog).getByLabelText(t("letters.beside"));
    await fireEvent.input(field, { target: { value: "Va por escrito" } });
    await fireEvent.submit(dialog.querySelector("form") as HTMLFormElement);
    await within(dialog).findByRole("alert");
    expect((field as HTMLTextAreaElement).value).toBe("Va por escrito");
    expect(await letters.kept("d2", "confirm")).toMatchObject({
      text: "Va por escrito",
      number: 6,
    });
  });
});
