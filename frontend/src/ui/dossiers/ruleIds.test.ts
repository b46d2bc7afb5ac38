// @vitest-environment happy-dom
/** The ids of rules that a step names: they leave unencrypted, so nothing else may be typed there. */

import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { Book } from "../../rules/book";
import { loadBook } from "../../rules/load";
import type { NextMove } from "../client";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import DossierPage from "./DossierPage.svelte";

vi.mock("../../rules/load", () => ({ loadBook: vi.fn() }));

const ID = "d3";
const BOOK = {
  rules: [{ id: "CHAN-CENTRAL" }, { id: "LANG-ACCEPTED" }],
  measures: new Map(),
} as unknown as Book;
const ASK: NextMove = {
  act: "ask-changes",
  after: "needs_changes",
  side: "requesting",
  who: ["coordinator"],
};
let stop: () => void = () => undefined;
beforeEach(() => {
  vi.mocked(loadBook).mockReset().mockResolvedValue(BOOK);
});
afterEach(() => {
  cleanup();
  stop();
});

/** The dialog in which `typed` stands, and what it would send. */
async function dialog(typed: string) {
  const client = fixtureClient("central");
  const found = await client.dossiers.read(ID);
  const move = vi.fn(client.dossiers.move);
  const read = async () => ({ ...found, may: [ASK.act], next: [ASK] });
  const hub = new Hub(Object.assign(client, { dossiers: { ...client.dossiers, read, move } }));
  stop = hub.follow();
  drawn(DossierPage, hub, { id: ID });
  (await screen.findByRole("button", { name: t("move.act.ask-changes") })).click();
  const shown = await screen.findByRole("dialog");
  const field = within(shown).getByLabelText<HTMLInputElement>(t("move.rules"));
  await fireEvent.input(field, { target: { value: typed } });
  const sign = () => fireEvent.submit(shown.querySelector("form") as HTMLFormElement);
  return { shown, field, move, sign };
}

it("are sent where the rulebook has them all", async () => {
  const { move, sign } = await dialog("chan-central; LANG-ACCEPTED");
  await sign();
  await vi.waitFor(() => expect(move).toHaveBeenCalledTimes(1));
  expect(move.mock.calls[0]?.[3].rules).toEqual(["CHAN-CENTRAL", "LANG-ACCEPTED"]);
});

it("are not sent where one is none, which is said, and nothing that was typed is lost", async () => {
  const typed = "CHAN-CENTRAL, Juan Pérez";
  const { shown, field, move, sign } = await dialog(typed);
  await sign();
  await vi.waitFor(() => expect(field.getAttribute("aria-invalid")).toBe("true"));
  const about = field.getAttribute("aria-describedby")?.split(" ").at(-1) ?? "";
  const said = document.getElementById(about)?.textContent ?? "";
  expect(said).toContain("JUAN");
  expect(said).toContain("PÉREZ");
  expect(said).not.toContain("CHAN-CENTRAL");
  expect(document.activeElement).toBe(field);
  expect(field.value).toBe(typed);
  expect(move).not.toHaveBeenCalled();
  await fireEvent.input(field, { target: { value: "CHAN-CENTRAL" } });
  expect(field.hasAttribute("aria-invalid")).toBe(false);
  expect(within(shown).queryByText(said)).toBeNull();
  await sign();
  await vi.waitFor(() => expect(move).toHaveBeenCalledTimes(1));
});

it("are not sent while the rulebook is not here, and once it came are judged by it", async () => {
  vi.mocked(loadBook).mockRejectedValue(new Error("none"));
  const { shown, field, move, sign } = await dialog("LANG-ACCEPTED");
  await sign();
  await within(shown).findByText(t("error.rulebook"));
  expect(field.value).toBe("LANG-ACCEPTED");
  expect(move).not.toHaveBeenCalled();
  vi.mocked(loadBook).mockResolvedValue(BOOK);
  await fireEvent.input(field, { target: { value: "JUAN" } });
  shown.querySelector<HTMLButtonElement>("button[type=submit]")?.focus();
  await sign();
  await vi.waitFor(() => expect(field.getAttribute("aria-invalid")).toBe("true"));
  expect(document.activeElement).toBe(field);
  expect(move).not.toHaveBeenCalled();
  await fireEvent.input(field, { target: { value: "LANG-ACCEPTED" } });
  await sign();
  await vi.waitFor(() => expect(move).toHaveBeenCalledTimes(1));
});
